"""Why a sign was raised, in words, with its facts; never a word on health."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from escale.domain.claims.models import Claim
from escale.domain.controls.models import Signal, Stratum
from escale.gateways import retouching
from escale.rules import scope
from escale.rules.doubles import Kind

Facts = Mapping[str, str]


_SWAPPED = {"here": "there", "there": "here"}
_OF_THE_OTHER = {"amount": "here", "here": "amount", "currency": "paid_in", "paid_in": "currency"}
_OF_THE_OTHER |= {"on": "here_on", "here_on": "on"}


def why(signal: Signal, *, beside: Claim | None = None) -> str:
    """Say why a sign was raised, on the page of this claim; of a file that the reader may not see, only its kind."""
    if signal.other_id and not signal.names_other:
        return _("Un autre dossier est en cause : %(kind)s.") % {"kind": signal.get_kind_display().lower()}
    turned = beside is not None and signal.other_id == beside.pk
    named = signal.claim if turned else signal.other
    other = _("la demande %(number)s") % {"number": named} if signal.other_id else ""
    return _WORDS[Kind(signal.kind)](_turned(signal) if turned else signal.facts, other)


def _turned(signal: Signal) -> Facts:
    """Return the facts of a sign as the other claim would tell them: what is here is there."""
    facts = signal.facts
    roles = _OF_THE_OTHER if signal.kind == Kind.SAME_BILL else _SWAPPED
    return {name: facts.get(roles.get(name, name), fact) for name, fact in facts.items()}


def _same_bytes(_facts: Facts, other: str) -> str:
    return _("Le même fichier, octet pour octet, est joint à %(other)s.") % {"other": other}


def _same_picture(facts: Facts, other: str) -> str:
    said = _("Une page ressemble à %(share)s %% à une page de %(other)s : même papier, ou même modèle de facture.")
    return said % {"share": facts["share"], "other": other}


def _same_bill(facts: Facts, other: str) -> str:
    paid = _("%(amount)s %(currency)s") % facts
    if not other:
        said = _("Deux lignes de cette demande ont le même praticien, le même montant (%(paid)s) et le même jour.")
    elif not facts["family"]:
        said = _("%(other)s, d’une autre famille, a le même praticien, le même jour (%(on)s) et ce montant : %(paid)s.")
    elif facts["currency"] == facts["paid_in"]:
        said = _("%(other)s a le même praticien et le même montant (%(paid)s), pour des soins du %(on)s.")
    else:
        said = _("%(other)s a le même praticien et le même montant en euros (%(paid)s), pour des soins du %(on)s.")
    told = said % {"other": other, "paid": paid, "on": _day(facts["on"])}
    return told[:1].upper() + told[1:]


def _travel(facts: Facts, other: str) -> str:
    said = _("Soins le %(on)s dans deux pays : %(here)s ici, %(there)s dans %(other)s.")
    return said % {"on": _day(facts["on"]), "other": other, **_places(facts)}


def _posted(facts: Facts, _other: str) -> str:
    said = _("Le %(on)s, l’assuré est en affectation ailleurs : %(there)s. Une affectation ne prouve pas la présence.")
    return said % {"on": _day(facts["on"]), **_places(facts)}


def _round(facts: Facts, _other: str) -> str:
    return _("Un montant rond et élevé : %(amount)s %(currency)s.") % facts


def _crowd(facts: Facts, _other: str) -> str:
    return _("Ce praticien a soigné %(people)s assurés en %(days)s jours.") % facts


def _altered(facts: Facts, _other: str) -> str:
    names = ", ".join(retouching.NAMES.get(trace, trace) for trace in facts["traces"].split(","))
    return _("Le fichier porte la trace d’un logiciel de retouche : %(names)s. Redresser une photo en laisse une.") % {
        "names": names
    }


_WORDS: dict[Kind, Callable[[Facts, str], str]] = {
    Kind.SAME_BYTES: _same_bytes,
    Kind.SAME_PICTURE: _same_picture,
    Kind.SAME_BILL: _same_bill,
    Kind.TRAVEL: _travel,
    Kind.POSTED: _posted,
    Kind.ROUND: _round,
    Kind.CROWD: _crowd,
    Kind.ALTERED: _altered,
}


def _day(written: str) -> str:
    return date_format(date.fromisoformat(written), "d/m/Y")


def _places(facts: Facts) -> dict[str, str]:
    on = date.fromisoformat(facts["on"])
    return {name: _place(facts[name], on) for name in ("here", "there")}


def _place(code: str, on: date) -> str:
    try:
        return scope.territory(code, on=on).name
    except LookupError:
        return code


def dimension(name: str) -> str:
    """Name by what a list is cut into groups."""
    return str(Stratum(name).label)


def stratum(name: str, dimensions: list[str]) -> str:
    """Name a group of a draw: where, how much, and by whom."""
    parts = zip(dimensions, name.split("/"), strict=False)
    return ", ".join(_PARTS[Stratum(one)](part) for one, part in parts) or _("Toutes les demandes")


def _band(part: str) -> str:
    return {
        "low": _("petits montants"), "middle": _("montants moyens"), "high": _("grands montants"),
    }[part]  # fmt: skip


def _practice(part: str) -> str:
    return _("praticien de nombreux assurés") if part == "busy" else _("autre praticien")


_PARTS: dict[Stratum, Callable[[str], str]] = {
    Stratum.ZONE: lambda part: scope.Zone(part).label,
    Stratum.AMOUNT: _band,
    Stratum.PROVIDER: _practice,
}
