"""To what end claims come, in parts or at once; and what agents keep of what the machine read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import ClaimLine
from escale.domain.documents.models import Field, Finding
from escale.domain.statistics import actions as statistics
from escale.domain.statistics import queries
from escale.domain.statistics.models import Reading
from escale.domain.statistics.queries import Scope
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]
TUESDAY = date(2026, 9, 15)
WEEK = Scope(TUESDAY, TUESDAY + timedelta(weeks=1))


def test_a_claim_decided_in_parts_counts_once_when_nothing_is_left(frozen: time_machine.Traveller):
    draft = factories.complete()
    factories.line(draft.bills.get(), amount=Decimal(20))
    claim = factories.received(claim=draft)
    first, second = ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    claims.assess(line=first, retained=claims.Assessment(act="G"), by=factories.agent())
    first.refresh_from_db()
    claims.decide(claim=claim, seen={first.pk: first.due}, by=factories.agent())
    statistics.fold()
    assert queries.sorts(WEEK).outcomes == {}
    assert sum(queries.moves(WEEK)[1].values()) == 1
    frozen.shift(timedelta(days=1))
    claims.refuse(claim=claim, reason_code="R01", explanation="Non remboursable.", by=factories.agent())
    statistics.fold()
    told = queries.sorts(WEEK)
    assert (dict(told.outcomes), dict(told.paid)) == ({"partly": 1}, {"partly": first.due})
    assert told.reasons == {"R01": 1}
    assert told.delays == {1: 1}
    assert queries.moves(WEEK)[1] == {}


def test_what_was_promised_is_the_first_answer_and_an_appeal_is_counted_apart(frozen: time_machine.Traveller):
    claim = factories.refused(factories.received())
    frozen.shift(timedelta(days=40))
    claim.refresh_from_db()
    claims.take_up(decision=claim.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    statistics.fold()
    since = Scope(TUESDAY, TUESDAY + timedelta(weeks=8))
    flows, stock = queries.moves(since)
    assert (flows[TUESDAY].answered, flows[TUESDAY].gross) == (1, 1)
    assert stock == {(TUESDAY + timedelta(days=40), "agent"): 1}
    claims.refuse(claim=claim, reason_code="R01", explanation="Non remboursable.", by=factories.agent())
    statistics.fold()
    assert queries.sorts(since).delays == {0: 1}
    assert queries.moves(since)[1] == {}


def test_what_agents_kept_of_what_the_machine_read_is_counted_by_day():
    kept, corrected, *_rest = [paper.document for paper in factories.received().attachments.order_by("pk")]
    now = timezone.now()
    for document, value, agreed in [(kept, "12.00", True), (corrected, "13.00", False)]:
        Finding.objects.create(document=document, field=Field.TOTAL, value=value, agreed=agreed, judged_at=now)
    Finding.objects.create(document=kept, field=Field.NUMBER, judged_at=now)
    Finding.objects.create(document=kept, field=Field.CURRENCY, value="EUR")  # nobody has looked yet
    for _again in range(2):
        statistics.fold()
        assert queries.sorts(WEEK).readings == {
            "total": {Reading.KEPT: 1, Reading.CORRECTED: 1},
            "number": {Reading.SILENT: 1},
        }
