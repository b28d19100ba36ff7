"""At the door of a file: a protected one is shut until it is said why, and whoever looks in leaves a line."""

from django.db import models
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.appeals.models import Appeal
from escale.domain.claims.models import Attachment, Claim
from escale.domain.debts.models import Debt
from escale.domain.desk import actions as desk
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson, Purpose
from escale.web.hats import ActorRequest, First, Instead

PURPOSE_OF = {
    Role.AGENT: Purpose.TREATMENT,
    Role.PHYSICIAN: Purpose.OPINION,
    Role.ACCOUNTANT: Purpose.VISA,
    Role.SECOND_ACCOUNTANT: Purpose.CONTROL,
    Role.SUPERVISOR: Purpose.CONTROL,
    Role.COUNTER: Purpose.COUNTER,
}
"""For what each hat looks into a file."""


def asked_for(request: ActorRequest, number: str) -> Claim:
    """
    Return the claim of this number, if this actor may see it, and note that they look into it.

    :raises First: if its file is protected and it was not said why it is opened, or to act on what another has open.
    """
    within = Claim.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    claim = get_object_or_404(within.with_people().with_decisions(), number=number)
    if claim.shut:
        raise First(glass_of(request.actor.role, number))
    look(request, claim.insured, claim, number=number)
    _arrive(request, claim)
    return claim


def _arrive(request: ActorRequest, claim: Claim) -> None:
    """
    Note that this actor has the claim open; if another had it before, they only read it.

    :raises Instead: if they meant to do something; what they wrote is shown to them again, and kept nowhere.
    """
    claim.holding_now = desk.arrive(claim=claim, by=request.actor)
    if claim.holding_now is None or claim.holding_now.account_id == request.actor.signatory.pk:
        return
    claim.read_only = desk.words(claim.holding_now)
    if request.method == "POST":
        medical = request.actor.role == Role.PHYSICIAN
        back = reverse("agents:opinion" if medical else "agents:case", args=[claim.number])
        raise Instead(
            render(request, "agents/kept_out.html", {"claim": claim, "back": back, "typed": _written(request)})
        )


def _written(request: ActorRequest) -> str:
    """Return the sentences that were typed; a code or a box is told again in a moment."""
    values = (value.strip() for name in request.POST for value in request.POST.getlist(name))
    return "\n\n".join(value for value in values if " " in value)


def order_asked_for(request: ActorRequest, reference: str) -> PaymentOrder:
    """Return the order of this reference, on the same terms."""
    within = PaymentOrder.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    order = get_object_or_404(within.select_related("insured", "ordered_by", "batch"), reference=reference)
    if order.shut:
        raise First(reverse("agents:open_order", args=[reference]))
    look(request, order.insured, order, number=reference)
    return order


def appeal_asked_for(request: ActorRequest, reference: str) -> Appeal:
    """Return the appeal of this reference, on the same terms."""
    within = Appeal.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    appeal = get_object_or_404(within.select_related("insured", "decision__claim"), reference=reference)
    if appeal.shut:
        raise First(reverse("agents:open_appeal", args=[reference]))
    look(request, appeal.insured, appeal, number=reference)
    return appeal


def debt_asked_for(request: ActorRequest, reference: str) -> Debt:
    """Return the debt of this reference, on the same terms."""
    within = Debt.objects.within_reach_of(request.actor).saying_if_shut_to(request.actor)
    debt = get_object_or_404(within.select_related("insured", "decision__claim", "opened_by"), reference=reference)
    if debt.shut:
        raise First(reverse("agents:open_debt", args=[reference]))
    look(request, debt.insured, debt, number=reference)
    return debt


def look(request: ActorRequest, insured: InsuredPerson, subject: models.Model, *, number: str = "") -> None:
    """Note that this actor looks into a file, for what their hat does."""
    registry.note_reading(
        insured=insured, subject=subject, purpose=PURPOSE_OF[request.actor.role], by=request.actor, number=number
    )


def look_at_paper(request: ActorRequest, attachment: Attachment) -> None:
    """Note that this actor looks at a paper."""
    registry.note_reading(
        insured=attachment.claim.insured,
        subject=attachment.document,
        purpose=PURPOSE_OF[request.actor.role],
        by=request.actor,
        number=attachment.claim.number,
        paper=attachment.paper,
        medical=attachment.medical,
    )


def glass_of(role: Role, number: str) -> str:
    """Return the page where somebody says why they open the file of a claim: physicians have their own counter."""
    return reverse("agents:open_opinion" if role == Role.PHYSICIAN else "agents:open_case", args=[number])
