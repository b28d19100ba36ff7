"""What the Fund does with a debt: signs it, answers, spreads it, writes what comes back, ends it."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

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
from escale.web.agents.answering import answering
from escale.web.agents.debts import page, rows
from escale.web.agents.door import debt_asked_for

_answered_by = partial(answering, asked_for=debt_asked_for, page=page, route="agents:debt")


def _lines(debt: Debt) -> dict[str, Any]:
    return {"rows": rows(debt)}


def _recoveries(debt: Debt) -> dict[str, Any]:
    return {"recoveries": debt.recoveries.select_related("correction", "corrects__corrects")}


@_answered_by(Role.SUPERVISOR, form=SignForm, name="signing")
def sign(debt: Debt, form: SignForm, by: Actor) -> str:
    """Sign a debt that another proposed, or drop it."""
    if form.data.get("step") == "drop":
        debts.drop(debt=debt, words=form.cleaned_data["words"], by=by)
        return _("Indu écarté : l’assuré n’en a rien su.")
    debts.sign(debt=debt, by=by)
    return _("Indu signé : la notification est déposée dans le compte de l’assuré.")


@_answered_by(Role.AGENT, form=ReceiptForm, name="receipt")
def receive(debt: Debt, form: ReceiptForm, by: Actor) -> str:
    """Note when the registered letter was received."""
    debts.note_receipt(debt=debt, received_on=form.cleaned_data["received_on"], by=by)
    return _("Réception notée : les délais courent.")


@_answered_by(Role.SUPERVISOR, form=ReplyForm, about=_lines, name="reply")
def answer(debt: Debt, form: ReplyForm, by: Actor) -> str:
    """Answer to a rectification: the sums change, or they stand."""
    words, amounts = form.cleaned_data["words"], form.amounts()
    if all(amounts[pk] == amount for pk, _label, amount in form.rows):
        debts.confirm(debt=debt, words=words, by=by)
        return _("Indu confirmé : l’assuré en est prévenu.")
    debts.rectify(debt=debt, amounts=amounts, words=words, by=by)
    return _("Indu rectifié : l’assuré en est prévenu.")


@_answered_by(Role.AGENT, form=SpreadForm, name="spreading")
def spread(debt: Debt, form: SpreadForm, by: Actor) -> str:
    """Agree on a plan."""
    debts.spread(debt=debt, by=by, **form.cleaned_data)
    return _("Échéancier conclu : l’assuré en est prévenu.")


@_answered_by(Role.AGENT, form=RecoveryForm, name="recovery")
def record(debt: Debt, form: RecoveryForm, by: Actor) -> str:
    """Write that a sum came back."""
    debts.record(debt=debt, request_key=form.key(), by=by, **form.typed())
    return _("Somme inscrite.")


@_answered_by(Role.SUPERVISOR, form=ReturnForm, name="returning")
def give_back(debt: Debt, form: ReturnForm, by: Actor) -> str:
    """Write that a sum was given back."""
    debts.give_back(debt=debt, request_key=form.key(), by=by, **form.typed())
    return _("Somme rendue, inscrite.")


@_answered_by(Role.SUPERVISOR, form=CorrectionForm, about=_recoveries, name="correcting")
def correct(debt: Debt, form: CorrectionForm, by: Actor) -> str:
    """Undo a sum that somebody else wrote by mistake."""
    wrong = debt.recoveries.get(pk=form.cleaned_data["recovery"])
    debts.correct(recovery=wrong, words=form.cleaned_data["words"], request_key=form.key(), by=by)
    return _("Écriture corrigée.")


@_answered_by(Role.SUPERVISOR, form=GrantedForm, about=_lines, name="granted")
def carry_out(debt: Debt, form: GrantedForm, by: Actor) -> str:
    """Claim only what the commission left of a debt."""
    if not _carry_out(debt, by=by):
        raise StepRefused(_("La commission n’a rien accordé de cet indu qui soit encore à faire."))
    debts.rectify_on_appeal(debt=debt, amounts=form.amounts(), by=by)
    return _("Indu rectifié comme la commission l’a décidé : l’assuré en est prévenu.")


@_answered_by(Role.SUPERVISOR, form=EndForm, name="ending")
def end(debt: Debt, form: EndForm, by: Actor) -> str:
    """Call upon somebody to pay, note a writ, cancel, or give up."""
    words = form.cleaned_data["words"]
    match form.data.get("step"):
        case "call" | "constrain" if Appeal.objects.filter(overpayment=debt.reference, status__in=OPEN).exists():
            raise StepRefused(_("Un recours est en cours contre cet indu : attendez la réponse de la commission."))
        case "call":
            debts.call(debt=debt, by=by)
        case "constrain":
            debts.constrain(debt=debt, by=by)
        case "cancel":
            debts.cancel(debt=debt, words=words, by=by)
            _carry_out(debt, by=by)
        case "abandon":
            debts.abandon(debt=debt, words=words, by=by)
        case _other:
            raise Unacceptable({"words": _("Choisissez ce que devient cet indu.")})
    return _("C’est fait : l’assuré en est prévenu.")


def _carry_out(debt: Debt, *, by: Actor) -> bool:
    """Say of the appeals granted against a debt that this was done; tell whether there was one."""
    granted = list(of_appeals.to_carry_out(debt.reference))
    for appeal in granted:
        appeals.carry_out(appeal=appeal, by=by)
    return bool(granted)
