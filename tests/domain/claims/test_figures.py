"""What a decision ordered a line by stays as it was, whatever is decided of the line later."""

from decimal import Decimal

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import figures
from escale.domain.claims.models import Award, ClaimLine
from tests import factories
from tests.house.test_what_was_paid_before import migration, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def taken_up() -> Award:
    """An award whose line is open again, after an appeal."""
    claim = factories.approved()
    factories.paid(factories.ordered(claim))
    claims.take_up(decision=claim.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    return Award.objects.select_related("line").get()


def test_an_award_tells_its_line_as_it_was_decided_once_it_is_computed_again():
    award = taken_up()
    before = figures.as_ordered(award)
    claims.assess(line=award.line, retained=claims.Assessment(act="CS", quantity=2), by=factories.agent())
    award.refresh_from_db()
    assert award.line.act == "CS"
    told = figures.as_ordered(award)
    assert told.act == "G"
    assert (told.given_on, told.rate_on, told.due, told.rate) == (
        before.given_on, before.rate_on, before.due, before.rate
    )  # fmt: skip
    assert isinstance(told.due, Decimal)
    assert told.explanation != award.line.explanation


def test_what_was_awarded_before_figures_were_kept_has_those_of_its_line():
    award = Award.objects.get(decision__claim=factories.approved())
    kept = award.figures
    run(
        "ALTER TABLE claims_award DISABLE TRIGGER USER; UPDATE claims_award SET figures = '{}';"
        "ALTER TABLE claims_award ENABLE TRIGGER USER;"
    )
    run(migration("claims", "0035_figures_of_what_was_awarded").FIGURES)
    award.refresh_from_db()
    del kept["circumstances"]
    assert award.figures == kept
    assert set(kept) == set(figures.NAMES) <= {field.name for field in ClaimLine._meta.fields}
    assert figures.circumstances(award.decision) == figures.today(award.decision.claim)
