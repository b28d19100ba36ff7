"""A claim from « Nouvelle demande » to the bank, told by the domain, with the worker of the house."""

from datetime import date
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from escale.domain.claims import actions as claims
from escale.domain.claims import medical, queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.payments import actions as payments
from escale.domain.payments.lifecycle import BatchStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.rates import actions as rates
from escale.gateways.rates import SOURCE
from tests import factories
from tests.conftest import Work

pytestmark = pytest.mark.usefixtures("scanning")


def titles(home: Path) -> list[str]:
    letters = sorted((home / "mail").glob("*.eml"), key=lambda path: int(path.stem.split("-")[-1]))
    return [message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in letters]


def test_a_claim_goes_from_draft_to_the_bank(work: Work, home: Path):
    # Given a complete draft, the insured person sends it
    claim = factories.complete()
    claims.submit(claim=claim, certified=True, by=factories.owner(claim))
    assert claim.status == Status.SENT
    assert claim.due_on == date(2026, 9, 22)  # five working days

    # When the house has scanned it, an agent finds it in the queue, its papers drawn as images
    work()
    agent = factories.agent()
    assert list(desk.queue(actor=agent, filters=Filters())) == [claim]
    assert {d.status for d in Document.objects.all()} == {DocumentStatus.CLEAN}
    assert all(document.pages.count() == 1 for document in Document.objects.all())

    # Then the agent asks the physician, who answers
    claim.refresh_from_db()
    opinion = factories.asked(claim, by=agent)
    assert list(desk.queue(actor=agent, filters=Filters())) == []
    physician = factories.physician()
    assert list(medical.asked(actor=physician)) == [claim]
    factories.answered(opinion, by=physician)

    # And the agent gives each line its amount, at a rate that is kept with its source and its date, and approves
    claim.refresh_from_db()
    decision = claims.decide(claim=factories.assessed(claim, by=agent), by=agent)
    line = queries.bills(claim)[0].lines.all()[0]
    assert (line.rate, line.rate_source, line.rate_on) == (Decimal("1.15900000"), SOURCE, date(2026, 9, 1))
    assert line.expense == Decimal("43.14")
    assert 0 < line.due == decision.total < line.expense

    # And the accountant pays
    accountant = factories.accountant()
    payments.visa(orders=[factories.ordered(claim)], by=accountant)
    batch = payments.prepare_batch(by=accountant)
    work()
    batch.refresh_from_db()
    assert batch.status == BatchStatus.SENT
    [transfers] = (home / "bank").glob("*.xml")
    assert transfers.read_bytes() == factories.file_of(batch)
    amounts = [e.text for e in ElementTree.parse(transfers).iter() if e.tag.endswith("InstdAmt")]
    assert amounts == [str(decision.total)]
    assert Claim.objects.get().paid_on is None

    # And once the bank has executed the transfer, the claim is paid
    factories.executed(batch)
    assert Claim.objects.get().paid_on == date(2026, 9, 16)

    # And everyone was told, and the journal tells the whole story and holds together
    number = claim.number
    assert titles(home) == [f"Nous avons reçu votre demande {number}", f"Votre demande {number} est traitée"]
    told = [entry.event for entry in journal.of(name_of(claim)) if entry.event != "claim.change"]
    assert told == [
        "claim.open", "claim.submit", "claim.receive", "claim.ask_opinion", "claim.give_opinion", "claim.assess",
        "claim.approve", "claim.deposit_letter",
    ]  # fmt: skip
    assert list(journal.faults()) == []


def test_a_refusal_tells_its_reason_and_pays_nothing(work: Work, home: Path):
    claim = factories.refused()
    work()
    number = claim.number
    assert titles(home) == [f"Nous avons reçu votre demande {number}", f"Votre demande {number} est refusée"]
    assert not PaymentOrder.objects.exists()
    assert [one.reason.code for one in queries.refusals(queries.lines(claim))] == ["R01"]


def test_a_visa_refused_gives_the_claim_back_and_it_may_be_paid_again(work: Work):
    claim = factories.approved()
    first = factories.ordered(claim)
    payments.reject(order=first, reason="RIB à vérifier", by=factories.accountant())
    work()
    claim.refresh_from_db()
    assert claim.status == Status.IN_PROGRESS
    claims.decide(claim=claim, by=factories.agent())
    assert factories.ordered(claim).reference == f"{claim.number}-2"


def test_a_currency_without_a_rate_waits_for_two_people_and_keeps_theirs(db: None):
    claim = factories.draft(territory="KE")
    factories.line(factories.bill(claim, currency="KES"), amount=Decimal(4_000))
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    line = queries.bills(factories.received(claim=claim))[0].lines.all()[0]
    agent = factories.agent()
    typed = {"units_per_eur": Decimal("149.5"), "source": "Relevé de la banque", "proof": "Page 2"}
    rate = rates.propose(currency="KES", on=date(2026, 9, 1), by=agent, **typed)
    with pytest.raises(claims.NoRate):
        claims.assess(line=line, retained=claims.Assessment(act="G"), by=agent)
    rates.confirm(rate=rate, by=factories.agent())
    claims.assess(line=line, retained=claims.Assessment(act="G"), by=agent)
    line.refresh_from_db()
    assert (line.rate, line.rate_source, line.rate_on) == (Decimal("149.5"), "Relevé de la banque", date(2026, 9, 1))
    assert line.expense == Decimal("26.76")


def test_a_line_in_djibouti_francs_keeps_the_whole_source_of_its_rate(db: None):
    claim = factories.draft()
    factories.line(factories.bill(claim, currency="DJF"), amount=Decimal(9_000))
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    claim = factories.assessed(factories.received(claim=claim))
    line = queries.bills(claim)[0].lines.all()[0]
    assert SOURCE in line.rate_source
    assert "1 USD = 177,721 DJF" in line.rate_source
