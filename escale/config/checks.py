"""What a production start refuses: a stand-in, a default secret, a scanner that knows only the test signature."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def production_is_real(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Refuse to start outside a demonstration with anything that is not the real thing."""
    if settings.DEMO:
        return []
    faults = {
        "ESCALE_SECRET_KEY : donnez au moins 40 signes tirés au hasard.": len(settings.SECRET_KEY) < 40,
        "ESCALE_CLAMD : aucun antivirus ; donnez l’adresse de clamd.": not settings.CLAMD,
        "ESCALE_CLAMD_DEMO : cet antivirus ne connaît que la signature de test.": settings.CLAMD_KNOWS_TEST_ONLY,
        "EMAIL_URL : donnez un serveur de messagerie.": settings.EMAIL_URL.startswith("folder:"),
        "ESCALE_EMAIL_SENDER : donnez l’adresse d’expédition.": settings.EMAIL_SENDER.endswith(".invalid"),
        "ESCALE_URL : l’adresse publique doit être en https://.": not settings.PUBLIC_URL.startswith("https://"),
        "ESCALE_DEBTOR_IBAN : donnez le compte qui paie.": settings.BANK_DEBTOR["iban"] == settings.DEMO_IBAN,
        "DEBUG est interdit.": settings.DEBUG,
    }
    return [Error(fault, id=f"escale.E{n:03}") for n, (fault, holds) in enumerate(faults.items(), start=1) if holds]
