"""Every letter renders, has a title, and tells nothing of anybody's health or life."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, SecrecyReason
from escale.domain.controls import actions as controls
from escale.domain.documents import actions as documents
from escale.domain.notices.models import Notice
from escale.domain.payments import actions as payments
from escale.jobs import controlling, desk, upkeep
from escale.rules.intake import Care
from tests import factories
from tests.conftest import Work
from tests.domain.claims import families
from tests.domain.controls import cases
from tests.domain.mandates import mandates
from tests.house import HOUSE

LETTERS = {path.stem: path.read_text() for path in (HOUSE / "escale/domain/notices/letters").glob("*.txt")}
OF_SUPERVISORS = {"scans_stalled", "claims_lasting", "originals_late"}
OF_ACCOUNTS = {kind for kind, text in LETTERS.items() if "claim" not in text} - OF_SUPERVISORS
KINDS = LETTERS.keys() - OF_ACCOUNTS
SAID_OF_ACCOUNTS = {"address", "token", "phone", "at", "name", "device", "identity", "event", "hat", "last"}
SAID_OF_ACCOUNTS |= {"reference", "filed", "until", "on"}  # of an appeal, of a debt: a number and its days

# « soins » and « remboursement » are what the Fund does; none of these says what for.
HEALTH = re.compile(
    r"sant[ée]\b(?! de la)|m[ée]dic|malad|diagnos|traitement (de|du|pour)|ordonnance|hospital|h[ôo]pital|clinique"
    r"|docteur|m[ée]decin|chirurg|dent(aire|iste)|grossesse|accouch|psych|kin[ée]|radio|analyse|vaccin|pharmac|affection"
    r"|accident|blessure|handicap|invalid|cancer|cure\b",
    re.IGNORECASE,
)
FUND = re.compile(r"caisse nationale militaire de sécurité sociale|@\S+\.invalid", re.IGNORECASE)


def test_there_are_letters():
    assert KINDS


@pytest.mark.parametrize("kind", sorted(OF_ACCOUNTS))
def test_a_letter_about_an_account_has_a_title_and_no_health_word_nor_a_persons_data(kind: str):
    title, body = LETTERS[kind].split("\n", 1)
    assert 0 < len(re.sub(r"{%.*?%}", "", title.partition("{% el")[0])) <= 80
    assert body.startswith("Bonjour,\n\n")
    assert HEALTH.findall(FUND.sub("", LETTERS[kind])) == []
    assert set(re.findall(r"{{ (\w+)", LETTERS[kind])) <= SAID_OF_ACCOUNTS


def _refused_in_part(draft: Claim) -> Claim:
    """A claim one line of which is refused, and the other still looked into."""
    other = factories.line(draft.bills.get())
    claim = factories.received(claim=draft)
    claims.refuse_line(line=other, reason_code="R01", words="Le genou n’est pas en cause.", by=factories.agent())
    claims.decide(claim=claim, seen={other.pk: Decimal(0)}, by=factories.agent())
    return claim


def _settled_with_nothing_more(draft: Claim) -> Claim:
    """A claim of which a part is paid, and for the rest of which nothing is due, though nothing is refused."""
    other = factories.line(draft.bills.get())
    claim, agent = factories.received(claim=draft), factories.agent()
    first = claim.bills.get().lines.exclude(pk=other.pk).get()
    claims.assess(line=first, retained=claims.Assessment(act="G"), by=agent)
    claims.decide(claim=claim, seen={first.pk: claim.bills.get().lines.get(pk=first.pk).due}, by=agent)
    claims.assess(line=other, retained=claims.Assessment(amount=Decimal(0), reason="Déjà compris."), by=agent)
    claims.decide(claim=claim, by=agent)
    return claim


def _wanted(copies: int) -> Claim:
    """A claim of which so many papers are asked for."""
    claim = factories.received(claim=_personal())
    papers = {"mission_order": "Pour le genou d’Alix.", "schooling": "Pour le genou."}
    claims.ask_papers(claim=claim, wanted=dict(list(papers.items())[:copies]), by=factories.agent())
    return claim


def _unusable(copies: int) -> Claim:
    """A claim of which so many files hold a virus."""
    claim = _personal()
    for number in range(copies):
        content = factories.pdf() + factories.EICAR
        factories.attachment(claim, paper="translation", content=content, name=f"radio-du-genou-{number}.pdf")
    return factories.sent(claim=claim)


@pytest.mark.usefixtures("scanning")
def test_every_letter_has_a_title_and_no_health_word_nor_a_persons_data(
    work: Work, home: Path, frozen: time_machine.Traveller
):
    approved = factories.approved(factories.received(claim=_personal()))
    mandates.accepted(approved.insured)
    refused = factories.refused(factories.received(claim=_personal()))
    in_part = _refused_in_part(_personal())
    settled = _settled_with_nothing_more(_personal())
    reopened = factories.approved(factories.received(claim=_personal()))
    payments.reject(order=factories.ordered(reopened), reason="Compte à vérifier", by=factories.accountant())
    awaited = factories.to_replace(factories.received(claim=_personal()), words="Le genou d’Alix est flou.").claim
    wanted = [_wanted(copies) for copies in (1, 2)]
    control = cases.asked(control=cases.opened(claim=cases.paid(claim=factories.received(claim=_personal()))))
    controls.prolong(control=control, answer_by=date(2026, 11, 2), by=factories.agent())
    controls.withdraw(control=control, by=cases.supervisor())
    unanswered = cases.asked(control=cases.opened(claim=cases.paid(claim=factories.received(claim=_personal()))))
    unusable = [_unusable(copies) for copies in (1, 2)]
    work()
    minor = families.of_age(factories.insured())
    families.own_account(minor)
    kept = factories.received(claim=families.draft_for(minor))
    for settle in (claims.keep_from_family, claims.tell_family):
        settle(claim=kept, reason=SecrecyReason.COUNTER, by=factories.agent())
        work()
    factories.refused(kept)
    document = refused.attachments.earliest("pk").document
    documents.read(page=document.pages.get(), by=factories.agent())
    document.advance("infect", by=SYSTEM)
    work()
    factories.actor(Role.SUPERVISOR)
    draft, late = _personal(), factories.sent(claim=_personal())
    frozen.shift(timedelta(days=80))
    upkeep.alert_of_stalled_scans()
    upkeep.end_drafts()
    desk.watch()
    controlling.watch_delays()
    work()

    written = Notice.objects.filter(kind__in=KINDS)
    assert set(written.values_list("kind", flat=True)) == KINDS
    for notice in written:
        told_of = Claim.objects.filter(insured__account=notice.account) or Claim.objects.all()
        said = f"{notice.title}\n{notice.body}"
        assert 0 < len(notice.title) <= 80
        assert notice.kind in OF_SUPERVISORS or any(claim.number in notice.title for claim in told_of)
        assert notice.body.startswith("Bonjour,\n\n"), notice.kind
        assert "{" not in said
        assert "None" not in said
        assert HEALTH.findall(FUND.sub("", said)) == [], notice.kind
        for word in [word for claim in told_of for word in _personal_words(claim)]:
            assert word.lower() not in said.lower(), (notice.kind, word)
    told = {
        approved,
        refused,
        in_part,
        settled,
        reopened,
        awaited,
        *wanted,
        *unusable,
        kept,
        draft,
        late,
        control.claim,
        unanswered.claim,
    }
    assert told == set(Claim.objects.all())


def _personal() -> Claim:
    claim = factories.draft()
    bill = factories.bill(claim, provider="Hôpital du Zèbre bleu")
    factories.line(bill, care=Care.PHYSIOTHERAPY)
    for code in ("bill", "cerfa", "prescription"):
        factories.attachment(claim, paper=code, name=f"genou-{code}.pdf")
    return claim


def _personal_words(claim: Claim) -> list[str]:
    person = claim.insured
    return [
        person.nir,
        person.birth_name,
        *person.first_names.split(),
        person.account.name,
        factories.IBAN,
        "Djibouti",
        "Zèbre",
        "genou",
        "Kinésithérapie",
        *claim.attachments.values_list("document__sha256", flat=True),
    ]
