"""What lasts is told: to the agents, to the supervisors, then to the insured person, each once."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, PauseReason
from escale.domain.desk.filters import lasting
from escale.domain.desk.models import Alert, AlertKind
from escale.domain.journal import actions as journal
from escale.rules import clock, deadlines, parameters

MOST_AT_ONCE = 1_000


def alert_agents() -> int:
    """Raise the alerts of the claims that are to be treated today, and return how many are new."""
    return _raise(AlertKind.AGENT, "alert_agent_day", {Status.IN_PROGRESS})


def alert_supervisors() -> int:
    """Raise the alerts of the claims that supervisors look at, and return how many are new."""
    return _raise(AlertKind.SUPERVISOR, "alert_supervisor_day", WORKED_ON)


def _raise(kind: AlertKind, day: str, statuses: set[Status]) -> int:
    """Raise what was not raised yet: a claim that waits for the insured person is nobody else's to hurry."""
    found = _lasting(kind, day, statuses)
    made = Alert.objects.bulk_create([Alert(claim_id=pk, kind=kind) for pk in found], ignore_conflicts=True)
    return len(made)


def _lasting(kind: AlertKind, day: str, statuses: set[Status]) -> Iterator[int]:
    today = timezone.localdate()
    since = lasting(int(parameters.value(day, on=today)))
    waiting = {"pauses__reason": PauseReason.PAPERS, "pauses__paused_until__isnull": True}
    claims = Claim.objects.filter(status__in=sorted(statuses), sent_at__lt=since)
    open_ones = Claim.objects.filter(status__in=sorted(statuses), **waiting)
    told = Alert.objects.filter(kind=kind)
    return claims.exclude(pk__in=open_ones.values("pk")).exclude(pk__in=told.values("claim")).order_by(
        "due_on", "pk"
    ).values_list("pk", flat=True)[:MOST_AT_ONCE].iterator()  # fmt: skip


def make_excuses() -> int:
    """
    Promise a new day for each claim that is not answered on the last one, and return how many; each once.

    The insured person's clock never stops: an excuse is made too while the medical service is asked. While it is they
    who are waited for, there is nothing to be excused: it is made on the first morning after their paper came.
    """
    made = 0
    for pk in list(_lasting(AlertKind.EXCUSE, "excuse_day", WORKED_ON)):
        made += _excuse(pk)
    return made


@transaction.atomic
def _excuse(pk: int) -> bool:
    claim = Claim.objects.select_for_update(no_key=True).get(pk=pk)
    if claim.status not in WORKED_ON:  # it was decided meanwhile
        return False
    promised_on = clock.excuse(on=timezone.localdate())
    alert, is_new = Alert.objects.get_or_create(
        claim=claim, kind=AlertKind.EXCUSE, defaults={"promised_on": promised_on}
    )
    if is_new:
        journal.record("claim_alert.excuse", subject=alert, actor=SYSTEM.account, hat=SYSTEM.role, on=promised_on)
    return is_new


def is_on_duty() -> bool:
    """Tell whether today is a day on which the Fund works."""
    return deadlines.is_working(timezone.localdate())
