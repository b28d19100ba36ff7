"""What lasts is told, once, to whom can do something."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.desk import queries as desk
from escale.domain.desk.models import Alert, AlertKind
from escale.domain.notices.models import Notice
from escale.jobs import desk as night
from tests import factories
from tests.conftest import Work
from tests.domain.desk.conftest import rows

DAYS = {3: {AlertKind.AGENT}, 4: {AlertKind.AGENT, AlertKind.SUPERVISOR}, 5: set(AlertKind)}


def raised(claim: Claim) -> set[str]:
    return set(Alert.objects.filter(claim=claim).values_list("kind", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("day", range(1, 8))
def test_each_working_day_tells_what_is_to_be_told(day: int, frozen: time_machine.Traveller) -> None:
    [claim] = rows(1)  # on a Tuesday
    frozen.shift(timedelta(days=day + 2 * (day > 3)))  # the week-end does not count
    night.watch()
    assert raised(claim) == DAYS.get(min(day, 5), set())


@pytest.mark.django_db
def test_nothing_is_told_on_a_day_off(frozen: time_machine.Traveller) -> None:
    [claim] = rows(1)
    frozen.move_to(date(2026, 9, 20))
    night.watch()
    assert raised(claim) == set()


@pytest.mark.django_db
def test_what_waits_for_the_insured_person_is_not_told_until_their_paper_came(frozen: time_machine.Traveller) -> None:
    [awaited] = rows(1, days=9)
    [asked] = rows(1, days=9, status=Status.MEDICAL_OPINION)
    pause = awaited.pauses.create(reason="papers", paused_from="2026-09-08")
    asked.pauses.create(reason="opinion", paused_from="2026-09-08")
    night.watch()
    assert raised(awaited) == set()
    assert raised(asked) == {AlertKind.SUPERVISOR, AlertKind.EXCUSE}
    pause.paused_until = date(2026, 9, 15)
    pause.save()
    night.watch()
    assert raised(awaited) == set(AlertKind)


@pytest.mark.django_db
def test_what_waits_for_a_second_look_is_told_even_if_a_paper_is_awaited_too() -> None:
    [claim] = rows(1, days=9)
    claim.pauses.create(reason="papers", paused_from="2026-09-08")
    claim.decisions.create(total=1, by=factories.agent().account, second_look="amount")
    night.watch()
    assert raised(claim) == {AlertKind.AGENT, AlertKind.SUPERVISOR}


@pytest.mark.django_db
def test_a_claim_taken_up_again_is_told_anew_and_its_old_excuse_no_more(
    frozen: time_machine.Traveller,
) -> None:
    [claim] = rows(1, days=9)
    night.watch()
    assert desk.excuse(claim) is not None
    again = timezone.localdate()
    Claim.objects.filter(pk=claim.pk).update(reopened_on=again)
    claim.refresh_from_db()
    assert desk.excuse(claim) is None
    supervisor = factories.actor(Role.SUPERVISOR)
    assert not desk.alerts(actor=supervisor, kind=AlertKind.SUPERVISOR).exists()
    night.watch()
    assert Alert.objects.filter(clock_from=again).count() == 0
    frozen.shift(timedelta(days=7))
    night.watch()
    night.watch()
    assert set(Alert.objects.filter(clock_from=again).values_list("kind", flat=True)) == set(AlertKind)
    assert Alert.objects.count() == 6
    assert desk.excuse(claim).promised_on == date(2026, 9, 29)


@pytest.mark.django_db(transaction=True)
def test_the_insured_person_reads_one_excuse_with_a_new_date_and_supervisors_one_message(work: Work) -> None:
    supervisor = factories.actor(Role.SUPERVISOR).account
    late, other = rows(2, days=9)
    for _ in range(2):
        night.watch()
        work()
    alert = Alert.objects.get(claim=late, kind=AlertKind.EXCUSE)
    assert alert.promised_on == date(2026, 9, 22)
    excuses = Notice.objects.filter(kind="claim_delayed", account=late.insured.account)
    assert {notice.title for notice in excuses} == {
        f"Votre demande {one.number} prend du retard" for one in (late, other)
    }
    assert all("22 septembre 2026" in notice.body for notice in excuses)
    [digest] = Notice.objects.filter(kind="claims_lasting")
    assert (digest.account, digest.title) == (supervisor, "2 demandes arrivent au terme du délai")
