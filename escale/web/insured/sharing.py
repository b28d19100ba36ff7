"""« Ma mutuelle » : to whom one's statements are sent, what is said there, what left, and how it is taken back."""

import uuid
from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.claims import secrecy
from escale.domain.claims.models import Claim
from escale.domain.documents import queries as documents
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements import actions, exchange
from escale.domain.statements import queries as statements
from escale.domain.statements.lifecycle import ConsentStatus, TransmissionStatus
from escale.domain.statements.models import ComplementaryInsurer, SharingConsent, Transmission
from escale.gateways import complementary, vault
from escale.rules.complementary import labels
from escale.rules.deadlines import months_after
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.access.proving import fresh
from escale.web.forms import ONE_DAY
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.sharing_forms import SharingForm

PAGE = 20
USUAL_MONTHS = 12
MEDIA_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


UNREAD = (vault.Altered, vault.Missing, vault.NoKey, OSError)
"""What keeps a file from being read today."""


class Told(NamedTuple):
    """One thing that is told to the insurer, and what it does with it."""

    what: object
    why: object


TOLD = (
    Told(_("Votre numéro d’adhérent ou de contrat"), _("vous reconnaître, sans votre numéro de sécurité sociale")),
    Told(_("Nom, premier prénom et naissance de qui a été soigné"), _("savoir de qui il s’agit au contrat")),
    Told(_("Numéro, date et montant du versement"), _("ne pas payer deux fois, si vous lui montrez aussi le décompte")),
    Told(_("Date de chaque soin"), _("appliquer le contrat en vigueur ce jour-là")),
    Told(_("Famille de remboursement"), _("choisir la garantie : soins courants, pharmacie, dentaire, hôpital…")),
    Told(_("Dépense en euros, ce que la Caisse rembourse, ce qui reste à votre charge"), _("calculer sa part")),
)  # fmt: skip
NEVER_TOLD = (
    _("la nature précise des soins, les médicaments, les pièces que vous avez envoyées"),
    _("le nom du praticien, le pays, la devise, votre affectation"),
    _("votre numéro de sécurité sociale, votre compte bancaire, vos adresses"),
    _("les motifs d’un refus, ce que dit le service médical"),
)


@wearing(Role.INSURED, oneself=True)
@require_safe
def show(request: ActorRequest) -> HttpResponse:
    """Show to whom one's statements are sent, what is said there, and each that left."""
    given = SharingConsent.objects.visible_to(request.actor).select_related("insurer").order_by("-given_at", "-pk")
    consents = [(consent, consent.steps_open_to(request.actor)) for consent in given]
    told = Transmission.objects.visible_to(request.actor).select_related("consent__insurer", "order", "cancels__order")
    before = paging.key(request, "avant")
    listed = list((told.filter(pk__lt=before) if before else told).order_by("-pk")[:PAGE])
    claims = statements.about(one.order for one in listed)
    shown = {
        "consents": consents,
        "in_force": any(consent.status == ConsentStatus.GIVEN for consent, _steps in consents),
        "transmissions": [(one, _is_readable(claims.get(one.order_id), request)) for one in listed],
        "further": bool(before),
        "after": paging.last(listed, size=PAGE),
        "told": TOLD,
        "never_told": NEVER_TOLD,
        "may_give": ComplementaryInsurer.objects.filter(open=True).exists(),
    }
    return render(request, "insured/sharing.html", shown)


@wearing(Role.INSURED, oneself=True)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def give(request: ActorRequest) -> HttpResponse:
    """Let one's statements be sent: the page says what is told, and one agrees to it."""
    insured = get_object_or_404(InsuredPerson.objects.visible_to(request.actor))
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else None
    form = SharingForm(typed, initial=_usual(today), latest=actions.longest_until(today) - ONE_DAY)
    if form.is_bound and form.is_valid():
        try:
            actions.give(insured=insured, request_key=form.key(), by=request.actor, **form.typed())
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            messages.success(request, _("Votre consentement est enregistré. Vous pouvez le retirer à tout moment."))
            return redirect("insured:sharing")
    return render(request, "insured/sharing_give.html", {"form": form, "told": TOLD, "never_told": NEVER_TOLD})


def _usual(today: date) -> dict[str, object]:
    until = months_after(today, USUAL_MONTHS) - ONE_DAY
    return {"request_key": uuid.uuid4(), "valid_from": today, "valid_until": until}


@wearing(Role.INSURED, oneself=True)
@require_POST
def withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a consent back, at once and without another proof: from anywhere, by whoever is signed in."""
    consent = get_object_or_404(SharingConsent.objects.visible_to(request.actor).select_related("insured"), pk=pk)
    try:
        actions.withdraw(consent=consent, by=request.actor)
        messages.success(request, _("Ce consentement est retiré : plus rien ne part, dès maintenant."))
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("insured:sharing")


@wearing(Role.INSURED, oneself=True)
@require_safe
def transmission(request: ActorRequest, pk: int, form: str) -> HttpResponse:
    """Give the file that left, byte for byte, or the same as a table, unless its care has become a secret since."""
    sent = Transmission.objects.visible_to(request.actor).filter(status=TransmissionStatus.SENT)
    told = get_object_or_404(sent.select_related("order"), pk=pk)
    if not _is_readable(statements.about([told.order]).get(told.order_id), request):
        raise Http404
    try:
        content = b"".join(documents.vault().chunks(told.key))
    except UNREAD:
        return render(request, "insured/sharing_later.html", status=503)
    return _file(content, name=told.reference, form=form)


def _is_readable(claim: Claim | None, request: ActorRequest) -> bool:
    return claim is not None and not secrecy.hides_nature(claim, reader=request.actor)


@wearing(Role.INSURED, oneself=True)
@require_safe
def own(request: ActorRequest, reference: str, form: str) -> HttpResponse:
    """Give what a payment would say, addressed to nobody: one hands it over oneself."""
    order = get_object_or_404(PaymentOrder.objects.paid_to(request.actor), reference=reference)
    told = exchange.own(order, reader=request.actor)
    if told is None:
        raise Http404
    return _file(complementary.as_json(told), name=told.reference, form=form)


def _file(content: bytes, *, name: str, form: str) -> HttpResponse:
    return HttpResponse(
        complementary.as_csv(content, families=labels()) if form == "csv" else content,
        content_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="decompte-{name}.{form}"'},
    )
