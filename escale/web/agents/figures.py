"""The figures of the law at the counter « Barèmes »: what each is today, and another value to propose."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import figures
from escale.web.agents.tariff_forms import FigureForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show the figures of the law by their names, all or those that have some words, verified or not."""
    words = request.GET.get("mots", "").replace("\0", "").strip()[:100]
    found = figures.standings(on=timezone.localdate(), words=words)
    unsure = [one for one in found if not one.verified]
    only_unsure = request.GET.get("seulement") == "a-verifier"
    context = {"found": unsure if only_unsure else found, "words": words, "only_unsure": only_unsure,
               "every": len(found), "unsure": len(unsure)}  # fmt: skip
    return render(request, "agents/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def propose(request: ActorRequest, name: str) -> HttpResponse:
    """Propose another value of a figure; somebody else puts it in force."""
    try:
        figure = figures.standing(name, on=timezone.localdate())
    except LookupError as unknown:
        raise Http404(name) from unknown
    form = FigureForm(request.POST if request.method == "POST" else None, shape=figure.shape)
    if request.method == "POST" and form.is_valid():
        try:
            edition = tariffs.propose_figure(name=name, by=request.actor, **form.cleaned_data)
        except tariffs.Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(request, _("Valeur proposée : une autre personne doit la mettre en vigueur."))
            return redirect("agents:tariff_edition", edition.pk)
    return render(request, "agents/figure_propose.html", {"figure": figure, "form": form})
