"""What has to be known of care beyond its bill: what the agent may have to say of a line, and the tariff chosen."""

from escale.domain.claims import queries
from escale.domain.claims.models import Claim, ClaimLine
from escale.rules import care_line, contributions
from escale.rules.intake import Care
from escale.rules.judging import DAYS_UNKNOWN
from escale.rules.reimbursement import Choice
from escale.rules.scope import Authorisation, RuleSet

ALL = ("state_of_stay", "unforeseen", "authorised", "pregnancy_found_on", "in_hospital", "emergency", "heavy")
# No stay in hospital and no heavy act changes what is paid back for these.
_APART = frozenset({Care.TRANSPORT, Care.THERMAL})
_AT_THE_EMERGENCY_DOOR = frozenset({Care.GENERALIST, Care.SPECIALIST, Care.HOSPITAL, Care.OTHER})
# Once its act is read, an imaging may be of those that need an authorisation (CSS, art. R. 160-2).
_MAY_NEED_AUTHORISATION = frozenset({Care.HOSPITAL, Care.HEAVY_IMAGING, Care.IMAGING})


def gives_choice(claim: Claim) -> bool:
    """Tell whether the insured person chooses by whose tariff a claim is paid back (CSS, art. R. 160-1)."""
    return care_line.gives_choice(queries.competence(claim).rule_set, european=queries.place(claim).zone.european)


def choice_of(line: ClaimLine) -> Choice:
    """Return by whose tariff a line is paid back: a law that changed during the stay may give no choice any more."""
    competent, european = queries.law_of(line)
    given = care_line.gives_choice(competent.rule_set, european=european)
    return Choice(line.bill.claim.choice) if given else Choice.FRENCH


def choice(claim: Claim) -> Choice:
    """Return by whose tariff a claim is paid back: the French one wherever the law gives no choice."""
    return Choice(claim.choice) if gives_choice(claim) else Choice.FRENCH


def asked_of(line: ClaimLine) -> tuple[str, ...]:
    """Return the names of what an agent may have to say of a line: only what can change its sum."""
    care, (competent, _european) = Care(line.care), queries.law_of(line)
    rule_set, by_state = competent.rule_set, choice_of(line) is Choice.STATE_OF_STAY
    always = competent.authorisation is Authorisation.ALWAYS
    by_tariff = not by_state and care not in _APART
    found = {
        "state_of_stay": by_state,
        "unforeseen": rule_set is RuleSet.PRIVATE_WORLD,
        "authorised": rule_set is RuleSet.PLANNED
        and (always or care in _MAY_NEED_AUTHORISATION or bool(line.to_judge) or line.authorised is not None),
        "in_hospital": by_tariff and care is not Care.HOSPITAL,
        "emergency": by_tariff and care in _AT_THE_EMERGENCY_DOOR,
        "heavy": by_tariff,
        "pregnancy_found_on": care is Care.MATERNITY,
    }
    return tuple(name for name, matters in found.items() if matters)


def counts_days(line: ClaimLine) -> bool:
    """Tell whether the days of the acts of a line can change its sum: a ceiling of the day bears on them."""
    asked = contributions.terms(Care(line.care), on=line.given_on, quantity=1)
    by_day = asked is not None and asked.per_day is not None
    return by_day or line.days is not None or DAYS_UNKNOWN in line.to_judge


def to_say(line: ClaimLine) -> frozenset[str]:
    """Return what nobody has said yet of a line and that its sum, or its note « à apprécier », waits for."""
    waited_for = {"state_of_stay", "unforeseen", "authorised"}
    return frozenset(name for name in waited_for & {*asked_of(line)} if getattr(line, name) is None)
