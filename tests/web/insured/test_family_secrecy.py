"""What each of a family reads of a claim: the nature of an adult's care is theirs alone."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import actions as claims
from escale.domain.claims import portability
from escale.domain.claims.models import Attachment, Claim, ClaimLine, SecrecyReason
from escale.domain.notices.models import Notice
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson, Link, Purpose
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.claims import families
from tests.domain.claims.families import FILE, draft_for, of_age, own_account, telling
from tests.domain.mandates import mandates
from tests.web.insured.conftest import signed_in, text
from tests.web.insured.test_mandates import acting

pytestmark = pytest.mark.usefixtures("scanning")


def of_spouse(person: InsuredPerson) -> Claim:
    return draft_for(person.beneficiaries.get(link=Link.SPOUSE))


def decided(claim: Claim) -> Claim:
    claim = factories.received(claim=claim)
    retained = claims.Assessment(act="AMK", quantity=8, stated_tariff=Decimal("2.21"), reason="Tarif du zèbre.")
    for line in ClaimLine.objects.filter(bill__claim=claim):
        claims.assess(line=line, retained=retained, by=factories.agent())
    claims.decide(claim=claim, by=factories.agent())
    claim.refresh_from_db()
    return claim


def awaiting(claim: Claim) -> Claim:
    agent = factories.agent()
    factories.to_replace(factories.received(claim=claim), by=agent, words="Le genou est flou.")
    claims.ask_papers(claim=claim, wanted={"mission_order": "Pour le genou."}, by=agent)
    return claim


STATES = {
    "sent": lambda claim: factories.sent(claim=claim),
    "received": lambda claim: factories.received(claim=claim),
    "awaiting": awaiting,
    "decided": decided,
    "refused": lambda claim: factories.refused(factories.received(claim=claim)),
    "unusable": lambda claim: _infected(claim),
}


def _infected(claim: Claim) -> Claim:
    content = factories.pdf() + b"\n%" + factories.EICAR + b"\n%%EOF\n"
    factories.attachment(claim, paper="translation", content=content, name=FILE)
    return factories.scanned(factories.sent(claim=claim))


def pages(client: Client, claim: Claim) -> str:
    """All that one may read of a claim, followed by the lists on which it stands."""
    addresses = [reverse(f"insured:{name}", args=[claim.number]) for name in ("claim", "receipt", "statement")]
    addresses += [reverse("insured:replace", args=[claim.number, one.pk]) for one in claim.attachments.to_replace()]
    addresses += [reverse("insured:answer", args=[claim.number, one.pk]) for one in claim.asked_papers.awaited()]
    addresses += [reverse("insured:home"), reverse("insured:claims")]
    return "".join(text(client.get(address, follow=True)).partition("<main")[2] for address in addresses)


def told(client: Client, claim: Claim) -> set[str]:
    read = pages(client, claim).lower()
    return {word for word in telling(claim) if word in read}


@pytest.mark.parametrize("state", STATES)
def test_of_an_adults_care_the_sponsor_reads_amounts_and_days_and_no_more(visitor, person, state):
    claim = STATES[state](of_spouse(person))
    assert told(visitor, claim) == set()
    read = pages(visitor, claim)
    assert "1er septembre 2026" in read
    assert "50,00" in read
    assert "Charlie Exemple" in read


def test_the_statement_of_an_adults_care_still_adds_up(visitor, person):
    claim = decided(of_spouse(person))
    page = text(visitor.get(reverse("insured:statement", args=[claim.number])))
    due = claim.bills.get().lines.get().due
    assert f"{due:.2f}".replace(".", ",") in page
    assert "commission de recours amiable" in page


def test_a_draft_says_what_its_writer_typed(visitor, person):
    claim = of_spouse(person)
    assert families.PROVIDER in text(visitor.get(reverse("insured:bills", args=[claim.number])))
    assert FILE in text(visitor.get(reverse("insured:review", args=[claim.number])))


WHO = {"self": (Link.SELF, None), "spouse": (Link.SPOUSE, None), "child": (Link.CHILD, None),
       "adult child": (Link.ADULT_CHILD, date(2004, 1, 1)), "minor of 17": (Link.CHILD, date(2009, 1, 1)),
       "of age today": (Link.CHILD, date(2008, 9, 15)), "of age tomorrow": (Link.CHILD, date(2008, 9, 16))}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "sponsor", "delegate", "kept"),
    [
        # whose care       the sponsor  who acts for them  once kept from the family
        ("self",           True,        True,              None),
        ("spouse",         False,       False,             False),
        ("child",          True,        True,              None),
        ("adult child",    False,       False,             False),
        ("minor of 17",    True,        True,              False),
        ("of age today",   False,       False,             False),
        ("of age tomorrow", True,       True,              False),
    ],
)  # fmt: skip
def test_each_reads_the_nature_of_the_care_that_is_theirs_to_know(visitor, person, who, sponsor, delegate, kept):
    link, born_on = WHO[who]
    beneficiary = of_age(person, link=link, born_on=born_on) if born_on else person.beneficiaries.get(link=link)
    claim = factories.received(claim=draft_for(beneficiary))
    assert bool(told(visitor, claim)) is sponsor
    assert bool(told(acting(mandates.accepted(person)), claim)) is delegate
    if kept is None:
        with pytest.raises(StepRefused):
            claims.keep_from_family(claim=claim, reason=SecrecyReason.COUNTER, by=factories.agent())
    else:
        claims.keep_from_family(claim=claim, reason=SecrecyReason.COUNTER, by=factories.agent())
        assert bool(told(visitor, claim)) is kept


def test_the_spouse_who_acts_for_the_sponsor_reads_their_own_care(person):
    spouse = person.beneficiaries.get(link=Link.SPOUSE)
    claim = factories.received(claim=draft_for(spouse))
    assert told(acting(mandates.accepted(person, by=own_account(spouse))), claim)


def _reader(account: Account) -> Client:
    return signed_in(type("Reader", (), {"account": account}))


def test_whoever_received_the_care_reads_its_statement_and_changes_nothing(person):
    spouse = person.beneficiaries.get(link=Link.SPOUSE)
    reader, claim, other = _reader(own_account(spouse)), decided(of_spouse(person)), factories.sent(person)
    page = text(reader.get(reverse("insured:for_me")))
    assert claim.number in page
    assert other.number not in page
    page = text(reader.get(reverse("insured:for_me_claim", args=[claim.number])))
    assert families.PROVIDER in page
    assert factories.IBAN[-4:] not in page
    assert reader.get(reverse("insured:for_me_claim", args=[other.number])).status_code == 404
    assert reader.get(reverse("insured:claim", args=[claim.number])).status_code == 404


def test_a_paper_kept_from_the_parents_is_only_counted_on_their_pages(visitor, person):
    claim = factories.received(claim=draft_for(of_age(person)))
    paper = claim.attachments.get(paper="prescription")
    Attachment.objects.filter(pk=paper.pk).update(paper="discharge_report")
    paper.document.name = "secret-de-camille.pdf"
    paper.document.save(update_fields=["name"])
    page = text(visitor.get(reverse("insured:claim", args=[claim.number])))
    assert "secret-de-camille.pdf" in page
    claims.keep_from_family(claim=claim, attachment=paper, reason=SecrecyReason.PHYSICIAN, by=factories.agent())
    read = pages(visitor, claim)
    assert "secret-de-camille" not in read
    assert "1 pièce confidentielle" in read
    assert families.PROVIDER in read
    claims.tell_family(claim=claim, attachment=paper, reason=SecrecyReason.PHYSICIAN, by=factories.agent())
    assert "secret-de-camille.pdf" in pages(visitor, claim)


def test_a_minor_keeps_their_care_from_their_parents_from_their_own_account(visitor, person):
    minor = of_age(person)
    claim = factories.received(claim=draft_for(minor))
    reader = _reader(own_account(minor))
    address = reverse("insured:keep_for_me", args=[claim.number])
    assert "Ne pas le montrer à ma famille" in text(reader.get(reverse("insured:for_me_claim", args=[claim.number])))
    assert visitor.post(address).status_code == 404
    reader.post(address)
    assert told(visitor, claim) == set()
    reader.post(address, {"tell": "on"})
    assert told(visitor, claim)


@pytest.mark.django_db(transaction=True)
def test_what_a_minor_keeps_from_their_account_is_told_by_them_alone(visitor, person, work):
    minor = of_age(person)
    claim = factories.received(claim=draft_for(minor))
    account, agent = own_account(minor), factories.agent()
    for by in (agent, Actor(Role.INSURED, account)):
        claims.keep_from_family(claim=claim, reason=SecrecyReason.COUNTER, by=by)
    with pytest.raises(StepRefused):
        claims.tell_family(claim=claim, reason=SecrecyReason.COUNTER, by=agent)
    assert told(visitor, claim) == set()
    claims.tell_family(claim=claim, reason=SecrecyReason.ACCOUNT, by=Actor(Role.INSURED, account))
    claims.keep_from_family(claim=claim, reason=SecrecyReason.COUNTER, by=agent)
    claims.tell_family(claim=claim, reason=SecrecyReason.COUNTER, by=agent)
    work()
    letters = Notice.objects.filter(kind__startswith="secret_")
    assert {letter.account for letter in letters} == {account}
    assert [letter.kind for letter in letters.order_by("pk")] == ["secret_kept", "secret_kept", "secret_told"]


def test_who_opened_the_file_is_told_without_the_name_of_another_adults_paper(visitor, person):
    claim = factories.received(claim=of_spouse(person))
    paper = claim.attachments.get(paper="prescription")
    agent = factories.actor(Role.AGENT)
    registry.note_reading(insured=person, subject=paper.document, purpose=Purpose.TREATMENT, by=agent,
                          number=claim.number, paper=paper.paper)  # fmt: skip
    page = text(visitor.get(reverse("insured:readers")))
    assert f"Une pièce de la demande {claim.number}" in page
    assert not [word for word in telling(claim) if word in page.lower()]
    copy = portability.as_json(person.account).lower()
    assert not [word for word in telling(claim) if word in copy]


@pytest.mark.django_db(transaction=True)
def test_why_an_adults_care_is_refused_is_told_to_them_and_not_to_who_asked(visitor, person, work):
    claim = of_spouse(person)
    reader = own_account(claim.beneficiary)
    refused = factories.refused(factories.received(claim=claim))
    work()
    why = refused.decisions.get().lines.get().reason
    page = text(_reader(reader).get(reverse("insured:for_me_claim", args=[claim.number])))
    for words in (why, "Textes appliqués", "commission de recours amiable"):
        assert words in page
    theirs = text(visitor.get(reverse("insured:claim", args=[claim.number])))
    assert why not in theirs
    assert "Charlie Exemple, qui les lit dans son compte" in theirs
    told = Notice.objects.get(kind="answered_for_you")
    assert (told.address, claim.number in told.title) == (reader.email, True)
    body = Notice.objects.get(kind="claim_refused").body
    assert "Motif" not in body
    letter = refused.decisions.get().letter  # the e-mail tells where it is
    assert reverse("insured:letter", args=[claim.number, letter.decision_id]) in body


def test_whoever_received_the_care_reads_no_refusal_before_it_is_decided(person):
    claim, agent = of_spouse(person), factories.agent()
    factories.line(claim.bills.get())
    claim = factories.received(claim=claim)
    paid, refused = ClaimLine.objects.filter(bill__claim=claim).order_by("pk")
    retained = claims.Assessment(act="AMK", quantity=8, stated_tariff=Decimal("2.21"), reason="Tarif du zèbre.")
    claims.assess(line=paid, retained=retained, by=agent)
    paid.refresh_from_db()
    claims.decide(claim=claim, seen={paid.pk: paid.due}, by=agent)
    claims.refuse_line(line=refused, reason_code="R01", words="Voyez la notice du zèbre.", by=agent)
    reader, address = _reader(own_account(claim.beneficiary)), reverse("insured:for_me_claim", args=[claim.number])
    assert "la notice du zèbre" not in text(reader.get(address))
    claims.decide(claim=claim, by=agent)
    assert "la notice du zèbre" in text(reader.get(address))


def test_the_paper_waited_for_is_named_to_the_adult_whose_care_it_is(visitor, person):
    claim = awaiting(of_spouse(person))
    without = text(visitor.get(reverse("insured:claim", args=[claim.number])))
    assert "en appelant la Caisse ou en ouvrant son compte" in without
    reader = own_account(claim.beneficiary)
    page = text(_reader(reader).get(reverse("insured:for_me_claim", args=[claim.number])))
    for words in ("Pour le genou.", "Le genou est flou.", claim.asked_papers.get().label):
        assert words in page
    assert "Envoyer cette pièce" not in page
    assert "son compte lui dit quelle pièce envoyer" in text(visitor.get(reverse("insured:claim", args=[claim.number])))
