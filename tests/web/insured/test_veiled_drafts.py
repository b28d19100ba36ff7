"""A draft for another adult's care is read by whoever typed it, whom it is about, and nobody else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import portability
from escale.domain.claims.models import Attachment, Claim, SecrecyReason
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Link
from tests import factories
from tests.domain.claims.families import FILE, PROVIDER, draft_for, of_age
from tests.domain.mandates import mandates
from tests.web.insured.conftest import text
from tests.web.insured.test_mandates import acting

pytestmark = pytest.mark.usefixtures("scanning")

PAGES = ("bills", "documents", "review", "beneficiary", "where")


def shown(client, claim: Claim) -> bool:
    read = "".join(text(client.get(reverse(f"insured:{page}", args=[claim.number]))) for page in PAGES)
    return PROVIDER in read or FILE in read


def told(person, claim: Claim) -> bool:
    """Whether the copy of one's data says what this draft holds; each line of it begins with its number."""
    copy = portability.as_json(person.account).partition(claim.number)[2].partition('"number"')[0]
    return PROVIDER in copy or FILE in copy


def unusable(claim: Claim) -> Claim:
    content = factories.pdf() + b"\n%" + factories.EICAR + b"\n%%EOF\n"
    factories.attachment(claim, paper="translation", content=content, by=_typist(claim))
    return factories.scanned(factories.sent(claim=claim))


def _typist(claim: Claim) -> Actor:
    """Whoever opened this draft."""
    opened = Entry.objects.get(event="claim.open", subject=f"claims.claim:{claim.pk}")
    return Actor(Role.INSURED, opened.actor)


def again(claim: Claim) -> Claim:
    return claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))


def test_what_a_delegate_types_of_another_adult_is_not_read_by_the_sponsor_who_may_throw_it_away(visitor, person):
    mandate = mandates.accepted(person)
    draft = draft_for(person.beneficiaries.get(link=Link.SPOUSE), by=mandates.acting(mandate))
    assert shown(acting(mandate), draft)
    assert not shown(visitor, draft)
    assert not told(person, draft)
    address = reverse("insured:bills", args=[draft.number])
    assert "Une autre personne que vous l’a rempli" in text(visitor.get(address))
    visitor.post(reverse("insured:discard", args=[draft.number]))
    assert not Claim.objects.filter(pk=draft.pk).exists()


def test_what_the_sponsor_typed_is_not_read_by_their_delegate(visitor, person):
    draft = draft_for(person.beneficiaries.get(link=Link.SPOUSE))
    assert shown(visitor, draft)
    assert not shown(acting(mandates.accepted(person)), draft)


def test_taking_up_an_unusable_claim_shows_what_one_typed_and_nothing_that_others_did(visitor, person):
    spouse, mandate = person.beneficiaries.get(link=Link.SPOUSE), mandates.accepted(person)
    mine = again(unusable(draft_for(spouse)))
    assert shown(visitor, mine)
    assert told(person, mine)
    claim = draft_for(spouse, by=mandates.acting(mandate))
    for _time in range(2):
        claim = again(unusable(claim))
        assert not shown(visitor, claim)
        assert not told(person, claim)


def test_a_minors_kept_claim_stays_kept_when_another_takes_it_up(visitor, person):
    mandate = mandates.accepted(person)
    claim = unusable(draft_for(of_age(person), by=mandates.acting(mandate)))
    assert shown(visitor, again(claim))
    claims.keep_from_family(claim=claim, reason=SecrecyReason.COUNTER, by=factories.agent())
    claim.refresh_from_db()
    assert not shown(visitor, again(claim))


def test_a_kept_file_of_a_draft_is_not_removed_by_whoever_may_not_see_it(visitor, person):
    draft = draft_for(of_age(person))
    file = draft.attachments.get(paper="prescription")
    Attachment.objects.filter(pk=file.pk).update(kept_from_family=True)
    assert visitor.post(reverse("insured:remove_file", args=[draft.number, file.pk])).status_code == 404
    assert draft.attachments.filter(pk=file.pk).exists()


def test_a_file_on_its_way_to_another_adults_claim_is_told_without_its_name(person):
    mandate = mandates.accepted(person)
    for by, told_of in ((mandates.acting(mandate), False), (Actor(Role.INSURED, person.account), True)):
        draft = draft_for(person.beneficiaries.get(link=Link.SPOUSE), by=by)
        claims.expect(
            claim=draft, bill=None, paper="prescription", medical=False, name=f"genou-{told_of}.pdf",
            declared_type="application/pdf", size=1000, by=by,
        )  # fmt: skip
    copy = portability.as_json(person.account)
    assert "genou-True.pdf" in copy
    assert "genou-False.pdf" not in copy
