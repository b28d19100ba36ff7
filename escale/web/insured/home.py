"""The first page of the space, and the list of all claims."""

from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.debts import queries as debts
from escale.domain.payments.models import PaymentOrder
from escale.web.hats import ActorRequest, wearing

PER_PAGE = 20
DRAFTS = 5
LONGEST_SEARCH = 100


class Service(NamedTuple):
    """One online service: its name in the words of the Fund, its state, its rule, and its address if it is open."""

    title: object
    state: object
    rule: object
    url: object = ""


OPEN, SOON = _("Ouvert"), _("Bientôt disponible")
SERVICES = [
    Service(
        _("Remboursement des soins à l’étranger"),
        OPEN,
        _("Pour des soins reçus à l’étranger ou dans une collectivité d’outre-mer."),
        reverse_lazy("insured:new_claim"),
    ),
    Service(
        _("Fiches pays"),
        OPEN,
        _("Quoi emporter, ce qu’une facture doit porter, et une page à montrer au médecin dans sa langue."),
        reverse_lazy("public:sheets"),
    ),
    Service(
        _("Demande d’aides à domicile et d’aides financières médico-sociales"),
        SOON,
        _("Les demandes d’aide à domicile ne sont pas applicables depuis l’étranger."),
    ),
    Service(
        _("Demande de prestations en espèces et allocation rechute"),
        SOON,
        _("Les prestations en espèces ne sont pas applicables depuis l’étranger."),
    ),
    Service(
        _("Accès à mes données personnelles et à mon compte ameli"),
        OPEN,
        _("Ce que la Caisse sait de vous, une copie de tout, et ce qui se change sur ameli.fr."),
        reverse_lazy("insured:data"),
    ),
    Service(_("Guide « Départ outre-mer et à l’étranger »"), SOON, _("À consulter avant de partir en affectation.")),
    Service(_("Guide « Mieux vivre le déploiement »"), SOON, _("Pour vous et votre famille, avant une mission.")),
]


@wearing(Role.INSURED)
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """Show the online services, the latest claims, and the drafts to resume."""
    latest = list(queries.latest(actor=request.actor))
    came_back = PaymentOrder.objects.paid_to(request.actor).came_back().order_by("pk")
    drafts = Claim.objects.visible_to(request.actor).with_people().newest_first().filter(status=Status.DRAFT)
    return render(
        request,
        "insured/home.html",
        {
            "services": SERVICES,
            "latest": latest,
            "came_back": [] if request.actor.authority else list(came_back),
            "owed": list(debts.owed(actor=request.actor)),
            "older_drafts": drafts.exclude(pk__in=[claim.pk for claim in latest])[:DRAFTS],
        },
    )


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: ActorRequest) -> HttpResponse:
    """List all claims, or those found: what is looked for stays in the session, out of addresses and logs."""
    if request.method == "POST":
        request.session["looked_for"] = request.POST.get("text", "")[:LONGEST_SEARCH].replace("\0", "")
        return redirect(f"{reverse('insured:claims')}?recherche")
    text = request.session.get("looked_for", "") if "recherche" in request.GET else ""
    found = Paginator(queries.search(text, actor=request.actor), PER_PAGE)
    page = found.get_page(request.GET.get("page"))
    shown = {"page": page, "text": text, "searching": "recherche" in request.GET}
    return render(request, "insured/claims.html", shown | {"for_me": Claim.objects.concerning(request.actor).exists()})
