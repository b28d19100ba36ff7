"""The batches of transfers: prepared out of one budget, signed by a second person, and what became of each."""

from decimal import Decimal

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.documents import queries as documents
from escale.domain.payments import actions as payments
from escale.domain.payments import queries as of_payments
from escale.domain.payments import reissues
from escale.domain.payments.doubts import held_back
from escale.domain.payments.lifecycle import BatchStatus, OrderStatus
from escale.domain.payments.models import Batch
from escale.gateways.bank import InvalidBatch
from escale.rules import budgets
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents.payment_forms import SeenForm
from escale.web.hats import ActorRequest, wearing

SHOWN = 100


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def batches(request: ActorRequest) -> HttpResponse:
    """Show the latest batches, and what became of each."""
    latest = list(Batch.objects.visible_to(request.actor).order_by("-prepared_at", "-pk")[:SHOWN])
    names = {one.code: one.label for one in budgets.budgets(on=timezone.localdate())}
    context = {
        "batches": [(batch, names.get(batch.budget, batch.budget)) for batch in latest],
        "to_send": of_payments.to_send(actor=request.actor),
        "by_hand": list(of_payments.by_hand(actor=request.actor).select_related("account")[:SHOWN]),
    }
    return render(request, "agents/batches.html", context)


@require_POST
@wearing(Role.ACCOUNTANT)
def prepare(request: ActorRequest) -> HttpResponse:
    """Write the orders of a budget that have the visa into one batch, which leaves for the bank."""
    try:
        batch = payments.prepare_batch(by=request.actor, budget=request.POST.get("budget", "")[:24])
    except payments.NothingToSend:
        messages.info(request, _("Aucun ordre visé n’attend d’être envoyé."))
    except InvalidBatch as invalid:
        messages.error(request, str(invalid))
    else:
        if not batch.wants_signature:
            messages.success(request, _("Lot %s préparé : il part vers la banque.") % batch)
        else:
            messages.success(request, _("Lot %s préparé : une seconde personne doit le signer.") % batch)
    return redirect("agents:batches")


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def batch(request: ActorRequest, reference: str) -> HttpResponse:
    """Show a batch, how it left, and what became of each of its transfers."""
    wanted = batch_asked_for(request, reference)
    after = paging.key(request, "apres")
    orders = wanted.orders.saying_if_shut_to(request.actor).select_related("insured").order_by("pk")
    rows = list((orders.filter(pk__gt=after) if after else orders)[:SHOWN])
    held = held_back(wanted)
    steps = _steps(wanted, request.actor, held=held)
    context = {
        "batch": wanted,
        "budget": budgets.budget(wanted.budget, on=wanted.execution_on),
        "steps": steps,
        "held_back": held,
        "may_give_up": wanted.by_hand
        and not wanted.bank_reference
        and any("fail" in one.steps_open_to(request.actor) for one in rows if one.status == OrderStatus.SENT),
        "left": "reissue" in steps and reissues.left_of(wanted, actor=request.actor).exists(),
        "file_open": wanted.file_open_to(request.actor),
        "orders": rows,
        "last": paging.last(rows, size=SHOWN),
        "states": of_payments.states(wanted),
    }
    return render(request, "agents/batch.html", context)


@require_POST
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def sign(request: ActorRequest, reference: str) -> HttpResponse:
    """Sign a batch that another prepared, or give it up: its orders leave in another."""
    wanted = batch_asked_for(request, reference)
    try:
        if "abandonner" in request.POST:
            payments.withdraw(batch=wanted, by=request.actor)
            messages.success(request, _("Lot abandonné : ses ordres gardent leur visa et attendent un autre lot."))
        else:
            payments.sign(batch=wanted, by=request.actor)
            by_hand, by_itself = (
                _("Lot signé : le virement est à faire à la main."),
                _("Lot signé : il part vers la banque."),
            )
            messages.success(request, by_hand if wanted.by_hand else by_itself)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:batch", wanted.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.ACCOUNTANT)
def reissue(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what is still due of a batch that the bank refused whole, how many and how much, then order it again."""
    wanted = batch_asked_for(request, reference)
    form = SeenForm(request.POST if request.method == "POST" else None)
    after = paging.key(request, "apres") or 0
    left = list(reissues.left_of(wanted, actor=request.actor, after=after))
    if request.method == "POST" and form.is_valid():
        try:
            done = payments.reissue_all(batch=wanted, by=request.actor, after=after, **form.cleaned_data)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _ordered_again(done, form.cleaned_data["count"] - done))
            if last := paging.last(left, size=reissues.MOST_AT_ONCE):
                return redirect(f"{request.path}?apres={last.pk}")
            return redirect("agents:batch", wanted.reference)
    context = {
        "batch": wanted,
        "form": form,
        "count": len(left),
        "total": sum((order.amount for order in left), Decimal(0)),
        "most": reissues.MOST_AT_ONCE,
    }
    return render(request, "agents/batch_reissue.html", context)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def batch_file(request: ActorRequest, reference: str) -> FileResponse:
    """Give the file of a batch, byte for byte as it went to the bank: of none that did not, or pays a shut person."""
    wanted = batch_asked_for(request, reference)
    if not wanted.file_open_to(request.actor):
        raise Http404
    kind, ending = ("text/plain; charset=utf-8", "txt") if wanted.by_hand else ("application/xml", "xml")
    content, name = documents.vault().open(wanted.key), f"{wanted.reference}.{ending}"
    return FileResponse(content, as_attachment=True, filename=name, content_type=kind)


def _steps(wanted: Batch, actor: Actor, *, held: str) -> frozenset[str]:
    """Return what this actor may do of a batch: one that leaves by itself is neither signed nor given up."""
    if wanted.waits:
        return wanted.steps_open_to(actor)
    if wanted.is_to_make:
        return wanted.steps_open_to(actor) & ({"withdraw"} if held else {"withdraw", "make"})
    if wanted.status == BatchStatus.REFUSED and actor.role == Role.ACCOUNTANT:
        return frozenset({"reissue"})
    return wanted.steps_open_to(actor) & {"withdraw"} if held else frozenset()


def _ordered_again(done: int, kept: int) -> str:
    told = ngettext("%(n)d ordre à viser.", "%(n)d ordres à viser.", done) % {"n": done}
    if not kept:
        return told
    stay = ngettext(
        "%(n)d reste dans « Retours de la banque » : sa page dit pourquoi.",
        "%(n)d restent dans « Retours de la banque » : leur page dit pourquoi.",
        kept,
    )
    return f"{told} {stay % {'n': kept}}"


def batch_asked_for(request: ActorRequest, reference: str) -> Batch:
    """Return the batch of this reference, if this actor may see it."""
    return get_object_or_404(Batch.objects.visible_to(request.actor), reference=reference)
