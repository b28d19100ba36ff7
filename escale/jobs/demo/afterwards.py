"""What follows in the story: bills that look alike, a control by lot, an appeal, a sum claimed back, an insurer."""

from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from escale.domain.appeals import actions as appeals
from escale.domain.appeals.models import Point
from escale.domain.claims.models import Claim
from escale.domain.controls import actions as controls
from escale.domain.controls.models import Stratum
from escale.domain.debts import actions as debts
from escale.domain.debts import queries as of_debts
from escale.domain.documents import queries as documents
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements import actions as statements
from escale.jobs.demo import bank, papers, people, telling
from escale.jobs.demo.telling import Told
from escale.rules.intake import Care
from escale.rules.overpayment import Cause
from escale.rules.scope import Stay


def send_again(claim: Claim, bill: Told) -> None:
    """Send a bill again, as it was and as an editor left it, then one of the same day in another country."""
    again = telling.draft(people.CAMILLE, "DJ", Stay.POSTING, 400, bill=bill)
    sheet, first = telling.invoice(again.bills.get()), claim.attachments.get(paper="bill").document
    as_it_was = papers.Paper(first.name, first.media_type, b"".join(documents.vault().chunks(first.key)))
    for file in (as_it_was, papers.photograph(sheet, "IMG_2043", editor="Adobe Photoshop 26.1")):
        telling.join(again, file, "bill", again.bills.get(), people.actor(people.CAMILLE))
    telling.received(telling.sent(again))

    coast = Told("Clinique de la Côte, Mombasa", "EUR", bill.days_ago, [(Care.SPECIALIST, "500")])
    elsewhere = telling.draft(people.CAMILLE, "KE", Stay.POSTING, bill.days_ago + 1, stayed=4, bill=coast)
    telling.received(telling.sent(elsewhere))


def pay(batch: Batch) -> None:
    """Have the bank pay a batch, as of yesterday: a lot is drawn among what is paid already."""
    payments.send_batch(batch=batch)
    told = bank.executed(Path(settings.BANK_FOLDER) / f"{batch}.xml", on=telling.days_ago(1))
    payments.read_bank_file(file=payments.receive(name=f"{batch}-camt.054.xml", chunks=[told]))


def share() -> None:
    """Have an insurer told of what will be paid for Camille and the children."""
    today, by = timezone.localdate(), people.actor(people.CAMILLE)
    statements.give(
        insured=InsuredPerson.objects.get(account=by.account),
        insurer=statements.name_insurer(code="mutuelle-de-l-escale", name="Mutuelle de l’Escale"),
        contract="ME-2041", with_children=True, valid_from=today, valid_until=statements.longest_until(today),
        request_key=uuid4(), by=by,
    )  # fmt: skip


def draw_controls() -> None:
    """Draw by lot, among what was paid this month, whose originals are asked for: the seed is published."""
    by = people.actor(people.SUPERVISOR)
    drawn = controls.announce(
        paid_from=telling.days_ago(30), paid_until=timezone.localdate(), strata=[Stratum.ZONE], number=1, percent=0,
        request_key=uuid4(), by=by,
    )  # fmt: skip
    controls.draw(draw=drawn, by=by)


def claim_back(claim: Claim) -> None:
    """Claim a part of what was paid back: an agent proposes, a supervisor signs."""
    decision = of_debts.paid(claim)[0]
    line = of_debts.claimable(decision)[0]
    debt = debts.propose(
        decision=decision, amounts={line.pk: Decimal(4)}, cause=Cause.TARIFF, fraud=False, request_key=uuid4(),
        words="Le tarif retenu est celui d’un spécialiste : cette consultation était d’un généraliste.",
        by=people.actor(people.AGENT),
    )  # fmt: skip
    debts.sign(debt=debt, by=people.actor(people.SUPERVISOR))


def contest(claim: Claim) -> None:
    """Contest a refusal, with a new file."""
    by = people.actor(people.DOMINIQUE)
    appeal = appeals.file(
        decision=claim.decisions.get(), points=[Point.PAPERS], papers=[], request_key=uuid4(), by=by,
        text="La polyclinique m’a remis un reçu tamponné, que je joins : la consultation a bien été payée.",
    )  # fmt: skip
    receipt = papers.scan(telling.certificate(claim, "Reçu de paiement"), "recu")
    telling.join(claim, receipt, "other", None, by, appeal=appeal.reference)
