"""What the Fund does with a debt: signs it, answers, spreads it, writes what comes back, ends it."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries as of_appeals
from escale.domain.appeals.lifecycle import OPEN
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.debts import actions as debts
from escale.domain.debts.models import Debt
from escale.rules.lifecycle import StepRefused
from escale.web.agents.after_forms import (
    CorrectionForm,
    EndForm,
    GrantedForm,
    ReceiptForm,
    RecoveryForm,
    ReplyForm,
    ReturnForm,
    SignForm,
    SpreadForm,
)
from escale.web.agents.debts import page, rows
from escale.web.agents.door import debt_asked_for
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing


@require_POST
@wearing(Role.SUPERVISOR)
def sign(request: ActorRequest, reference: str) -> HttpResponse:
    """Sign a debt that another proposed, or drop it."""
    debt, form = debt_asked_for(request, reference), SignForm(request.POST)

    def settle() -> str:
        if request.POST.get("step") == "drop":
            debts.drop(debt=debt, words=form.cleaned_data["words"], by=request.actor)
            return _("Indu écarté : l’assuré n’en a rien su.")
        debts.sign(debt=debt, by=request.actor)
        return _("Indu signé : la notification est déposée dans le compte de l’assuré.")

    return _done(request, debt, "signing", form, settle)


@require_POST
@wearing(Role.AGENT)
def receive(request: ActorRequest, reference: str) -> HttpResponse:
    """Note when the registered letter was received."""
    debt, form = debt_asked_for(request, reference), ReceiptForm(request.POST)

    def note() -> str:
        debts.note_receipt(debt=debt, received_on=form.cleaned_data["received_on"], by=request.actor)
        return _("Réception notée : les délais courent.")

    return _done(request, debt, "receipt", form, note)


@require_POST
@wearing(Role.SUPERVISOR)
def answer(request: ActorRequest, reference: str) -> HttpResponse:
    """Answer to a rectification: the sums change, or they stand."""
    debt = debt_asked_for(request, reference)
    form = ReplyForm(request.POST, rows=rows(debt))

    def reply() -> str:
        words, amounts = form.cleaned_data["words"], form.amounts()
        if all(amounts[pk] == amount for pk, _label, amount in form.rows):
            debts.confirm(debt=debt, words=words, by=request.actor)
            return _("Indu confirmé : l’assuré en est prévenu.")
        debts.rectify(debt=debt, amounts=amounts, words=words, by=request.actor)
        return _("Indu rectifié : l’assuré en est prévenu.")

    return _done(request, debt, "reply", form, reply)


@require_POST
@wearing(Role.AGENT)
def spread(request: ActorRequest, reference: str) -> HttpResponse:
    """Agree on a plan."""
    debt, form = debt_asked_for(request, reference), SpreadForm(request.POST)

    def agree() -> str:
        debts.spread(debt=debt, by=request.actor, **form.cleaned_data)
        return _("Échéancier conclu : l’assuré en est prévenu.")

    return _done(request, debt, "spreading", form, agree)


@require_POST
@wearing(Role.AGENT)
def record(request: ActorRequest, reference: str) -> HttpResponse:
    """Write that a sum came back."""
    debt, form = debt_asked_for(request, reference), RecoveryForm(request.POST)

    def write() -> str:
        debts.record(debt=debt, request_key=form.key(), by=request.actor, **form.typed())
        return _("Somme inscrite.")

    return _done(request, debt, "recovery", form, write)


@require_POST
@wearing(Role.SUPERVISOR)
def end(request: ActorRequest, reference: str) -> HttpResponse:
    """Call upon somebody to pay, note a writ, cancel, or give up."""
    debt, form = debt_asked_for(request, reference), EndForm(request.POST)

    @transaction.atomic
    def settle() -> str:
        words = form.cleaned_data["words"]
        match request.POST.get("step"):
            case "call" | "constrain" if Appeal.objects.filter(overpayment=debt.reference, status__in=OPEN).exists():
                raise StepRefused(_("Un recours est en cours contre cet indu : attendez la réponse de la commission."))
            case "call":
                debts.call(debt=debt, by=request.actor)
            case "constrain":
                debts.constrain(debt=debt, by=request.actor)
            case "cancel":
                debts.cancel(debt=debt, words=words, by=request.actor)
                _carry_out(debt, by=request.actor)
            case "abandon":
                debts.abandon(debt=debt, words=words, by=request.actor)
            case _other:
                raise Unacceptable({"words": _("Choisissez ce que devient cet indu.")})
        return _("C’est fait : l’assuré en est prévenu.")

    return _done(request, debt, "ending", form, settle)


@require_POST
@wearing(Role.SUPERVISOR)
def carry_out(request: ActorRequest, reference: str) -> HttpResponse:
    """Claim only what the commission left of a debt."""
    debt = debt_asked_for(request, reference)
    form = GrantedForm(request.POST, rows=rows(debt))

    @transaction.atomic
    def lower() -> str:
        if not _carry_out(debt, by=request.actor):
            raise StepRefused(_("La commission n’a rien accordé de cet indu qui soit encore à faire."))
        debts.rectify_on_appeal(debt=debt, amounts=form.amounts(), by=request.actor)
        return _("Indu rectifié comme la commission l’a décidé : l’assuré en est prévenu.")

    return _done(request, debt, "granted", form, lower)


@require_POST
@wearing(Role.SUPERVISOR)
def correct(request: ActorRequest, reference: str) -> HttpResponse:
    """Undo a sum that somebody else wrote by mistake."""
    debt = debt_asked_for(request, reference)
    written = debt.recoveries.select_related("correction", "corrects__corrects")
    form = CorrectionForm(request.POST, recoveries=written)

    def undo() -> str:
        wrong = written.get(pk=form.cleaned_data["recovery"])
        debts.correct(recovery=wrong, words=form.cleaned_data["words"], request_key=form.key(), by=request.actor)
        return _("Écriture corrigée.")

    return _done(request, debt, "correcting", form, undo)


@require_POST
@wearing(Role.SUPERVISOR)
def give_back(request: ActorRequest, reference: str) -> HttpResponse:
    """Write that a sum was given back."""
    debt, form = debt_asked_for(request, reference), ReturnForm(request.POST)

    def write() -> str:
        debts.give_back(debt=debt, request_key=form.key(), by=request.actor, **form.typed())
        return _("Somme rendue, inscrite.")

    return _done(request, debt, "returning", form, write)


def _carry_out(debt: Debt, *, by: Actor) -> bool:
    """Say of the appeals granted against a debt that this was done; tell whether there was one."""
    granted = list(of_appeals.to_carry_out(debt.reference))
    for appeal in granted:
        appeals.carry_out(appeal=appeal, by=by)
    return bool(granted)


def _done(request: ActorRequest, debt: Debt, name: str, form: Form, act: Callable[[], str]) -> HttpResponse:
    """Do what was asked, unless what was typed is not right: then the page shows where."""
    if form.is_valid():
        try:
            messages.success(request, act())
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except StepRefused as refused:
            messages.error(request, str(refused))
    if form.errors:
        return page(request, debt_asked_for(request, debt.reference), **{name: form})
    return redirect("agents:debt", debt.reference)
