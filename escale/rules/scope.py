"""Territory × stay × dates: which rules apply to the care, or which other fund is competent."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from escale.rules import parameters
from escale.rules.deadlines import months_after
from escale.rules.named import Named
from escale.rules.territories import Territory, Zone, search, territories, territory

__all__ = ["Fund", "RuleSet", "Scope", "Stay", "Territory", "Zone", "scope", "search", "territories", "territory"]


class Stay(Named):
    """Why the person was there."""

    POSTING = "posting", "Affectation"
    MISSION = "mission", "Mission"
    HOLIDAY = "holiday", "Vacances"
    PLANNED_CARE = "planned_care", "Soins programmés"
    STUDIES = "studies", "Études"


class RuleSet(Named):
    """The rules by which care is paid back."""

    SERVICE = "service", "Militaires en service ou en mission hors de France"
    PRIVATE_EU = "private_eu", "Séjour privé en Europe"
    PRIVATE_WORLD = "private_world", "Séjour privé hors d’Europe"
    PLANNED = "planned", "Soins programmés"


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


def scope(
    *, territory: Territory, stay: Stay, stay_from: date, stay_until: date | None, dependant: bool = False
) -> Scope:
    """Return the rules for a stay, or the competent fund (CSS, art. R. 160-1 s., R. 761-12 s., L. 712-11-1).

    `stay_until` is the day after the stay, None when it is not known: a posting is then a long one.
    `dependant`: the care is not the soldier's own; on a mission the private rules apply to the family.
    """
    if redirected := _redirection(territory, stay, stay_from, stay_until):
        return redirected
    if stay is Stay.POSTING or (stay is Stay.MISSION and not dependant):
        return Scope(
            RuleSet.SERVICE,
            None,
            f"{stay.label} hors de France : les soins sont remboursés selon les règles des militaires en service "
            "ou en mission à l’étranger.",
            ("CSS, art. R. 761-12 à R. 761-20",),
        )
    if stay is Stay.PLANNED_CARE:
        return _planned(territory)
    if territory.zone.european:
        return Scope(
            RuleSet.PRIVATE_EU,
            None,
            "Séjour privé en Europe : les soins nécessaires pendant le séjour sont remboursés, avec votre accord, "
            "selon les tarifs français.",
            ("CSS, art. R. 160-1",),
        )
    return Scope(
        RuleSet.PRIVATE_WORLD,
        None,
        "Séjour privé hors d’Europe : seuls les soins imprévus peuvent être remboursés, dans la limite de ce qui "
        "l’aurait été en France.",
        ("CSS, art. R. 160-4, al. 1",),
    )


def _planned(territory: Territory) -> Scope:
    if territory.zone.european:
        return Scope(
            RuleSet.PLANNED,
            None,
            "Soins programmés en Europe : une autorisation préalable est nécessaire pour une hospitalisation d’au "
            "moins une nuit ou un équipement lourd.",
            ("CSS, art. R. 160-2",),
        )
    return Scope(
        RuleSet.PLANNED,
        None,
        "Soins programmés hors d’Europe : ils ne peuvent être remboursés qu’à titre exceptionnel, après avis "
        "favorable du service médical.",
        ("CSS, art. R. 160-4, al. 3",),
    )


def _redirection(territory: Territory, stay: Stay, stay_from: date, stay_until: date | None) -> Scope | None:
    zone = territory.zone
    if zone is Zone.FRANCE:
        return _to(
            territory,
            "Ce service est réservé aux soins reçus hors de France. Pour des soins reçus en France métropolitaine, "
            "présentez votre carte Vitale ou envoyez la feuille de soins",
            "CSS, art. L. 160-1",
        )
    if territory.code == "YT":
        return _to(
            territory,
            "À Mayotte, les soins sont pris en charge par le régime local",
            "Ordonnance n° 96-1122 du 20 décembre 1996",
        )
    if zone in (Zone.DROM, Zone.NORTHERN_ISLANDS):
        return _to(
            territory,
            f"Ce service ne traite pas les soins reçus ici ({territory.name}) : ils suivent le circuit habituel, "
            "avec la carte Vitale ou une feuille de soins",
            "CSS, art. L. 751-1",
        )
    if zone is Zone.SPM:
        return _to(
            territory,
            "À Saint-Pierre-et-Miquelon, les soins sont pris en charge par le régime local",
            "Décret n° 2011-512 du 10 mai 2011",
        )
    if zone is Zone.NEW_CALEDONIA and _is_long(stay, stay_from, stay_until):
        return _to(
            territory,
            "En Nouvelle-Calédonie, pour un séjour de plus de six mois, les soins sont pris en charge par le régime "
            "local dès la prise de fonction",
            "CSS, art. L. 712-11-1 et D. 713-7-1, al. 4",
        )
    return None


def _is_long(stay: Stay, stay_from: date, stay_until: date | None) -> bool:
    if stay_until is None:
        return stay is Stay.POSTING
    return stay_until > months_after(stay_from, int(parameters.value("new_caledonia_months", on=stay_from)))


def _to(territory: Territory, why: str, article: str) -> Scope:
    fund = _fund(territory.code)
    reached = f"{fund.address}, téléphone {fund.phone}" if fund.phone else fund.address
    return Scope(None, fund, f"{why}. Adressez-vous à : {fund.name}, {reached}.", (article,))


@cache
def _fund(code: str) -> Fund:
    """Return the competent fund of a territory out of our reach, from the packaged list."""
    table = parameters.table("funds")
    row = table["funds"][table["same_as"].get(code, code)]
    return Fund(row["name"], row["address"], row.get("phone", ""), row.get("url", ""), parameters.verified(row))
