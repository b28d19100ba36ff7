"""A decision is contested from its page, followed, answered; a sum claimed back is read, answered, and paid."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.appeals.lifecycle import Status
from escale.domain.appeals.models import Appeal
from escale.domain.debts.models import Debt
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.appeals import appeals
from tests.domain.debts import debts
from tests.web.agents.conftest import at_counter
from tests.web.insured.conftest import text, title

pytestmark = pytest.mark.usefixtures("scanning")


def test_a_refused_claim_is_contested_and_its_appeal_followed_to_the_court(visitor: Client, person: InsuredPerson):
    decision = appeals.decision(person)
    number = decision.claim.number
    address = reverse("insured:contest", args=[number, decision.pk])
    assert address in text(visitor.get(reverse("insured:claim", args=[number])))
    assert title(visitor.post(address, {"request_key": uuid4()})).startswith("Erreur : ")
    paper = decision.claim.attachments.earliest("pk")
    typed = {"points": ["papers"], "text": "La facture est la mienne.", "papers": [paper.pk], "request_key": uuid4()}
    followed = text(visitor.post(address, typed, follow=True))
    appeal = Appeal.objects.get()
    assert list(appeal.papers.all()) == [paper]
    assert f"{number}-R1" in followed
    assert "15 novembre 2026 : sans réponse ce jour-là" in followed
    assert "est en cours : le voici" in text(visitor.get(address, follow=True))
    visitor.post(reverse("insured:add_to_appeal", args=[appeal]), {"text": "J’ajoute ceci.", "request_key": uuid4()})

    office = at_counter(factories.actor(Role.SUPERVISOR))
    assert str(appeal) in text(office.get(reverse("agents:appeals")))
    office.post(reverse("agents:examine_appeal", args=[appeal]))
    faulty = office.post(reverse("agents:answer_appeal", args=[appeal]), {"outcome": "rejected"})
    assert title(faulty).startswith("Erreur : ")
    said = {"outcome": "rejected", "session_on": "2026-09-15", "reasons": "Elle ne dit pas les soins."}
    assert "J’ajoute ceci." in text(office.post(reverse("agents:answer_appeal", args=[appeal]), said, follow=True))

    answered = text(visitor.get(reverse("insured:appeal", args=[appeal])))
    assert "Elle ne dit pas les soins." in answered
    assert "tribunal judiciaire de votre domicile, pôle social, jusqu’au 15 novembre 2026" in answered
    appeal.refresh_from_db()
    assert (appeal.status, appeal.read_at is not None) == (Status.REJECTED, True)


def test_a_sum_claimed_back_is_told_with_all_that_the_law_wants_and_answered(visitor: Client, person: InsuredPerson):
    debt = debts.notified(debts.proposed(person))
    address = reverse("insured:debt", args=[debt])
    said = text(visitor.get(address))
    for words in (
        "Soins déjà remboursés", "Ces soins ont été remboursés deux fois.", "par le virement du 16 septembre 2026",
        "19,00\u00a0€",
        "Dans les 20 jours", "téléphone ou au guichet", "notre silence pendant 1 mois", "12 mois au plus",
        "commission de recours amiable dans les 2 mois", "lue pour la première fois le 15 septembre 2026",
        "jusqu’au 5 octobre 2026 inclus", "à partir du 6 octobre 2026", "jusqu’au 15 novembre 2026 inclus",
    ):  # fmt: skip
        assert words in said, words
    assert title(visitor.post(reverse("insured:plan_debt", args=[debt]), {})).startswith("Erreur : ")
    visitor.post(reverse("insured:plan_debt", args=[debt]), {"months": "3", "withholding": "on"})
    visitor.post(reverse("insured:rectify_debt", args=[debt]), {"words": "J’ai rendu cette somme."})
    debt.refresh_from_db()
    assert (debt.plan_months, debt.withholding_agreed_on is not None, debt.status) == (3, True, "contested")
    typed = {"points": ["owed"], "text": "Je ne la dois pas.", "request_key": uuid4()}
    assert "Recours" in title(visitor.post(reverse("insured:contest_debt", args=[debt]), typed, follow=True))
    assert str(debt) in text(visitor.get(reverse("insured:debts")))


def test_words_that_come_too_late_to_rectify_are_those_of_an_appeal(visitor: Client, person: InsuredPerson):
    debt = debts.read(debts.notified(debts.proposed(person)), days_ago=21)
    rectify, words = reverse("insured:rectify_debt", args=[debt]), "J’ai rendu cette somme en mai."
    offered = text(visitor.post(rectify, {"words": words}))
    assert "ce que vous avez écrit devient un recours" in offered
    assert words in offered
    contest = reverse("insured:contest_debt", args=[debt])
    assert f'action="{contest}"' in offered
    visitor.post(contest, {"points": ["owed"], "text": words, "request_key": uuid4()})
    assert Appeal.objects.get().overpayment == debt.reference
    again = text(visitor.post(rectify, {"words": "Voici la preuve."}))
    assert "ajoutez-y ces mots" in again
    assert "Voici la preuve.</textarea>" in again


def test_what_a_browser_fetches_ahead_is_not_a_reading(visitor: Client, person: InsuredPerson):
    debt, appeal = debts.notified(debts.proposed(person)), appeals.filed(person=person)
    appeals.answered(appeals.examined(appeal), outcome=Status.REJECTED)
    for address in (reverse("insured:debt", args=[debt]), reverse("insured:appeal", args=[appeal])):
        assert visitor.head(address).status_code == 200
    debt.refresh_from_db()
    appeal.refresh_from_db()
    assert (debt.read_at, appeal.read_at) == (None, None)


def test_the_commission_is_obeyed_and_what_came_beyond_is_given_back(visitor: Client, person: InsuredPerson):
    debt = debts.read(debts.notified(debts.proposed(person)))
    debts.record(debt, Decimal(5))
    filed = appeals.filed(debt.decision, overpayment=debt.reference)
    office, row = at_counter(debts.supervisor()), debt.lines.get().pk
    carry_out, given = reverse("agents:carry_out_debt", args=[debt]), {f"granted-line-{row}": "2,00"}
    assert "rien accordé" in text(office.post(carry_out, given, follow=True))
    appeals.answered(appeals.examined(filed), outcome=Status.PARTLY)
    todo = reverse("agents:appeals") + "?voir=a-executer"
    assert str(filed) in text(office.get(todo))
    assert carry_out in text(office.get(reverse("agents:debt", args=[debt])))
    office.post(carry_out, given)
    debt.refresh_from_db()
    assert (debt.status, debt.total, debt.surplus) == ("recovered", 2, 3)
    assert str(filed) not in text(office.get(todo))
    assert "3,00" in text(office.get(reverse("agents:debts") + "?voir=a-rendre"))
    came = {"way": "transfer", "amount": "3,00", "on": "2026-09-15", "proof": "Virement 13", "request_key": uuid4()}
    office.post(reverse("agents:return_recovery", args=[debt]), {f"return-{name}": said for name, said in came.items()})
    wrong = {"correct-recovery": debt.recoveries.earliest("pk").pk, "correct-words": "Erreur."}
    refused = office.post(reverse("agents:correct_recovery", args=[debt]), wrong, follow=True)
    assert "corrigez d’abord" in text(refused)
    assert "Aucun indu dans cette liste" in text(office.get(reverse("agents:debts") + "?voir=a-rendre"))
    assert office.get(reverse("agents:debt_letter", args=[debt])).content.startswith(b"%PDF-")


def test_the_fund_opens_signs_answers_and_recovers_a_debt(visitor: Client, person: InsuredPerson):
    claim = debts.paid(person)
    line = claim.bills.get().lines.get()
    desk, office = at_counter(factories.agent()), at_counter(debts.supervisor())
    propose = reverse("agents:propose_debt", args=[claim.number])
    typed = {"cause": "twice", "words": "Payé deux fois.", "request_key": uuid4()}
    too_much = desk.post(propose, {f"line-{line.pk}": "99,99", **typed})
    assert "dépasse ce qui a été payé" in text(too_much)
    desk.post(propose, {f"line-{line.pk}": "12,00", **typed})
    debt = Debt.objects.get()
    office.post(reverse("agents:sign_debt", args=[debt]), {"step": "sign"})
    visitor.get(reverse("insured:debt", args=[debt]))
    visitor.post(reverse("insured:rectify_debt", args=[debt]), {"words": "La moitié était due."})
    row = debt.lines.get().pk
    office.post(reverse("agents:answer_debt", args=[debt]), {f"line-{row}": "6,00", "words": "C’est vrai."})
    spread = {"months": "2", "first_on": "2026-09-30"}
    desk.post(reverse("agents:spread_debt", args=[debt]), spread)
    record = reverse("agents:record_recovery", args=[debt])
    came = {"way": "transfer", "amount": "6,00", "on": "2026-09-15", "proof": "Virement 12", "request_key": uuid4()}
    desk.post(record, came)
    debt.refresh_from_db()
    assert (debt.status, debt.total, debt.left, debt.instalments.count()) == ("recovered", 6, 0, 2)


def test_pages_ask_the_same_number_of_questions_however_much_they_show(visitor: Client, person: InsuredPerson):
    decision = appeals.decision(person)
    appeals.filed(decision)
    office = at_counter(factories.actor(Role.SUPERVISOR))
    lists = [(office, reverse("agents:appeals"), 15), (visitor, reverse("insured:claim", args=[decision.claim]), 24)]
    for client, address, _most in lists:
        _queries(client, address)  # the tables of the law are read once
    before = [_queries(client, address) for client, address, _most in lists]
    appeals.filed(decision, overpayment="I1")
    appeals.filed(decision, overpayment="I2")
    assert [_queries(client, address) for client, address, _most in lists] == before
    assert all(found <= most for found, (_client, _address, most) in zip(before, lists, strict=True)), before


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)
