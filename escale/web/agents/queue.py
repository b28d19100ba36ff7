"""The queue: what is due first comes first, filtered as one likes, kept as a view, searched in one field."""

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.desk import actions as desk
from escale.domain.desk import queries, search
from escale.domain.desk.filters import Assigned, Filters, WaitsFor
from escale.domain.desk.models import SavedView
from escale.web import paging
from escale.web.agents.queue_forms import FilterForm, GroupedForm, SearchForm, asked, told
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the claims to treat, fifty at a time, or open the one whose number was typed."""
    number = request.GET.get("numero", "")
    if request.actor.role == Role.AGENT and search.numbered(number, by=request.actor).exists():
        return redirect("agents:case", search.written_number(number))
    views = queries.views(request.actor.signatory)
    filters = _chosen(request, views)
    claims = list(queries.queue(actor=request.actor, filters=filters, after=paging.due(request)))
    named, agents = _named(views, request.actor), list(queries.agents())
    counted = queries.counted(filters, *named.values(), actor=request.actor)
    context = {
        "claims": claims,
        "filters": filters,
        "kept": urlencode(told(filters)),
        "after": paging.after_due(claims, size=queries.PAGE),
        "number_error": number and _("Aucune demande reçue ne porte ce numéro : vérifiez-le."),
        "form": FilterForm(filters, places=counted.places, cares=counted.cares, agents=agents),
        "grouped": GroupedForm(role=request.actor.role, agents=agents, initial={"request_key": uuid4()}),
        "search": SearchForm(),
        "views": [(name, urlencode(told(one)) or "tout=1", counted.found[one], one == filters)
                  for name, one in named.items()],
        "total": counted.found[filters],
        "view": next((view for view in views if Filters.read(view.filters) == filters), None),
    }  # fmt: skip
    return render(request, "agents/queue.html", context)


def _chosen(request: ActorRequest, views: list[SavedView]) -> Filters:
    """Return the filters of the address; of a bare one, those of one's default view."""
    if request.GET:
        return asked(request.GET)
    return next((Filters.read(view.filters) for view in views if view.is_default), Filters())


def _named(views: list[SavedView], actor: Actor) -> dict[str, Filters]:
    """Return the views of the house, then one's own."""
    ready = {
        _("Toutes"): Filters(),
        _("À moi"): Filters(assigned=Assigned.ME),
        _("Pièce arrivée"): Filters(waits_for=WaitsFor.ARRIVED),
        _("À partir du jour 3"): Filters(age=3),
        _("À relire"): Filters(waits_for=WaitsFor.SECOND_LOOK),
        _("Attend l’assuré"): Filters(waits_for=WaitsFor.INSURED),
    }
    if actor.role == Role.SUPERVISOR:
        ready |= {_("Avis médical"): Filters(waits_for=WaitsFor.OPINION)}
    return ready | {f"\N{BLACK STAR} {view.name}": Filters.read(view.filters) for view in views}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def find(request: ActorRequest) -> HttpResponse:
    """Find claims by a number, a NIR, a name or a provider; a NIR or a name is never in an address."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    hits: list[search.Hit] = []
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data["wanted"]
        if request.actor.role == Role.AGENT and search.numbered(wanted, by=request.actor).exists():
            return redirect("agents:case", search.written_number(wanted))
        hits = search.find(wanted, by=request.actor)
    return render(request, "agents/search.html", {"form": form, "hits": hits, "asked": form.is_bound})


@require_safe
@wearing(Role.AGENT)
def mine(request: ActorRequest) -> HttpResponse:
    """Show what one has in hand, and what was given to one by name."""
    return render(request, "agents/mine.html", {"claims": list(queries.mine(actor=request.actor))})


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def save_view(request: ActorRequest) -> HttpResponse:
    """Keep the filters of the page under a name."""
    filters = asked(request.POST)
    try:
        desk.save_view(
            name=request.POST.get("name", "")[:60],
            filters=filters,
            is_default="is_default" in request.POST,
            by=request.actor,
        )
        messages.success(request, _("Vue enregistrée."))
    except desk.Unacceptable as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('agents:queue')}?{urlencode(told(filters)) or 'tout=1'}")


@require_POST
@wearing(Role.AGENT, Role.SUPERVISOR)
def forget_view(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep a view no longer."""
    desk.forget_view(view=get_object_or_404(SavedView, account=request.actor.account, pk=pk))
    messages.success(request, _("Vue retirée."))
    return redirect("agents:queue")
