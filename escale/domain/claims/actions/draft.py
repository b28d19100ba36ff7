"""What the insured person does with a claim before sending it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.claims import queries
from escale.domain.claims.actions import papers
from escale.domain.claims.models import Attachment, Bill, Claim, ClaimLine
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.domain.registry import queries as registry
from escale.domain.registry.models import Beneficiary, InsuredPerson
from escale.rules import currency as currencies
from escale.rules import intake, scope
from escale.rules.intake import Care

OLDEST_CARE = timedelta(days=10 * 366)
LONGEST_NAME = 150
LARGEST_EXPENSE = Decimal(1_000_000)


class Redirected(Exception):
    """Another fund is competent; `scope` says which, where, and why."""

    def __init__(self, scope: scope.Scope) -> None:
        super().__init__(scope.reason)
        self.scope = scope


class Unacceptable(Exception):
    """What was typed cannot be right; `errors` says what to do, in French, field by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


class TooMuch(Exception):
    """One file or some bytes too many for one claim; the message is for the sender."""


@transaction.atomic
def start(
    *,
    insured: InsuredPerson,
    territory: str,
    stay: scope.Stay,
    stay_from: date,
    stay_until: date | None,
    request_key: UUID,
    by: Actor,
) -> Claim:
    """
    Open a draft, once for this request key: asked again, the same draft is returned.

    :raises Redirected: if another fund is competent, before anything more is typed.
    :raises Unacceptable: if the territory is unknown or the dates make no sense.
    """
    known = Claim.objects.filter(request_key=request_key, insured=insured).first()
    if known:
        return known
    _check_stay(territory, stay, stay_from, stay_until)
    try:
        with transaction.atomic():
            return Claim.open(
                by=by,
                number=queries.free_number(),
                request_key=request_key,
                insured=insured,
                beneficiary=registry.oneself(insured),
                territory=territory,
                stay=stay,
                stay_from=stay_from,
                stay_until=stay_until,
            )
    except IntegrityError:  # the same request came twice at once
        return Claim.objects.get(request_key=request_key, insured=insured)


def _check_stay(territory: str, stay: scope.Stay, stay_from: date, stay_until: date | None) -> None:
    errors = {}
    if stay_from > timezone.localdate():
        errors["stay_from"] = _("Le début du séjour est dans le futur : indiquez le jour de votre arrivée.")
    if stay_until and stay_until <= stay_from:
        errors["stay_until"] = _("La fin du séjour est avant son début : corrigez l’une des deux dates.")
    try:
        place = scope.territory(territory, on=stay_from)
    except LookupError:
        errors["territory"] = _("Ce pays n’est pas reconnu : choisissez-le dans la liste.")
    if errors:
        raise Unacceptable(errors)
    competent = scope.scope(territory=place, stay=stay, stay_from=stay_from, stay_until=stay_until)
    if competent.fund:
        raise Redirected(competent)


@transaction.atomic
def change_stay(
    *, claim: Claim, territory: str, stay: scope.Stay, stay_from: date, stay_until: date | None, by: Actor
) -> None:
    """
    Correct where and why a draft's care was given.

    :raises Redirected: if another fund is competent. :raises Unacceptable: as for `start`.
    """
    _check_stay(territory, stay, stay_from, stay_until)
    claim.advance("change", by=by, what="stay")
    claim.territory, claim.stay, claim.stay_from, claim.stay_until = territory, stay, stay_from, stay_until
    claim.save(update_fields=["territory", "stay", "stay_from", "stay_until"])


@transaction.atomic
def choose_beneficiary(*, claim: Claim, beneficiary: Beneficiary, by: Actor) -> None:
    """Say whose care it is, among those whom the registry knows for this insured person."""
    if beneficiary.insured_id != claim.insured_id:
        raise Unacceptable({"beneficiary": _("Choisissez une personne de la liste.")})
    claim.advance("change", by=by, what="beneficiary")
    claim.beneficiary = beneficiary
    claim.save(update_fields=["beneficiary"])


