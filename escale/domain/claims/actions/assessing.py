"""How what is due for a claim is computed: the agent retains something for each line, and the law does the rest."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.claims import circumstances, computing, explanations, queries
from escale.domain.claims.actions import places
from escale.domain.claims.actions.bills import LARGEST_EXPENSE
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.registry.models import Beneficiary
from escale.rules import currency as currencies
from escale.rules import parameters, possible, reimbursement
from escale.rules.currency import Quote
from escale.rules.lifecycle import StepRefused
from escale.rules.limits import picked
from escale.rules.reimbursement import Awaited, CareLine, Choice, Refund
from escale.rules.treatment import ToDecide, refund_rest

# What is written in the journal where it was said; the other circumstances tell of somebody's health.
_TOLD_IN_THE_JOURNAL = ("unforeseen", "authorised", "state_of_stay")
# What a field of a line of the law is called here.
_FIELDS = {"act_code": "act", "care": "act", "hospital_days": "quantity", "stated_reason": "reason"}


class NoRate(Exception):
    """No rate is known for this currency on that day: two people enter one, with its source."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """
    What an agent retains for a line; None, of the days and the circumstances, is « not known ».

    `state_of_stay`: what the institution of the State of stay answered, in euros, where its tariff was chosen.
    """

    act: str = ""
    quantity: int = 1
    days: int | None = None
    exemption: str = ""
    stated_tariff: Decimal | None = None
    amount: Decimal | None = None
    reason_code: str = ""
    reason: str = ""
    unforeseen: bool | None = None
    authorised: bool | None = None
    in_hospital: bool = False
    emergency: bool = False
    heavy: bool = False
    state_of_stay: Decimal | None = None
    pregnancy_found_on: date | None = None


@transaction.atomic
def assess(*, line: ClaimLine, retained: Assessment, by: Actor) -> None:
    """
    Compute what is due for a line, or take the amount that the agent decides with a reason; keep why.

    The lines of a claim are one treatment, with one French cap: the others that have an amount are computed again.

    :raises StepRefused: if somebody has decided meanwhile, or if nobody knows where care was given.
    :raises NoRate: if the currency has no rate on that day, or one that nobody has confirmed yet.
    :raises reimbursement.Unverified: if the act has no verified tariff and the agent states none.
    :raises Unacceptable: if the amount decided is more than was spent, if circumstances cannot be, or if the answer of
        the State of stay is missing.
    """
    lock_undecided(line.bill.claim)
    places.refuse_unknown(line.bill.claim)
    line.refresh_from_db(fields=["decision"])
    if line.decision_id:
        raise StepRefused("Cette ligne est déjà décidée.")
    Beneficiary.objects.select_for_update().get(pk=line.bill.claim.beneficiary_id)  # whose ceilings are counted
    quote = queries.quote(line)
    if quote is None:
        raise NoRate
    _retain(line, retained, quote)
    others = _computed(line.bill.claim).exclude(pk=line.pk)
    _compute(sorted([line, *others], key=lambda one: (one.bill_id, one.pk)), asked=line)
    line.bill.claim.advance("assess", by=by, line=line.pk, due=line.due, **_facts(retained))


def recompute(claim: Claim) -> None:
    """Compute again the lines that have an amount and are not decided: the others of their treatment have changed."""
    Beneficiary.objects.select_for_update().get(pk=claim.beneficiary_id)  # whose ceilings are counted
    lines = list(_computed(claim))
    if any(line.decision_id is None for line in lines):
        _compute(lines)


def _computed(claim: Claim) -> QuerySet[ClaimLine]:
    return queries.lines(claim).filter(due__isnull=False, refused=False)


def _facts(retained: Assessment) -> dict[str, Any]:
    said = {name: getattr(retained, name) for name in _TOLD_IN_THE_JOURNAL}
    return {name: value for name, value in said.items() if value is not None}


def _retain(line: ClaimLine, retained: Assessment, quote: Quote) -> None:
    """Take down what the agent retains, within what was spent, at the rate that is frozen from now on."""
    expense = currencies.euros(line.amount, quote)
    if expense > LARGEST_EXPENSE:
        raise Unacceptable({"amount": "À ce taux, la dépense dépasse un million d’euros : vérifiez le taux."})
    spent = expense - currencies.euros(line.paid_elsewhere, quote)
    if retained.amount is not None and retained.amount > spent:
        raise Unacceptable(
            {"amount": f"La dépense restée à charge est de {currencies.written(spent)} : ne la dépassez pas."}
        )
    _retain_circumstances(line, retained)
    line.refused, line.reason_code = False, retained.reason_code
    line.act, line.exemption = retained.act, retained.exemption
    line.quantity, line.days = retained.quantity, retained.days
    line.stated_tariff, line.decided, line.reason = retained.stated_tariff, retained.amount, retained.reason
    spend(line, quote)


def spend(line: ClaimLine, quote: Quote) -> None:
    """Take down what a line cost in euros, at the rate that is frozen with it."""
    line.rate, line.rate_source, line.rate_on = quote.units_per_eur, quote.source, quote.on
    line.expense = currencies.euros(line.amount, quote)


def _retain_circumstances(line: ClaimLine, retained: Assessment) -> None:
    errors = {}
    if retained.in_hospital and retained.emergency:
        errors["emergency"] = _(
            "Un passage aux urgences compte ici s’il n’est pas suivi d’une hospitalisation : cochez l’un ou l’autre."
        )
    if retained.pregnancy_found_on and retained.pregnancy_found_on > line.given_on:
        errors["pregnancy_found_on"] = _("La grossesse est constatée avant les soins de maternité : vérifiez la date.")
    if retained.state_of_stay is not None and circumstances.choice_of(line) is Choice.FRENCH:
        errors["state_of_stay"] = _("L’assuré n’a pas choisi les tarifs de l’État de séjour : laissez ce montant vide.")
    if errors:
        raise Unacceptable(errors)
    line.unforeseen, line.authorised = retained.unforeseen, retained.authorised
    line.in_hospital, line.emergency, line.heavy = retained.in_hospital, retained.emergency, retained.heavy
    line.state_of_stay, line.pregnancy_found_on = retained.state_of_stay, retained.pregnancy_found_on


def _compute(lines: list[ClaimLine], *, asked: ClaimLine | None = None) -> None:
    """Compute the lines of a treatment; those that are decided count in it, and stay as they are."""
    for line in lines:
        if line.decision_id:
            continue
        line.counted_on = timezone.localdate()  # nobody knows better when it will be paid back
        if not (line.act or line.decided is not None or _needs_no_act(line)):  # decided before decisions were kept
            line.decided = line.due
    rules = computing.as_rules(lines)
    if asked:
        _refuse_impossible(rules[lines.index(asked)])
    paid = {place: line.due for place, line in enumerate(lines) if line.decision_id and line.due is not None}
    for line, rule, result in zip(lines, rules, refund_rest(rules, paid=paid).lines, strict=True):
        if line is asked and isinstance(result, ToDecide):
            _say_why_not(rule)
        if line.decision_id is None:
            _keep(line, result)


def _refuse_impossible(rule: CareLine) -> None:
    try:
        possible.check(rule, picked(rule))
    except possible.Impossible as wrong:
        raise Unacceptable({_FIELDS.get(wrong.field, wrong.field): str(wrong)}) from None


def _needs_no_act(line: ClaimLine) -> bool:
    """Tell whether a line stands without an act: the State of stay answered, or the law bars it whatever the act."""
    return line.state_of_stay is not None or line.unforeseen is False or line.authorised is False


def _say_why_not(rule: CareLine) -> None:
    try:
        reimbursement.work(rule)
    except Awaited:
        sentence = _(
            "L’assuré a choisi les tarifs de l’État de séjour : indiquez le montant que l’organisme de cet État a "
            "répondu (formulaire E 126), ou décidez d’un montant avec un motif."
        )
        raise Unacceptable({"state_of_stay": sentence}) from None


def _keep(line: ClaimLine, result: Refund | ToDecide) -> None:
    """Write what is due for a line and why; what has become the agent's to decide has no amount any more."""
    line.edition = parameters.edition().number
    if isinstance(result, ToDecide):
        line.due, line.participation, line.franchise = None, Decimal(0), Decimal(0)
        line.explanation, line.to_judge = [], [result.reason]
    else:
        line.due, line.participation, line.franchise = result.due, result.participation, result.franchise
        line.explanation = explanations.kept(result.steps)
        line.to_judge = [*result.notes]
        stated = line.stated_tariff is not None or line.decided is not None
        answered = circumstances.choice(line.bill.claim) is Choice.STATE_OF_STAY
        if not (result.automatic or result.notes or stated or answered):
            line.to_judge = ["Un chiffre de ce calcul n’est pas vérifié : assurez-vous qu’il convient."]
    line.save()


def lock_undecided(claim: Claim) -> None:
    """
    Hold a claim of which something is left to decide.

    :raises StepRefused: if all is decided, or if a decision waits for a second look; the message says whose, and when.
    """
    claim.lock()
    decision = queries.decision(claim)
    if decision is None:
        return
    at = timezone.localtime(decision.at)
    if claim.status in {Status.PROCESSED, Status.REFUSED}:
        raise StepRefused(f"{decision.by} a déjà décidé de cette demande le {at:%d/%m/%Y à %H:%M}.")
    if decision.waits:
        raise StepRefused(f"La décision que {decision.by} a proposée le {at:%d/%m/%Y à %H:%M} attend d’être relue.")
