"""What is written about mandates: in time to renew them, and to the right person."""

from datetime import date, timedelta

import pytest
import time_machine

from escale.domain.accounts import actions as accounts
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.notices.models import Notice
from escale.jobs import upkeep
from tests import factories
from tests.conftest import Work
from tests.domain.mandates import mandates
from tests.domain.mandates.mandates import AFTER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen", "scanning")]


def test_both_are_warned_once_a_fortnight_before_the_end(frozen: time_machine.Traveller):
    mandate = mandates.accepted()
    mandates.accepted(valid_until=date(2026, 10, 1))  # too short to be forgotten
    upkeep.warn_of_mandates_that_end()
    assert not Notice.objects.exists()
    frozen.shift(AFTER - timedelta(days=14) - date(2026, 9, 15))
    for _ in range(2):
        upkeep.warn_of_mandates_that_end()
    told = Notice.objects.filter(kind="mandate_ends").order_by("pk")
    assert [notice.account for notice in told] == [mandate.principal.account, mandate.delegate]
    assert "vous pouvez le renouveler" in told[0].body
    assert "prévenez-la" in told[1].body


def test_nobody_is_warned_of_a_mandate_that_another_follows(frozen: time_machine.Traveller):
    mandate = mandates.accepted()
    mandates.offered(mandate.principal, to=mandate.address, valid_from=AFTER, valid_until=date(2027, 9, 1))
    frozen.shift(AFTER - timedelta(days=10) - date(2026, 9, 15))
    upkeep.warn_of_mandates_that_end()
    assert not Notice.objects.exists()


def test_who_is_told_that_a_claim_left_reads_who_sent_it_in_their_name(work: Work):
    mandate = mandates.accepted()
    claim, own = factories.complete(mandate.principal), factories.complete(mandate.principal)
    claims.submit(claim=claim, certified=True, by=mandates.acting(mandate))
    factories.sent(claim=own)
    work()
    said = {notice.about: notice.body for notice in Notice.objects.filter(kind="claim_sent")}
    assert "par Lou Exemple, en votre nom, le" in said[f"claims.claim:{claim.pk}"]
    assert "en votre nom" not in said[f"claims.claim:{own.pk}"]


def test_what_follows_a_closed_account_is_never_written_to_who_helped(work: Work):
    mandate = mandates.accepted()
    claim, account = factories.received(mandate.principal), mandate.principal.account
    address = account.email
    work()
    Notice.objects.filter(kind="claim_sent").update(id=1_000_000)  # as if the helper had been written to first
    accounts.close(account=account)
    work()
    factories.approved(Claim.objects.get(pk=claim.pk))
    work()
    assert Notice.objects.get(kind="claim_processed").address == address
