"""What a production start refuses: a stand-in, a default secret, a scanner that knows only the test signature."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def production_is_real(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse to start outside a demonstration with anything that is not the real thing."""
    if settings.DEMO:
        return []
    wrong = {
        "E001": (len(settings.SECRET_KEY) < 40, "ESCALE_SECRET_KEY: donnez au moins 40 signes tirés au hasard."),
        "E002": (not settings.CLAMD, "ESCALE_CLAMD: aucun antivirus ; donnez l’adresse de clamd."),
        "E003": (settings.CLAMD_KNOWS_TEST_ONLY, "ESCALE_CLAMD_DEMO: cet antivirus ne connaît que la signature de test."),
        "E004": (settings.EMAIL_URL.startswith("folder:"), "EMAIL_URL: donnez un serveur de messagerie (smtps:// ou smtp+tls://)."),
        "E005": (settings.PUBLIC_URL.startswith("http://"), "ESCALE_URL: l’adresse publique doit être en https://."),
        "E006": (settings.DEBUG, "DEBUG est interdit."),
    }  # fmt: skip
    return [Error(message, id=f"escale.{code}") for code, (is_wrong, message) in wrong.items() if is_wrong]
