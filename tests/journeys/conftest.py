"""A real browser before a real server, with a real worker behind: what the stories are told with."""

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from escale.domain.accounts.models import Account
from launcher import debian
from tests import factors
from tests.conftest import Work
from tests.journeys import night_shift

CHROMIUM = debian.program("chromium-headless-shell") or debian.program("chromium")
"""The first has no windows to draw, and does the same work in two thirds of the time."""
PHONE = {"width": 320, "height": 640}
WITHIN = 60
"""The seconds in which what is waited for has to come, on a machine that does much else."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is well is not told, nor where it is: to tell it costs more than to look
    "selectors": False,
}

SEEN = """() => ({
  title: document.title, headings: document.querySelectorAll("h1").length, page: document.documentElement.outerHTML,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""
DRAWN_ANEW = re.compile(r'\b[0-9A-Z]{5}-[0-9A-Z]{5}\b|(?<=value=")[\w:-]{20,}|\d+')
ACCESSIBLE: set[tuple[object, ...]] = set()
"""The pages that were found accessible, each at its width."""

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the tests
expect.set_options(timeout=WITHIN * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian package chromium-headless-shell)")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": ["--no-sandbox", *quiet]}


@pytest.fixture(scope="session", autouse=True)
def sent_once() -> Iterator[None]:
    """A browser keeps the style sheets, the scripts and the letters that it was sent, as it does before the house."""
    serve = StaticFilesHandler.serve

    def keep(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
        answer = serve(handler, request)
        answer["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", keep)
        yield


class Visitor:
    """Somebody before a screen; every page they open must be accessible, and silent in the console."""

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self._scripts = scripts
        self._noise: list[str] = []
        self.page.on("console", lambda message: self._noise.append(message.text))
        self.page.on("pageerror", lambda error: self._noise.append(str(error)))

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        self.looks_around()

    def presses(self, name: str) -> None:
        """Press the button or the link of this name, in the main part of the page."""
        main = self.page.locator("main")
        control = main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True))
        control.first.click()
        self.page.wait_for_load_state("load")
        self.looks_around()

    def signs_in(self, email: str, password: str) -> None:
        self.goes_to("/connexion/")
        self.page.get_by_label("Adresse e-mail").fill(email)
        self.page.get_by_label("Mot de passe", exact=True).fill(password)
        self.presses("Se connecter")
        if self.page.url.endswith("/connexion/preuve/"):
            self.page.get_by_label("Code").fill(factors.code(Account.objects.get(email=email)))
            self.presses("Continuer")

    def reads(self, text: str) -> None:
        """Check that the page shows this text."""
        self.page.get_by_text(text).first.wait_for()

    def looks_around(self) -> None:
        """Check what holds for every page: a title, one h1, no fault of accessibility, silence, no sideways scroll."""
        self.page.wait_for_load_state("domcontentloaded")  # a page is begun before it is whole
        seen = self.page.evaluate(SEEN)
        assert seen["title"].strip()
        assert seen["headings"] == 1, self.page.url
        assert not self._noise, (self.page.url, self._noise)
        assert seen["wide"] <= 0, f"{self.page.url} scrolls sideways by {seen['wide']} px"
        if self._scripts:
            self._is_accessible(seen["page"])

    def _is_accessible(self, page: str) -> None:
        """Have the page judged, unless the very same was, at that width, but for the numbers and keys drawn anew."""
        known = (*(self.page.viewport_size or {}).values(), DRAWN_ANEW.sub("", page))
        if known not in ACCESSIBLE:
            self.page.evaluate(AXE_SCRIPT)
            found = self.page.evaluate("rules => axe.run(rules).then(results => results.violations)", RULES)
            assert not found, (self.page.url, [(one["id"], one["nodes"][0]["html"]) for one in found])
            ACCESSIBLE.add(known)


def waits(until: Callable[[], object]) -> None:
    """Wait until this holds."""
    end = time.monotonic() + WITHIN
    while not until():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.1)


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(browser: Browser, live_server, scripts: bool) -> Iterator[Enter]:
    """Open a browser of one's own, on a phone or on a desk."""
    contexts: list[BrowserContext] = []

    def enter(*, phone: bool = False) -> Visitor:
        screen = PHONE if phone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=screen, java_script_enabled=scripts, locale="fr-FR")
        context.set_default_timeout(WITHIN * 1000)
        contexts.append(context)
        return Visitor(context, live_server.url, scripts=scripts)

    yield enter
    for context in contexts:
        context.close()


Night = Callable[[], None]


@pytest.fixture
def night(work: Work) -> Night:
    """Have a worker do all that is queued, beside the loop of the browser."""

    def night() -> None:
        with ThreadPoolExecutor(1) as beside:
            beside.submit(work).result()

    return night


@pytest.fixture(autouse=True)
def grown(transactional_db: None) -> None:
    """The house has served for years: its rows have keys of five figures."""
    with connection.cursor() as cursor:
        for table in (
            "claims_askedpaper",
            "claims_attachment",
            "claims_bill",
            "claims_claimline",
            "documents_document",
        ):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 12345)", [table])


@pytest.fixture(scope="session")
def keeper() -> ForkServerContext:
    """What starts the workers of the stories."""
    return night_shift.keeper()


@pytest.fixture(name="night_shift")
def at_night(
    transactional_db: None, keeper: ForkServerContext, scanner: str, warm_start: list[str], home: Path
) -> Iterator[None]:
    """The worker, as a process of its own on the database of the tests."""
    worker = night_shift.start(keeper, clamd=scanner, look=warm_start, log=home / "worker.log")
    yield
    night_shift.end(worker)
