"""What limits the expense before any share: what another body paid, delays, conditions, the French tariff."""

from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.acts import Act, act
from escale.rules.care_line import CareLine
from escale.rules.currency import cents, written
from escale.rules.deadlines import claim_until, months_after
from escale.rules.explanation import Cause, Chain
from escale.rules.intake import Care
from escale.rules.possible import Impossible
from escale.rules.scope import Authorisation, RuleSet

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
_NEEDS_AUTHORISATION = frozenset({Care.HOSPITAL, Care.HEAVY_IMAGING})


class Unverified(Exception):
    """No verified French tariff for this act on this date, or no figure (`gap`): an agent decides, with a reason."""

    def __init__(self, act: Act, on: date, *, gap: parameters.Unknown | None = None) -> None:
        super().__init__(
            f"{gap} : indiquez le montant à rembourser, avec votre motif."
            if gap
            else f"Aucun tarif vérifié pour « {act.label} » au {on:%d/%m/%Y} : indiquez le tarif français que vous "
            "retenez, ou le montant à rembourser, avec votre motif."
        )
        self.act = act
        self.on = on


def picked(line: CareLine) -> Act:
    """Return the act of the line, or the child's act that replaces it; an act outside the list has no tariff."""
    try:
        found = line.act or act(line.act_code, on=line.given_on)
    except LookupError:
        return Act(line.act_code, line.care.label, line.care, None, None, None, "Acte hors liste", False)
    if not found.child or line.stated_tariff is not None:
        return found
    if line.patient_age < parameters.value("child_tariff_age", on=line.given_on):
        return act(found.child, on=line.given_on)
    return found


def unit_tariff(line: CareLine, found: Act) -> Decimal:
    """Return the French tariff of one act in euros, or of one hospital day before abatement; raises Unverified."""
    if line.stated_tariff is not None:
        return line.stated_tariff
    if found.tariff is None or not found.verified or found.letter:
        raise Unverified(found, line.given_on)
    return found.tariff


def tariff(line: CareLine, found: Act) -> tuple[Decimal, str]:
    """Return the French tariff of the whole line, in euros, and how the explanation tells it (CSS, art. R. 761-18).

    Raises Unverified without a verified or stated tariff, Impossible for a stay without days.
    """
    unit, reserve = unit_tariff(line, found), ""
    if line.stated_tariff is not None:
        reserve = f", tarif retenu par le gestionnaire : {line.stated_reason.strip()}"
    elif found.coordination:
        reserve = f", hors supplément de coordination de {written(found.coordination)}"
    if found.care is Care.HOSPITAL and not line.emergency:
        if not line.hospital_days:
            raise Impossible("hospital_days", "Un séjour à l’hôpital a un nombre de jours : indiquez-le.")
        abatement = parameters.value("hospital_abatement", on=line.given_on)
        total = cents(unit * (_HUNDRED - abatement) / _HUNDRED * line.hospital_days)
        days = f"{line.hospital_days} jour{'s' if line.hospital_days > 1 else ''}"
        price = f"{written(unit)}, moins {abatement} %, pour {days} : {written(total)}"
        return total, f"prix de journée français ({price}){reserve}"
    total = cents(unit * line.quantity)
    times = f"{line.quantity} × {written(unit)} = " if line.quantity > 1 else ""
    return total, f"tarif français ({found.label} : {times}{written(total)}){reserve}"


def expense_article(line: CareLine) -> str:
    """Return the article by which nobody is paid more than the expense."""
    return "CSS, art. R. 761-19, al. 1" if line.rule_set is RuleSet.SERVICE else "CSS, art. L. 160-10"


def deduct_elsewhere(line: CareLine, chain: Chain) -> None:
    """Take off what another body paid: the expense is what stays with the insured person."""
    if line.paid_elsewhere_eur:
        left = max(_NOTHING, chain.amount - cents(line.paid_elsewhere_eur))
        chain.add(Cause.ELSEWHERE, "Part déjà payée par un autre organisme", expense_article(line), left)


def bar(line: CareLine, chain: Chain) -> bool:
    """Bring to zero what was asked too late or lacks a condition of the law; tell whether it was."""
    last = claimable_until(line)
    if line.claimed_on and line.claimed_on > last:
        name = _claim_delay(line)
        chain.add(
            Cause.PRESCRIPTION,
            f"Demandé le {line.claimed_on:%d/%m/%Y}, après le dernier jour pour le faire, le {last:%d/%m/%Y}",
            "CSS, art. L. 160-11",
            _NOTHING,
            parameter=name,
            version=parameters.figure(name, on=line.given_on).version,
        )
    elif line.rule_set is RuleSet.PRIVATE_WORLD and line.unforeseen is False:
        label = "Soins prévus avant le séjour : hors d’Europe, seuls les soins inopinés peuvent être remboursés"
        chain.add(Cause.CONDITION, label, "CSS, art. R. 160-4, al. 1", _NOTHING)
    elif line.rule_set is RuleSet.PLANNED and line.authorised is False and needs_authorisation(line):
        what = "sans autorisation préalable" if line.european else "sans avis favorable du contrôle médical"
        article = "CSS, art. R. 160-2, I" if line.european else "CSS, art. R. 160-4, al. 3"
        if line.european and line.authorisation is Authorisation.ALWAYS:
            article = "Règlement (CE) n° 883/2004, art. 20"
        chain.add(Cause.CONDITION, f"Soins programmés {what}", article, _NOTHING)
    else:
        return False
    return True


def claimable_until(line: CareLine) -> date:
    """Return the last day to claim a line (CSS, art. L. 160-11); maternity runs from the first medical finding."""
    if _claim_delay(line) == "maternity_claim_years" and line.pregnancy_found_on:
        years = parameters.value("maternity_claim_years", on=line.pregnancy_found_on)
        return months_after(line.pregnancy_found_on, 12 * int(years))
    return claim_until(line.given_on)


def _claim_delay(line: CareLine) -> str:
    """Return the figure of the delay to claim."""
    return "maternity_claim_years" if line.care is Care.MATERNITY and line.pregnancy_found_on else "claim_years"


def needs_authorisation(line: CareLine) -> bool:
    """Tell whether planned care needs a prior authorisation, as the matrix of stays says (CSS, art. R. 160-2).

    Where it was not read: a night in hospital, heavy equipment, or outside Europe.
    """
    if line.authorisation is None:
        return not line.european or line.care in _NEEDS_AUTHORISATION
    always, heavy = (line.authorisation is one for one in (Authorisation.ALWAYS, Authorisation.HEAVY))
    return always or (heavy and line.care in _NEEDS_AUTHORISATION)
