"""What lasts is told: to the agents, to the supervisors, then to the insured person, each once."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, PauseReason
from escale.domain.desk.filters import PROPOSED, lasting
from escale.domain.desk.models import Alert, AlertKind, Assignment
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
    """
    Raise what was not raised yet: a claim that waits for the insured person is nobody else's to hurry.

    Unless a decision on it waits for a second look: this, another agent can do.
    """
    found = _lasting(kind, day, statuses, hurried=PROPOSED).values_list("pk", "reopened_on")[:MOST_AT_ONCE]
    alerts = [Alert(claim_id=pk, kind=kind, clock_from=since) for pk, since in found]
    return len(Alert.objects.bulk_create(alerts, ignore_conflicts=True))


def _lasting(kind: AlertKind, day: str, statuses: set[Status], *, hurried: Q | None = None) -> QuerySet[Claim]:
    """Return the claims that have lasted until a day of which nobody was told; those in a pause, if `hurried`."""
    working = Claim.objects.filter(status__in=sorted(statuses))
    paused = working.filter(pauses__reason=PauseReason.PAPERS, pauses__paused_until__isnull=True)
    if hurried:
        paused = paused.exclude(hurried)
    told = Alert.objects.current().filter(kind=kind)
    lasted = working.filter(lasting(int(parameters.value(day, on=timezone.localdate()))))
    return lasted.exclude(pk__in=paused.values("pk")).exclude(pk__in=told.values("claim")).order_by("due_on", "pk")


def make_excuses() -> int:
    """
    Promise a new day for each claim that is not answered on the last one, and return how many; each once.

    The insured person's clock never stops: an excuse is made too while the medical service is asked. While it is they
    who are waited for, there is nothing to be excused: it is made on the first morning after their paper came.
    """
    made = 0
    lasted = _lasting(AlertKind.EXCUSE, "excuse_day", WORKED_ON)
    for pk in list(lasted.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        made += _excuse(pk)
    return made


@transaction.atomic
def _excuse(pk: int) -> bool:
    claim = Claim.objects.select_for_update(no_key=True).get(pk=pk)
    if claim.status not in WORKED_ON:  # it was decided meanwhile
        return False
    promised_on = clock.excuse(on=timezone.localdate())
    alert, is_new = Alert.objects.get_or_create(
        claim=claim, kind=AlertKind.EXCUSE, clock_from=claim.reopened_on, defaults={"promised_on": promised_on}
    )
    if is_new:
        journal.record("claim_alert.excuse", subject=alert, actor=SYSTEM.account, hat=SYSTEM.role, on=promised_on)
    return is_new


def forget_assignments() -> int:
    """Forget to whom claims were given that are closed since, and return how many: the journal still tells it."""
    closed = Assignment.objects.exclude(claim__status__in=sorted(WORKED_ON))
    return closed.delete()[0]


def is_on_duty() -> bool:
    """Tell whether today is a day on which the Fund works."""
    return deadlines.is_working(timezone.localdate())
