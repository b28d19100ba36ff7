"""What the insured person does with a claim before sending it."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.claims import circumstances, queries
from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document
from escale.domain.registry import queries as registry
from escale.domain.registry.models import Beneficiary, InsuredPerson
from escale.rules import scope
from escale.rules.reimbursement import Choice


class Redirected(Exception):
    """Another fund is competent; `scope` says which, where, and why."""

    def __init__(self, scope: scope.Scope) -> None:
        super().__init__(scope.reason)
        self.scope = scope


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
    opex: bool = False,
    cause: scope.Cause | None = None,
    accident: bool = False,
) -> Claim:
    """
    Open a draft, once for this request key: asked again, the same draft is returned.

    `opex`: the mission is an operation. `cause`: what takes the care away from this service. `accident`: a third party
    caused it.

    :raises Redirected: if another fund is competent, before anything more is typed.
    :raises Unacceptable: if the territory is unknown or the dates make no sense.
    """
    known = Claim.objects.filter(request_key=request_key, insured=insured).first()
    if known:
        return known
    _check_stay(insured, territory, stay, stay_from, stay_until, opex, cause)
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
                opex=opex and stay is scope.Stay.MISSION,
                accident=accident,
            )
    except IntegrityError:  # the same request came twice at once
        return Claim.objects.get(request_key=request_key, insured=insured)


def _check_stay(
    insured: InsuredPerson, territory: str, stay: scope.Stay, stay_from: date, stay_until: date | None, opex: bool,
    cause: scope.Cause | None,
) -> None:  # fmt: skip
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
    competent = scope.scope(
        territory=place,
        stay=stay,
        stay_from=stay_from,
        stay_until=stay_until,
        category=scope.Category(insured.category),
        opex=opex,
        cause=cause,
    )
    if competent.fund:
        raise Redirected(competent)


@transaction.atomic
def change_stay(
    *,
    claim: Claim,
    territory: str,
    stay: scope.Stay,
    stay_from: date,
    stay_until: date | None,
    by: Actor,
    opex: bool = False,
    cause: scope.Cause | None = None,
    accident: bool = False,
) -> None:
    """
    Correct where and why a draft's care was given; a tariff chosen is given up where the law gives no choice.

    :raises Redirected: if another fund is competent. :raises Unacceptable: as for `start`.
    """
    _check_stay(claim.insured, territory, stay, stay_from, stay_until, opex, cause)
    claim.advance("change", by=by, what="stay")
    claim.territory, claim.stay, claim.stay_from, claim.stay_until = territory, stay, stay_from, stay_until
    claim.opex, claim.accident = opex and stay is scope.Stay.MISSION, accident
    claim.choice = circumstances.choice(claim)
    claim.save(update_fields=["territory", "stay", "stay_from", "stay_until", "opex", "accident", "choice"])


@transaction.atomic
def choose_beneficiary(*, claim: Claim, beneficiary: Beneficiary, by: Actor) -> None:
    """
    Say whose care it is, among those whom the registry knows; a tariff chosen is given up where there is no choice.

    :raises Unacceptable: if this person is not a beneficiary of the insured person.
    """
    if beneficiary.insured_id != claim.insured_id:
        raise Unacceptable({"beneficiary": _("Choisissez une personne de la liste.")})
    claim.advance("change", by=by, what="beneficiary")
    claim.beneficiary = beneficiary
    claim.choice = circumstances.choice(claim)
    claim.save(update_fields=["beneficiary", "choice"])


@transaction.atomic
def choose_tariff(*, claim: Claim, choice: Choice, by: Actor) -> None:
    """
    Say by whose tariff the care is to be paid back (CSS, art. R. 160-1).

    :raises Unacceptable: if the law gives no choice for this stay and this beneficiary.
    """
    claim.advance("change", by=by, what="choice")
    if choice is not Choice.FRENCH and not circumstances.gives_choice(claim):
        raise Unacceptable({"choice": _("Pour ce séjour, la loi ne donne pas ce choix : gardez les tarifs français.")})
    claim.choice = choice
    claim.save(update_fields=["choice"])


@transaction.atomic
def detach(*, attachment: Attachment, by: Actor) -> None:
    """Take a file out of a draft, and destroy it unless another claim holds it too."""
    attachment.claim.advance("change", by=by, what="attachment")
    take_out(Attachment.objects.filter(pk=attachment.pk), by=by)


def take_out(attachments: QuerySet[Attachment], *, by: Actor) -> None:
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
    take_out(claim.attachments.all(), by=by)
    for arrival in claim.arrivals.select_related("upload"):
        documents.forget(upload=arrival.upload, by=by)
    claim.advance("discard", by=by)
