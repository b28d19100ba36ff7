"""What an agent corrected of a stay, as both sides of the counter read it in the story of a claim."""

from datetime import date

from django.utils.translation import gettext as _

from escale.domain.claims.actions import Grounds
from escale.domain.journal.models import Entry
from escale.rules import scope
from escale.rules.scope import Stay
from escale.web.forms import ONE_DAY


def told(entry: Entry) -> dict[str, str]:
    """Return what shows the true stay (`grounds`), and each thing that changed beside what it was (`changes`)."""
    pairs = zip(_named(entry.facts["after"]), _named(entry.facts["before"]), strict=True)
    changes = [_("%(new)s au lieu de %(old)s") % {"new": new, "old": old} for new, old in pairs if new != old]
    return {"grounds": str(Grounds(entry.facts["grounds"]).label), "changes": " ; ".join(changes)}


def _named(stay: list[str]) -> tuple[str, ...]:
    territory, reason, first, after, *said = stay
    stay_from = date.fromisoformat(first)
    dates = {"first": f"{stay_from:%d/%m/%Y}"}
    if after:
        dates["last"] = f"{date.fromisoformat(after) - ONE_DAY:%d/%m/%Y}"
    words = _("du %(first)s au %(last)s") if after else _("depuis le %(first)s")
    opex = _("en opération extérieure") if "opex" in said else _("hors opération extérieure")
    accident = _("accident causé par un tiers") if "accident" in said else _("aucun accident causé par un tiers")
    stay_of = f"«\u00a0{Stay(reason).label}\u00a0»"
    return scope.territory(territory, on=stay_from).name, stay_of, words % dates, opex, accident
