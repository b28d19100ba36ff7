"""Territory × stay × dates: which rules apply to the care, or which other fund is competent."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from escale.rules import parameters, stays
from escale.rules.deadlines import months_after
from escale.rules.identity import folded
from escale.rules.intake import Care
from escale.rules.stays import Authorisation, Category, Cause, Kind, RuleSet, Stay, Terms
from escale.rules.territories import Territory, Zone, search, territories, territory

__all__ = [
    "Authorisation", "Category", "Cause", "Fund", "Kind", "RuleSet", "Scope", "Stay", "Terms", "Territory", "Zone",
    "agreement", "paid_directly", "scope", "search", "territories", "territory", "third_party_alert",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fund:
    """Another body that is competent; `phone` is empty where we are not sure of it."""

    name: str
    address: str
    phone: str = ""
    url: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Either the rules that apply (`rule_set`) or the fund to turn to (`fund`), and why, in French."""

    rule_set: RuleSet | None
    fund: Fund | None
    reason: str
    articles: tuple[str, ...]
    terms: Terms | None = None
    """The row of the matrix: who pays, the papers of right, the Cerfa, the authorisation, the silence rule."""
    alerts: tuple[str, ...] = ()
    """What the insured person and the agent must know of the place, in French."""
    to_settle: bool = False
    """A person decides under which rules the care falls: never paid without an agent."""

    @property
    def authorisation(self) -> Authorisation | None:
        """Whether the Fund must agree before the care, None where no row of the matrix was read."""
        return self.terms.authorisation if self.terms else None


def scope(
    *,
    territory: Territory,
    stay: Stay,
    stay_from: date,
    stay_until: date | None,
    category: Category = Category.ACTIVE,
    opex: bool = False,
    cause: Cause | None = None,
    given_on: date | None = None,
) -> Scope:
    """Return the rules for a stay, or the competent fund (CSS, art. R. 160-1 s., R. 761-12 s., L. 712-11-1).

    `stay_until` is the day after the stay, None when it is not known: a posting is then a long one.
    `category`: who is cared for; on a mission the private rules apply to the family. `opex`: the mission is an
    operation. `cause`: what takes the care away from this service. `given_on`: the day of the care, on which the
    matrix is read; the first day of the stay unless told.
    """
    if cause:
        return _stopped(cause)
    found = stays.terms(
        kind=Kind.OPEX if opex and stay is Stay.MISSION else Kind(stay.value),
        zone=territory.zone,
        category=category,
        long=_is_long(territory.zone, stay, stay_from, stay_until),
        on=given_on or stay_from,
    )
    alert = stays.alert(territory.zone)
    alerts = (alert,) if alert else ()
    if found.rule_set is None:
        return _to(_fund(territory.code), found.reason.format(place=territory.name), found.articles, found)
    sure = found.verified and territory.verified
    settled_by_person = found.to_settle or not sure or territory.zone in (Zone.SEA, Zone.UNKNOWN, Zone.TAAF)
    return Scope(found.rule_set, None, found.reason, found.articles, found, alerts, settled_by_person)


def third_party_alert(*, territory: str, provider: str, cares: frozenset[Care] = frozenset()) -> str:
    """Return, in French, that a bill may already have been paid by the Fund to the provider; empty if not.

    Third-party payment exists abroad in three places only; `cares`: the kinds of care billed, none if not known.
    """
    words = f" {folded(provider)} "
    for place in _places()["places"]:
        concerned = not place.get("care") or not cares or cares & {Care(care) for care in place["care"]}
        if place["territory"] == territory and concerned and any(f" {word} " in words for word in place["words"]):
            return (
                f"La Caisse règle directement ce prestataire ({place['name']}) : vérifiez que la facture n’a pas "
                "déjà été payée en tiers payant."
            )
    return ""


def paid_directly(territory: str) -> tuple[str, ...]:
    """Return the French names of the providers that the Fund pays directly in this country; none in most."""
    return tuple(place["name"] for place in _places()["places"] if place["territory"] == territory)


def agreement(territory: str) -> str:
    """Return what is known of an agreement with this country, in French: told, never applied; empty for most."""
    return str(_places()["agreements"].get(territory, {}).get("note", ""))


def _is_long(zone: Zone, stay: Stay, stay_from: date, stay_until: date | None) -> bool:
    """Tell whether a stay in New Caledonia lasts so long that the local fund is competent."""
    if zone is not Zone.NEW_CALEDONIA:
        return False
    if stay_until is None:
        return stay is Stay.POSTING
    return stay_until > months_after(stay_from, int(parameters.value("new_caledonia_months", on=stay_from)))


def _stopped(cause: Cause) -> Scope:
    told = stays.stop(cause)
    return _to(_fund(told["fund"]), told["reason"], tuple(told["articles"]), None)


def _to(fund: Fund, why: str, articles: tuple[str, ...], terms: Terms | None) -> Scope:
    reached = f"{fund.address}, téléphone {fund.phone}" if fund.phone else fund.address
    return Scope(None, fund, f"{why}. Adressez-vous à : {fund.name}, {reached}.", articles, terms)


def _places() -> dict[str, Any]:
    return parameters.table("third_party_places")


@cache
def _fund(code: str) -> Fund:
    """Return the competent fund of a territory out of our reach, from the packaged list."""
    table = parameters.table("funds")
    row = table["funds"].get(table["same_as"].get(code, code), table["funds"]["FR"])
    return Fund(row["name"], row["address"], row.get("phone", ""), row.get("url", ""), parameters.verified(row))