@transaction.atomic
def add_bill(*, claim: Claim, provider: str, currency: str, paid_on: date | None, by: Actor) -> Bill:
    """Add a bill to a draft. :raises Unacceptable: if a field cannot be right."""
    _check_bill(provider, currency, paid_on)
    claim.advance("change", by=by, what="bill")
    return Bill.objects.create(claim=claim, provider=provider, currency=currency, paid_on=paid_on)


@transaction.atomic
def change_bill(*, bill: Bill, provider: str, currency: str, paid_on: date | None, by: Actor) -> None:
    """Correct a bill of a draft. :raises Unacceptable: if a field cannot be right."""
    _check_bill(provider, currency, paid_on)
    _check_currency(bill, currency)
    bill.claim.advance("change", by=by, what="bill")
    bill.provider, bill.currency, bill.paid_on = provider, currency, paid_on
    bill.save(update_fields=["provider", "currency", "paid_on"])


def _check_bill(provider: str, currency: str, paid_on: date | None) -> None:
    errors = {}
    if len(provider) > LONGEST_NAME or not provider.isprintable():
        errors["provider"] = _("Écrivez le nom du praticien ou de l’établissement en 150 caractères au plus.")
    if currency not in dict(currencies.currencies(paid_on or timezone.localdate())):
        errors["currency"] = _("Cette devise n’est pas reconnue : choisissez-la dans la liste.")
    if paid_on and paid_on > timezone.localdate():
        errors["paid_on"] = _("La date de paiement est dans le futur : corrigez-la.")
    if errors:
        raise Unacceptable(errors)


def _check_currency(bill: Bill, currency: str) -> None:
    places = currencies.decimals(currency)
    typed = bill.lines.values_list("amount", "paid_elsewhere")
    if any(amount != round(amount, places) for amounts in typed for amount in amounts):
        sentence = _("Les montants déjà saisis ont des décimales que cette devise n’a pas : corrigez-les d’abord.")
        raise Unacceptable({"currency": sentence})


@transaction.atomic
def remove_bill(*, bill: Bill, by: Actor) -> None:
    """Take a bill, its lines and its files out of a draft."""
    bill.claim.advance("change", by=by, what="bill")
    _take_out(bill.attachments.all(), by=by)
    bill.delete()


@transaction.atomic
def add_line(
    *, bill: Bill, given_on: date, care: Care, amount: Decimal, paid_elsewhere: Decimal, by: Actor
) -> ClaimLine:
    """Add a line to a bill of a draft. :raises Unacceptable: if a field cannot be right."""
    _check_line(bill, given_on, amount, paid_elsewhere)
    bill.claim.advance("change", by=by, what="line")
    return ClaimLine.objects.create(
        bill=bill, given_on=given_on, care=care, amount=amount, paid_elsewhere=paid_elsewhere
    )


@transaction.atomic
def change_line(
    *, line: ClaimLine, given_on: date, care: Care, amount: Decimal, paid_elsewhere: Decimal, by: Actor
) -> None:
    """Correct a line of a draft. :raises Unacceptable: if a field cannot be right."""
    _check_line(line.bill, given_on, amount, paid_elsewhere)
    line.bill.claim.advance("change", by=by, what="line")
    line.given_on, line.care, line.amount, line.paid_elsewhere = given_on, care, amount, paid_elsewhere
    line.save(update_fields=["given_on", "care", "amount", "paid_elsewhere"])


def _check_line(bill: Bill, given_on: date, amount: Decimal, paid_elsewhere: Decimal) -> None:
    errors = {}
    today = timezone.localdate()
    if given_on > today:
        errors["given_on"] = _("La date des soins est dans le futur : indiquez le jour où ils ont eu lieu.")
    elif given_on < today - OLDEST_CARE:
        errors["given_on"] = _("Cette date est trop ancienne : vérifiez l’année.")
    places = currencies.decimals(bill.currency)
    if amount <= 0:
        errors["amount"] = _("Indiquez un montant supérieur à zéro, tel qu’il est écrit sur la facture.")
    elif amount != round(amount, places):
        errors["amount"] = _("Cette devise s’écrit avec %(places)d décimales au plus.") % {"places": places}
    elif _is_absurd(bill, given_on, amount):
        errors["amount"] = _("Ce montant paraît impossible : vérifiez le nombre de zéros.")
    if paid_elsewhere < 0 or paid_elsewhere > max(amount, Decimal(0)):
        errors["paid_elsewhere"] = _("La part déjà prise en charge ne peut dépasser le montant payé.")
    if errors:
        raise Unacceptable(errors)


