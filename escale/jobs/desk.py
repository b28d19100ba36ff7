"""What follows at the desk: what lasts is told each working morning, and an act on many claims is done."""

from django.utils import timezone

from escale.domain.accounts import staff
from escale.domain.claims.models import Claim
from escale.domain.desk import actions as desk
from escale.domain.desk.models import Alert, AlertKind, GroupedAct
from escale.domain.mandates import queries as mandates
from escale.domain.notices import actions as notices
from escale.jobs import tasks

A_FEW = 50


def watch() -> None:
    """Tell what lasts, to the agents, the supervisors by one message, the insured person once; forget what is over."""
    if not desk.is_on_duty():
        return
    desk.forget_assignments()
    while desk.alert_agents():
        pass
    raised = 0
    while more := desk.alert_supervisors():
        raised += more
    if raised:
        _tell_supervisors(raised)
    while desk.make_excuses():
        pass


def _tell_supervisors(raised: int) -> None:
    last = Alert.objects.filter(kind=AlertKind.SUPERVISOR).latest("pk")
    for supervisor in staff.supervisors():
        notices.write(kind="claims_lasting", to=supervisor, about=last, raised=raised)


@tasks.reaction()
def tell_excuse(pk: int) -> None:
    """Write to the sender of a claim that the answer is late, and when it will come."""
    alert = Alert.objects.get(pk=pk)
    claim = Claim.objects.select_related("insured__account").get(pk=alert.claim_id)
    notices.write(kind="claim_delayed", to=tasks.recipient(claim), about=alert, claim=claim, on=alert.promised_on)
    for follower in mandates.followers(claim.insured, on=timezone.localdate()):
        notices.write(kind="claim_followed", to=follower, about=alert, claim=claim)


@tasks.reaction()
def do_grouped(pk: int) -> None:
    """Do an act on many claims, or undo it, a few at a time."""
    act = GroupedAct.objects.get(pk=pk)
    while desk.go_on(act=act, most=A_FEW):
        pass
