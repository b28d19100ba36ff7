"""What the Fund does with a claim: assess each line, ask the physician, approve or refuse."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import queries
from escale.domain.claims.actions import papers
from escale.domain.claims.actions.bills import LARGEST_EXPENSE
from escale.domain.claims.actions.draft import Unacceptable
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import (
    Attachment,
    Claim,
    ClaimLine,
    Decision,
    MedicalNote,
    MedicalOpinion,
    OpinionCode,
    Outcome,
)
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Beneficiary
from escale.rules import currency as currencies
from escale.rules import parameters, refusal, reimbursement
from escale.rules.currency import Quote
from escale.rules.lifecycle import StepRefused
from escale.rules.reimbursement import Refund


class NoRate(Exception):
    """No rate is known for this currency on that day: two people enter one, with its source."""


class NotAssessed(Exception):
    """A line has no amount yet, nothing would be paid back, or the total is not the one that was shown."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What an agent retains for a line."""

    act: str = ""
    quantity: int = 1
    exemption: str = ""
    stated_tariff: Decimal | None = None
    amount: Decimal | None = None
    reason: str = ""


@transaction.atomic
def assess(*, line: ClaimLine, retained: Assessment, by: Actor) -> None:
    """
    Compute what is due for a line, or take the amount that the agent decides with a reason; keep why.

    :raises NoRate: if the currency has no rate on that day, or one that nobody has confirmed yet.
    :raises reimbursement.Unverified: if the act has no verified tariff and the agent states none.
    :raises Unacceptable: if the amount decided is more than was spent.
    """
    _lock_undecided(line.bill.claim)
    Beneficiary.objects.select_for_update().get(pk=line.bill.claim.beneficiary_id)  # whose ceilings are counted
    refund, quote = _computed(line, retained)
    line.bill.claim.advance("assess", by=by, line=line.pk, due=refund.due)
    line.act, line.quantity, line.exemption = retained.act, retained.quantity, retained.exemption
    line.reason, line.edition = retained.reason, parameters.edition().number
    line.rate, line.rate_source, line.rate_on = quote.units_per_eur, quote.source, quote.on
    line.expense, line.due = currencies.euros(line.amount, quote), refund.due
    line.participation, line.franchise = refund.participation, refund.franchise
    line.explanation = [{name: str(value) for name, value in asdict(step).items()} for step in refund.steps]
    line.save()


def _computed(line: ClaimLine, retained: Assessment) -> tuple[Refund, Quote]:
    quote = queries.quote(line)
    if quote is None:
        raise NoRate
    rule = queries.as_rule(
        line, quote=quote, act=retained.act, quantity=retained.quantity, exemption=retained.exemption
    )
    if rule.expense_eur > LARGEST_EXPENSE:
        raise Unacceptable({"amount": "À ce taux, la dépense dépasse un million d’euros : vérifiez le taux."})
    if retained.amount is not None:
        spent = rule.expense_eur - rule.paid_elsewhere_eur
        if retained.amount > spent:
            raise Unacceptable(
                {"amount": f"La dépense restée à charge est de {currencies.written(spent)} : ne la dépassez pas."}
            )
        return reimbursement.decided(rule, amount=retained.amount, reason=retained.reason), quote
    rule = replace(rule, stated_tariff=retained.stated_tariff, stated_reason=retained.reason)
    return reimbursement.refund(rule), quote


@transaction.atomic
def ask_opinion(*, claim: Claim, question: str, attachments: Iterable[Attachment], by: Actor) -> MedicalOpinion:
    """Ask the medical service a question, on the papers chosen; papers under medical seal go with it by themselves."""
    _lock_undecided(claim)
    claim.advance("ask_opinion", by=by)
    opinion = MedicalOpinion.objects.create(claim=claim, question=question, asked_by=by.signatory)
    opinion.attachments.set(attachments)
    return opinion


@transaction.atomic
def give_opinion(*, opinion: MedicalOpinion, outcome: Outcome, code: OpinionCode, note: str, by: Actor) -> None:
    """Answer the agent with an outcome and a code; the note stays between physicians."""
    opinion.claim.advance("give_opinion", by=by, outcome=outcome, code=code)
    opinion.outcome, opinion.code, opinion.given_by, opinion.given_at = outcome, code, by.account, timezone.now()
    opinion.save(update_fields=["outcome", "code", "given_by", "given_at"])
    MedicalNote.objects.create(opinion=opinion, text=note)


@transaction.atomic
def approve(*, claim: Claim, by: Actor, shown: Decimal | None = None) -> Decision:
    """
    Accept the claim and order its payment, of the total that was shown if one is given.

    :raises StepRefused: if somebody else has decided meanwhile; the message says who and when.
    :raises NotAssessed: if a line has no amount, if nothing is due, or if the total has changed since it was shown.
    :raises PaperAwaited: if a paper is to be replaced, or if the one that replaces it is not scanned yet.
    :raises payments.NoBankAccount: if the registry knows no account to pay on.
    """
    _lock_undecided(claim)
    papers.refuse_awaiting(claim)
    dues = list(ClaimLine.objects.filter(bill__claim=claim).values_list("due", flat=True))
    if not dues or None in dues:
        raise NotAssessed("Chaque ligne doit avoir un montant avant d’accepter la demande.")
    total = sum((due for due in dues if due is not None), Decimal(0))
    if not total:
        raise NotAssessed("Rien n’est à rembourser : refusez la demande avec un motif.")
    if shown is not None and shown != total:
        raise NotAssessed("Un autre gestionnaire a recalculé une ligne : vérifiez le nouveau total avant d’accepter.")
    rank = claim.decisions.count()
    reference = f"{claim.number}-{rank + 1}" if rank else claim.number
    claim.order = payments.order(to=claim.insured, amount=total, reference=reference, by=by)
    claim.save(update_fields=["order"])
    decision = Decision.objects.create(claim=claim, approved=True, total=total, by=by.signatory)
    claim.advance("approve", by=by, total=total)
    return decision


@transaction.atomic
def refuse(*, claim: Claim, reason_code: str, explanation: str, by: Actor) -> Decision:
    """
    Refuse the claim for a coded reason, and say why in words that the person understands.

    :raises StepRefused: if somebody else has decided meanwhile; the message says who and when.
    """
    _lock_undecided(claim)
    refusal.reason(reason_code)
    decision = Decision.objects.create(
        claim=claim, approved=False, reason_code=reason_code, explanation=explanation, by=by.signatory
    )
    claim.advance("refuse", by=by, reason=reason_code)
    return decision


def _lock_undecided(claim: Claim) -> None:
    claim.lock()
    decision = queries.decision(claim)
    if claim.status in {Status.PROCESSED, Status.REFUSED} and decision:
        at = timezone.localtime(decision.at)
        raise StepRefused(f"{decision.by} a déjà décidé de cette demande le {at:%d/%m/%Y à %H:%M}.")


@transaction.atomic
def reopen(*, order: PaymentOrder) -> None:
    """Give back to the agents a claim whose payment the accountant refused; once only for each order."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(order=order, status=Status.PROCESSED).first()
    if claim:
        claim.advance("reopen", by=SYSTEM)
