"""The few tags and filters of our pages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django import template
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import Status
from escale.rules import currency as currencies
from escale.rules import identity

register = template.Library()

_NARROW = "\u202f"
_BADGES = {
    Status.DRAFT: "new",
    Status.SENT: "info",
    Status.IN_PROGRESS: "info",
    Status.MEDICAL_OPINION: "info",
    Status.PROCESSED: "success",
    Status.REFUSED: "error",
    Status.UNUSABLE: "warning",
}


class Entry(NamedTuple):
    """One line of a menu."""

    label: str
    url: str


@register.filter
def menu(actor: Actor) -> list[Entry]:
    """Return the menu of the space that this hat opens, or of what may be done in another's name."""
    pages = {
        Role.INSURED: _insured_menu(actor),
        Role.AGENT: [("agents:queue", _("Demandes à traiter")), ("agents:mine", _("Mes demandes")),
                     ("agents:appeals", _("Recours")),
                     ("agents:debts", _("Indus")), ("agents:controls", _("Contrôles")),
                     ("agents:rates", _("Cours de change"))],
        Role.PHYSICIAN: [("agents:opinions", _("Avis à rendre"))],
        Role.ACCOUNTANT: _accountants_menu(),
        Role.SECOND_ACCOUNTANT: _accountants_menu(),
        Role.COUNTER: [("agents:counter", _("Accueil")), ("agents:accounts", _("Comptes à vérifier")),
                       ("agents:outgoing", _("Courrier à poster"))],
        Role.AUDITOR: [("agents:journal", _("Journal"))],
        Role.PARTNER: [("access:partner", _("Mon espace"))],
        Role.SUPERVISOR: [("agents:board", _("Tableau de bord")),
                          ("agents:appeals", _("Recours")), ("agents:debts", _("Indus")),
                          ("agents:queue", _("Demandes en cours")),
                          ("agents:signals", _("Signalements")), ("agents:controls", _("Contrôles")),
                          ("agents:draws", _("Tirages au sort")),
                          ("agents:skills", _("Compétences")), ("agents:rates", _("Cours de change")),
                          ("agents:tariffs", _("Barèmes")), ("agents:budgets", _("Budgets")),
                          ("agents:staff", _("Agents et casquettes")),
                          ("agents:outgoing", _("Courrier à poster")),
                          ("agents:recusals", _("Déports")), ("agents:protections", _("Dossiers protégés"))],
    }  # fmt: skip
    return [Entry(label, reverse(name)) for name, label in pages.get(actor.role, [])]


def _accountants_menu() -> list[tuple[str, str]]:
    return [
        ("agents:payments", _("Ordres à viser")),
        ("agents:batches", _("Lots de virements")),
        ("agents:bank_files", _("Retours de la banque")),
        ("agents:compared", _("Rapprochement")),
        ("agents:budgets", _("Budgets")),
        ("agents:ledger", _("Grand livre")),
    ]


def _insured_menu(actor: Actor) -> list[tuple[str, str]]:
    home, new = ("insured:home", _("Accueil")), ("insured:new_claim", _("Nouvelle demande"))
    mandates = ("insured:mandates", _("Agir au nom de"))
    if actor.authority:
        followed = ("insured:claims", _("Ses demandes")), ("insured:statements", _("Ses décomptes"))
        return [home, *followed, *([new] if may(actor, "claim.open") else [])]
    if not _is_insured(actor):
        return [mandates]
    readers = ("insured:readers", _("Qui a ouvert mon dossier"))
    followed = ("insured:claims", _("Mes demandes")), ("insured:statements", _("Mes décomptes"))
    return [home, *followed, new, mandates, readers]


def _is_insured(actor: Actor) -> bool:
    return actor.account is not None and any(hat.role == Role.INSURED for hat in actor.account.hats.all())


@register.filter
def worn(actor: Actor) -> str:
    """Return under which hat somebody is there: of whoever is not insured, or acts for another, that they help."""
    helps = actor.role == Role.INSURED and (actor.authority or not _is_insured(actor))
    return str(_("Mandataire") if helps else actor.role.label)


@register.filter
def may(actor: Actor, step: str) -> bool:
    """Tell whether this step is one's own to take, or among those that one received."""
    return actor.authority is None or step in actor.authority.steps


@register.filter
def role_label(role: str) -> str:
    """Return the French name of a hat."""
    return str(Role(role).label)


@register.filter
def euros(amount: Decimal | str | None) -> str:
    """Write an amount in euros: « 1 234,50 € »."""
    return "" if amount in (None, "") else money(Decimal(str(amount)), "EUR")


@register.filter
def currency_name(code: str) -> str:
    """Return the French name of a currency: « shilling kényan »."""
    return currencies.name(code)


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """Write an amount with the decimals of its currency: « 15 000 XOF », « 180,00 USD »."""
    return currencies.in_currency(amount, currency)


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Write the options of a list, each in its group: through a template each, those of all countries last too long."""
    written = []
    for label, group, _rank in groups:
        inside = "".join(map(_option, group))
        written.append(f'<optgroup label="{conditional_escape(label)}">{inside}</optgroup>' if label else inside)
    return mark_safe("".join(written))  # noqa: S308  # all that it holds is escaped


def _option(one: dict[str, Any]) -> str:
    attributes = flatatt(one["attrs"]) if one["attrs"] else ""
    return f'<option value="{conditional_escape(one["value"])}"{attributes}>{conditional_escape(one["label"])}</option>'


@register.filter
def masked_ibans(words: str) -> str:
    """Show what was written, but for the IBANs in it."""
    return identity.masked_ibans(words)


@register.filter
def masked_iban(iban: str) -> str:
    """Show just enough of an IBAN to recognise it."""
    return identity.masked_iban(iban)


@register.filter
def megabytes(size: int) -> str:
    """Write a size of file: « 1,4 Mo », « 310 Ko »."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}\u00a0Ko"
    return f"{size / 1024 / 1024:.1f}\u00a0Mo".replace(".", ",").replace(",0", "")


@register.inclusion_tag("components/status.html")
def status(claim: Any) -> dict[str, str]:
    """Show the status of a claim, in the exact words of the service."""
    return {"label": claim.get_status_display(), "colour": _BADGES[Status(claim.status)]}
