"""At the door of a file: a protected one is shut until it is said why, and whoever looks in leaves a line."""

from typing import Any

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


def within(request: ActorRequest, kind: Any, *beside: str) -> Any:
    """Return what is within reach of this actor, saying of each if its file is `shut`, with whose it is and more."""
    reached = kind.objects.within_reach_of(request.actor)
    return reached.saying_if_shut_to(request.actor).select_related("insured", *beside)


def asked_for(request: ActorRequest, number: str) -> Claim:
    """
    Return the claim of this number, if this actor may see it, and note that they look into it.

    :raises First: if its file is protected and it was not said why it is opened, or to act on what another has open.
    """
    claims = within(request, Claim, "beneficiary__person", "holding__account").with_decisions()
    claim: Claim = get_object_or_404(claims, number=number)
    if claim.shut:
        raise First(glass_of(request.actor.role, number))
    claim.reached_by = request.actor.account
    look(request, claim.insured, claim, number=number)
    _arrive(request, claim)
    return claim


def _arrive(request: ActorRequest, claim: Claim) -> None:
    """
    Note that this actor has the claim open; if another had it before, they only read it.

    :raises Instead: if they meant to do something; what they wrote is shown to them again, and kept nowhere.
    """
    had = getattr(claim, "holding", None)
    claim.holding_now = desk.arrive(claim=claim, by=request.actor, holding=had)
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
    """Return the order of this reference, on the same terms, with the budget that bears it."""
    orders = within(request, PaymentOrder, "ordered_by", "batch", "account", "reissue").saying_budget()
    return _opened(request, orders, reference, glass="agents:open_order")


def appeal_asked_for(request: ActorRequest, reference: str) -> Appeal:
    """Return the appeal of this reference, on the same terms."""
    return _opened(request, within(request, Appeal, "decision__claim"), reference, glass="agents:open_appeal")


def debt_asked_for(request: ActorRequest, reference: str) -> Debt:
    """Return the debt of this reference, on the same terms."""
    debts = within(request, Debt, "decision__claim", "opened_by")
    return _opened(request, debts, reference, glass="agents:open_debt")


def _opened(request: ActorRequest, rows: Any, reference: str, *, glass: str) -> Any:
    wanted = get_object_or_404(rows, reference=reference)
    if wanted.shut:
        raise First(reverse(glass, args=[reference]))
    look(request, wanted.insured, wanted, number=reference)
    return wanted


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
