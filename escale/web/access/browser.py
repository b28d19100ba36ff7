"""What a browser tells of itself: from where it comes, what it is, and the token by which it is known again."""

import re
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

_YEAR = 365 * 24 * 3600
_BROWSERS = [
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
]
_SYSTEMS = [
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("Mac", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11|CrOS"),
]


def place(request: HttpRequest) -> str:
    """Return where a request comes from: an address, or for IPv6 the network of one home, which draws its own."""
    if settings.BEHIND_PROXY:  # our own proxy notes the last address
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    else:
        address = request.META["REMOTE_ADDR"]
    try:
        is_v6 = ip_address(address).version == 6
    except ValueError:
        return str(address)
    return str(ip_network(f"{address}/64", strict=False)) if is_v6 else str(address)


def label(request: HttpRequest) -> str:
    """Say in plain words what browser this is: « Firefox sur Windows »."""
    told = request.headers.get("User-Agent", "")
    browser, system = (
        next((name for name, sign in known if re.search(sign, told)), "") for known in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Navigateur inconnu")


def token(request: HttpRequest) -> str:
    """Return the token by which this browser is known again, if it has one."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def remember(response: HttpResponse, token: str) -> None:
    """Have the browser keep its token for a year."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
