"""What a production start refuses: a stand-in, a default secret, a scanner of the test signature; what it warns of."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from escale.gateways import keyring, ocr


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
        "ESCALE_MEDICAL_URL : les médecins ont un guichet à part ; donnez son adresse, en https://.": not (
            settings.MEDICAL_URL.startswith("https://")
        ),
        "ESCALE_PASSKEY_DOMAIN : les clés d’accès servent aux deux guichets ; donnez leur domaine commun.": not (
            _are_below(settings.PASSKEY_DOMAIN or _host(settings.PUBLIC_URL))
        ),
        "ESCALE_DEBTOR_IBAN : donnez le compte qui paie.": settings.BANK_DEBTOR["iban"] == settings.DEMO_IBAN,
        "DEBUG est interdit.": settings.DEBUG,
        "ESCALE_VAULT : le coffre ne se joint pas en clair ; donnez s3+https://.": settings.VAULT.startswith(
            "s3+http:"
        ),
        "ESCALE_VAULT_KEYS : aucune clé courante ; « manage.py draw_vault_keys » en tire.": not _can_put(),
        "ESCALE_VAULT_KEYS : rangez les clés hors d’ESCALE_HOME, et sauvegardez-les à part du coffre.": any(
            file.is_relative_to(settings.HOME) for file in _key_files()
        ),
        "ESCALE_VAULT_KEYS : ces fichiers ne sont qu’à leur propriétaire (chmod 600).": any(
            file.exists() and file.stat().st_mode & 0o077 for file in _key_files()
        ),
        "ESCALE_FRANCECONNECT_ISSUER, ESCALE_PROCONNECT_ISSUER : en https:// seulement.": any(
            not service.issuer.startswith("https://") for service in settings.OPENID.values()
        ),
    }
    return [Error(fault, id=f"escale.E{n:03}") for n, (fault, holds) in enumerate(faults.items(), start=1) if holds]


@register()
def papers_are_read(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Warn where languages of the automatic reading are not on this machine: papers in them will be read badly."""
    missing = ocr.missing_languages()
    if not missing:
        return []
    lacking = f"Lecture automatique des pièces : il manque à cette machine {', '.join(missing)}."
    return [Caution(lacking, hint="Sans objet là où rien n’est lu ; sinon voyez docs/ocr.md.", id="escale.W001")]


def _are_below(domain: str) -> bool:
    hosts = [_host(url) for url in (settings.PUBLIC_URL, settings.MEDICAL_URL) if url]
    return all(f".{host}".endswith(f".{domain}") for host in hosts)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _key_files() -> list[Path]:
    return [Path(file).resolve() for file in (settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS) if file]


def _can_put() -> bool:
    try:
        keys = keyring.read(*_key_files())
    except (OSError, ValueError):
        return False
    return bool(keys.ordinary and keys.medical_public)