def _is_absurd(bill: Bill, given_on: date, amount: Decimal) -> bool:
    """Tell whether an amount is worth more than a million euros, or is too long where no rate is known."""
    quote = queries.quote(ClaimLine(bill=bill, given_on=given_on))
    return currencies.euros(amount, quote) > LARGEST_EXPENSE if quote else amount >= LARGEST_EXPENSE * 10_000


@transaction.atomic
def remove_line(*, line: ClaimLine, by: Actor) -> None:
    """Take a line out of a draft."""
    line.bill.claim.advance("change", by=by, what="line")
    line.delete()


def attach(
    *,
    claim: Claim,
    bill: Bill | None,
    paper: str,
    medical: bool,
    content: BinaryIO,
    name: str,
    declared_type: str,
    size: int,
    by: Actor,
    replaces: Attachment | None = None,
) -> Attachment:
    """
    Join a file to a draft, or put it in the place of a refused paper; it is durable, byte for byte, once this returns.

    It goes under medical seal if the sender asks so, or if such a paper is for physicians only.

    :raises TooMuch: if the claim would hold too many files or bytes.
    :raises file_kinds.Refused: if the house cannot read such a file.
    :raises papers.NotReplaceable: if it cannot take the place of that paper.
    """
    _check_room(claim, size, freed=replaces)
    medical = medical or intake.is_medical(paper)
    kept = documents.keep(content=content, name=name, declared_type=declared_type, medical=medical)
    with transaction.atomic():
        if replaces:
            return _replace(replaces, kept, medical=medical, by=by)
        claim.advance("change", by=by, what="attachment")
        _check_room(claim, size)
        document = documents.receive(kept=kept, insured=claim.insured, by=by)
        return Attachment.objects.create(claim=claim, bill=bill, document=document, paper=paper, medical=medical)


def _replace(refused: Attachment, kept: documents.Kept, *, medical: bool, by: Actor) -> Attachment:
    refused.claim.lock()
    if came := papers.replacement(of=refused, sha256=kept.stored.sha256):
        return came
    _check_room(refused.claim, kept.stored.size, freed=refused)
    document = documents.receive(kept=kept, insured=refused.claim.insured, by=by)
    return papers.put_in_place(of=refused, document=document, medical=medical, by=by)


def _check_room(claim: Claim, size: int, *, freed: Attachment | None = None) -> None:
    kept = claim.attachments.current().exclude(pk=freed and freed.pk)
    sizes = list(kept.values_list("document__size", flat=True))
    if len(sizes) >= settings.FILES_PER_CLAIM:
        raise TooMuch(_("Une demande contient %(n)d fichiers au plus.") % {"n": settings.FILES_PER_CLAIM})
    if sum(sizes) + size > settings.BYTES_PER_CLAIM:
        most = settings.BYTES_PER_CLAIM // (1024 * 1024)
        raise TooMuch(
            _("Les fichiers d’une demande font %(most)d Mo au plus : envoyez celui-ci dans une autre demande.")
            % {"most": most}
        )


@transaction.atomic
def detach(*, attachment: Attachment, by: Actor) -> None:
    """Take a file out of a draft, and destroy it unless another claim holds it too."""
    attachment.claim.advance("change", by=by, what="attachment")
    _take_out(Attachment.objects.filter(pk=attachment.pk), by=by)


def _take_out(attachments: QuerySet[Attachment], *, by: Actor) -> None:
    """Take files out of a claim; what no other claim holds is destroyed, by the last of two that let it go at once."""
    held = Document.objects.filter(pk__in=[*attachments.values_list("document", flat=True)])
    locked = list(held.select_for_update(of=("self",)).order_by("pk"))
    attachments.delete()
    for document in locked:
        if not document.attachments.exists():
            documents.discard(document=document, by=by)


@transaction.atomic
def discard(*, claim: Claim, by: Actor) -> None:
    """Throw a draft away, with all that it holds."""
    claim.lock()
    _take_out(claim.attachments.all(), by=by)
    claim.advance("discard", by=by)
