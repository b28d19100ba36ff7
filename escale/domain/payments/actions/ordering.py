"""What the authorising officer orders: a sum made of parts, out of one budget, to the account known that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.payments import accounts, queries
from escale.domain.payments.models import PaymentLine, PaymentOrder
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from escale.rules import budgets, parameters, payees
from escale.rules.imputation import Imputation
from escale.rules.payees import Payee


class NoBankAccount(Exception):
    """The insured person has no account on which the Fund may pay, by SEPA transfer or by hand."""


class NotPayable(Exception):
    """This transfer cannot leave; the message says why, in French."""


class CeilingReached(NotPayable):
    """The credits of the budget do not cover the whole sum: nothing is ordered, not even a part."""


@dataclass(frozen=True, slots=True)
class Part:
    """What an order pays for: how much, for what, and where the law imputes it."""

    amount: Decimal
    label: str
    imputation: Imputation


@transaction.atomic
def order(
    *,
    to: InsuredPerson,
    known: payees.Facts,
    parts: Sequence[Part],
    reference: str,
    by: Actor,
    proposed_by: Account | None = None,
) -> PaymentOrder:
    """
    Order a payment, that another may have proposed; an accountant who did neither has to give the visa.

    `known`: what is known of whom it concerns; where they are not who is paid, a person has to find out.

    :raises NoBankAccount: if the registry knows no account of this person today that can be paid.
    :raises NotPayable: if it is not theirs to receive, if the parts are not of one budget, or if the bank would refuse
        the transfer, which would hold up its whole batch.
    :raises CeilingReached: if the credits of the year do not cover it.
    """
    today = timezone.localdate()
    answer = payees.payee(known, majority=int(parameters.value("majority_age", on=today)))
    if answer.payee is not Payee.INSURED:
        raise NotPayable(answer.to_do)
    account = registry.bank_account(to, on=today)
    if account is None or not accounts.may_be_ordered_to(account):
        raise NoBankAccount
    codes = {part.imputation.budget for part in parts}
    if len(codes) != 1:
        raise NotPayable("Ces lignes relèvent de budgets différents : décidez-les séparément.")
    amount = sum((part.amount for part in parts), Decimal(0))
    if faults := accounts.faults(account, reference=reference, amount=amount):
        raise NotPayable(" ".join(faults))
    [budget] = codes
    reserve(budget, year=today.year, amount=amount)
    ordered = PaymentOrder.open(
        by=by,
        insured=to,
        amount=amount,
        budget=budget,
        budget_year=today.year,
        reference=reference,
        holder=account.holder,
        iban=account.iban,
        account=account,
        ordered_by=by.account,
        proposed_by=proposed_by,
    )
    PaymentLine.objects.bulk_create(_line(ordered, part) for part in parts)
    return ordered


def reserve(code: str, *, year: int, amount: Decimal) -> None:
    """
    Hold the credits of a year until the end of the transaction, so that nobody else spends what this sum needs.

    :raises CeilingReached: if they do not cover it whole.
    """
    budget = budgets.budget(code, on=min(timezone.localdate(), date(year, 12, 31)))
    if budget.ceiling is None:
        return
    queries.lock_credits(code, year=year)
    left = budget.ceiling - queries.consumed(code, year=year)
    if amount > left:
        raise CeilingReached(budgets.reached(budget, year=year, left=left, amount=amount))


def _line(ordered: PaymentOrder, part: Part) -> PaymentLine:
    told = part.imputation
    return PaymentLine(
        order=ordered, benefit=told.benefit, legal_basis=told.legal_basis, label=part.label, amount=part.amount
    )
