"""What a family reads of a claim: amounts, days and for whom, without the nature of another adult's care."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Arrival, Attachment, Claim, ClaimLine
from escale.domain.documents.models import Upload
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Beneficiary, Link, Reading
from escale.rules import parameters
from escale.rules.care_line import age

_TYPED = ("claim.open", "claim.change")
_SENT = ("claim.replace_paper", "claim.provide_paper")
_UNTOLD = {"claim.keep_from_family", "claim.tell_family"}
_INSIDE = {"claim.refuse_line", "claim.propose", "claim.send_back", "claim.remark"}
"""What is between the agents, until a decision tells it."""
_TELLING = {"claim.settle_stay"}
"""What could say why care was needed: an accident, an operation."""


@dataclass(frozen=True)
class Veiled:
    """A line of care without what the care was: nothing more may reach the page of somebody else."""

    given_on: date
    amount: Decimal
    currency: str
    paid_elsewhere: Decimal
    rate: Decimal | None
    expense: Decimal | None
    due: Decimal | None


def hides_nature(claim: Claim, *, reader: Actor, on: date | None = None) -> bool:
    """
    Tell whether this reader must not learn, in the space of the insured person, what the care was.

    Of an adult's care only they read the nature (CSP, art. L. 1110-4); of a minor's, the parents do, unless it is kept
    from them (CSP, art. L. 1111-5). A draft says to whoever fills it what they typed, and to nobody else. Whoever acts
    in the insured person's name reads what that person would, and what is their own. Needs the claim with its people.
    """
    if reader.role != Role.INSURED or is_about(claim.beneficiary, reader):
        return False
    if not (claim.kept_from_family or _is_past("majority_age", claim.beneficiary, on or timezone.localdate())):
        return False
    return claim.status != Status.DRAFT or not _typed(claim, reader)


def _typed(draft: Claim, reader: Actor) -> bool:
    """Tell whether this reader typed a draft, and alone all that it was copied from."""
    claim = draft
    mine = reader.account in _authors(draft, _TYPED)
    while mine and claim.copied_from:
        claim = claim.copied_from
        mine = _authors(claim, (*_TYPED, *_SENT)) == {reader.account}
    return mine


def _authors(claim: Claim, events: tuple[str, ...]) -> set[Account | None]:
    """Return who had a hand in a claim."""
    story = Entry.objects.filter(subject=name_of(claim), event__in=events, hat=Role.INSURED)
    return {entry.actor for entry in story.select_related("actor")}


def is_about(beneficiary: Beneficiary, reader: Actor) -> bool:
    """Tell whether the care is the reader's own, or that of the insured person in whose name they act."""
    if beneficiary.link == Link.SELF:
        return True
    person = beneficiary.person
    return person is not None and reader.account is not None and person.account_id == reader.account.pk


def may_be_kept(claim: Claim, *, on: date | None = None) -> bool:
    """Tell whether the beneficiary is old enough to ask that their family be told nothing."""
    on = on or timezone.localdate()
    return claim.beneficiary.link != Link.SELF and _is_past("secrecy_age", claim.beneficiary, on)


def is_theirs_to_tell(claim: Claim, attachment: Attachment | None = None) -> bool:
    """Tell whether it was last kept from their own account: nobody else then tells it to their family."""
    said = Entry.objects.filter(subject=name_of(claim), event__in=_UNTOLD)
    latest = said.filter(facts__paper=attachment.pk if attachment else None).order_by("-pk").first()
    if latest:
        return latest.event == "claim.keep_from_family" and latest.hat == Role.INSURED
    if claim.copied_from is None:
        return False
    first = claim.copied_from.attachments.filter(document=attachment.document).first() if attachment else None
    return bool(first or not attachment) and is_theirs_to_tell(claim.copied_from, first)


def _is_past(limit: str, beneficiary: Beneficiary, on: date) -> bool:
    return age(beneficiary.born_on, on=on) >= parameters.value(limit, on=on)


def veiled(lines: Iterable[ClaimLine]) -> list[Veiled]:
    """Return what these lines cost and what is given back, and nothing of what they were."""
    return [
        Veiled(one.given_on, one.amount, one.bill.currency, one.paid_elsewhere, one.rate, one.expense, one.due)
        for one in lines
    ]


def open_to(files: Iterable[Attachment], claim: Claim, *, reader: Actor) -> list[Attachment]:
    """Return the papers whose name this reader may read: not those that are kept from the family."""
    about = is_about(claim.beneficiary, reader) or reader.role != Role.INSURED
    return [file for file in files if about or not file.kept_from_family]


def secret_readings(readings: Iterable[Reading], *, reader: Actor) -> frozenset[int]:
    """Return the keys of the readings of which this reader must not learn which paper it was (2 queries at most)."""
    of_papers = [one for one in readings if one.paper]
    numbers = {one.number for one in of_papers}
    claims: Iterable[Claim] = Claim.objects.with_people().filter(number__in=numbers) if numbers else []
    hidden = {claim.number for claim in claims if hides_nature(claim, reader=reader)}
    kept = Attachment.objects.filter(claim__number__in=numbers, kept_from_family=True).select_related("document")
    secret = {name_of(file.document) for file in kept} if numbers else set()
    return frozenset(one.pk for one in of_papers if one.number in hidden or one.subject in secret)


def secret_uploads(uploads: Iterable[Upload], *, reader: Actor) -> frozenset[int]:
    """Return the keys of the files on their way of which this reader must not learn the name."""
    coming = Arrival.objects.filter(upload__in=uploads).select_related("claim__insured", "claim__beneficiary__person")
    hidden = {claim: hides_nature(claim, reader=reader) for claim in {one.claim for one in coming}}
    return frozenset(one.upload_id for one in coming if hidden[one.claim])


def story(entries: Iterable[Entry], *, hidden: bool) -> list[Entry]:
    """Return what the family reads of what happened: never what the Fund did for itself, nor what is kept from them."""
    untold = _UNTOLD | _INSIDE | (_TELLING if hidden else set())
    return [entry for entry in entries if entry.event not in untold]
