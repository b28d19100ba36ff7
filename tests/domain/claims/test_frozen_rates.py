"""The rate of a line is kept with its source and its date, and a line that was decided never changes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.payments import actions as payments
from escale.domain.rates import actions as rates
from escale.domain.rates.models import Rate
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.rates.rates import in_force

pytestmark = pytest.mark.usefixtures("scanning", "db", "frozen")


def kenyan() -> Claim:
    """A claim of 4,000 shillings, counted at a rate that two people answer for."""
    claim = factories.draft(territory="KE")
    factories.line(factories.bill(claim, currency="KES"), amount=Decimal(4_000))
    for code in ("bill", "cerfa"):
        factories.attachment(claim, paper=code)
    return factories.received(claim=claim)


def frozen_on(claim: Claim) -> tuple[Decimal | None, str, date | None, Decimal | None]:
    line = ClaimLine.objects.get(bill__claim=claim)
    return line.rate, line.rate_source, line.rate_on, line.due


def test_newer_rates_never_touch_a_paid_line():
    in_force(currency="KES", units_per_eur=Decimal(150))
    claim = factories.approved(kenyan())
    before = frozen_on(claim)
    factories.batch(factories.ordered(claim))

    rates.withdraw(rate=Rate.objects.get(), by=factories.actor(Role.SUPERVISOR))
    in_force(currency="KES", units_per_eur=Decimal(160))
    line = ClaimLine.objects.get(bill__claim=claim)
    with pytest.raises(StepRefused):
        claims.assess(line=line, retained=claims.Assessment(act="G"), by=factories.agent())
    assert frozen_on(claim) == before


@pytest.mark.parametrize(
    "change",
    [
        {"rate": Decimal(160)}, {"rate_source": "Autre"}, {"rate_on": date(2026, 9, 2)}, {"due": Decimal(1)},
        {"participation": Decimal(1)}, {"franchise": Decimal(1)}, {"counted_on": date(2025, 12, 31)}, {"edition": 9},
        {"explanation": []}, {"in_hospital": True}, {"unforeseen": False}, {"given_on": date(2026, 1, 1)},
    ],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_a_decided_line(change: dict):
    in_force(currency="KES", units_per_eur=Decimal(150))
    claim = factories.approved(kenyan())
    lines = ClaimLine.objects.filter(bill__claim=claim)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        lines.update(**change)
    lines.update(due=lines.get().due)  # what changes nothing is no change


def test_the_database_itself_refuses_to_delete_a_decided_line():
    in_force(currency="KES", units_per_eur=Decimal(150))
    decided = ClaimLine.objects.filter(bill__claim=factories.approved(kenyan()))
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        decided._raw_delete(decided.db)
    other = ClaimLine.objects.filter(bill__claim=factories.assessed())
    assert other.delete()[0] == 1


def test_a_line_may_be_computed_again_once_the_visa_was_refused():
    first = in_force(currency="KES", units_per_eur=Decimal(150))
    claim = factories.approved(kenyan())
    payments.reject(order=factories.ordered(claim), reason="Taux à revoir", by=factories.accountant())
    claims.reopen(order=factories.ordered(claim))
    rates.withdraw(rate=first, by=factories.actor(Role.SUPERVISOR))
    in_force(currency="KES", units_per_eur=Decimal(160))
    claim.refresh_from_db()
    assert frozen_on(factories.assessed(claim))[0] == 160
