"""The circumstances of care that an agent retains, and the tariff that the insured person chooses in Europe."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from escale.domain.claims import actions as claims
from escale.domain.claims import circumstances, computing, estimates, queries
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Link
from escale.rules.intake import Care
from escale.rules.reimbursement import Choice
from escale.rules.scope import Authorisation, Stay
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

SERVICE: dict[str, Any] = {}
IN_THE_WORLD: dict[str, Any] = {"territory": "US", "stay": Stay.HOLIDAY}
PLANNED: dict[str, Any] = {"territory": "US", "stay": Stay.PLANNED_CARE}
PLANNED_IN_EUROPE: dict[str, Any] = {"territory": "DE", "stay": Stay.PLANNED_CARE}
IN_EUROPE: dict[str, Any] = {"territory": "DE", "stay": Stay.HOLIDAY}
BY_ITS_TARIFF = IN_EUROPE | {"choice": Choice.STATE_OF_STAY}
ANSWERED = Decimal("41.20")


def received(stay: dict[str, Any], *traits: dict[str, Any]) -> list[ClaimLine]:
    """The lines of a claim of 50 € each that waits for an agent."""
    stay = dict(stay)
    choice = stay.pop("choice", Choice.FRENCH)
    claim = factories.draft(**stay)
    claims.choose_tariff(claim=claim, choice=choice, by=factories.owner(claim))
    bill = factories.bill(claim, currency="EUR")
    for one in traits or ({},):
        factories.line(bill, **one)
    for paper in [paper.code for paper in queries.papers(claim) if paper.mandatory]:
        factories.attachment(claim, paper=paper)
    return list(queries.lines(factories.received(claim=claim)))


def assess(line: ClaimLine, **retained: Any) -> ClaimLine:
    claims.assess(line=line, retained=claims.Assessment(**retained), by=factories.agent())
    line.refresh_from_db()
    return line


@pytest.mark.parametrize(("stay", "said", "due"), [
    (SERVICE,      {},                                      "19.00"),  # 30 € less 30 %, less 2 €
    (SERVICE,      {"in_hospital": True},                   "21.00"),  # no contribution during a stay
    (SERVICE,      {"in_hospital": True, "heavy": True},    "30.00"),  # the share is that of the stay
    (SERVICE,      {"emergency": True},                     "5.00"),   # a lump sum of 23 €
    (IN_THE_WORLD, {},                                      "19.00"),
    (IN_THE_WORLD, {"unforeseen": True},                    "19.00"),
    (IN_THE_WORLD, {"unforeseen": False},                   "0.00"),
    (PLANNED,      {"authorised": True},                    "19.00"),
    (PLANNED,      {"authorised": False},                   "0.00"),
    (IN_EUROPE,    {"in_hospital": True},                   "24.00"),  # 20 %, as in France
])  # fmt: skip
def test_each_circumstance_changes_the_sum_as_the_law_says(stay: dict, said: dict, due: str) -> None:
    (line,) = received(stay)
    assert assess(line, act="G", **said).due == Decimal(due)
    assert all(getattr(line, name) == value for name, value in said.items())


def test_a_heavy_stay_bears_the_lump_sum_and_the_daily_charge() -> None:
    (line,) = received(SERVICE, {"care": Care.HOSPITAL, "amount": Decimal(2000)})
    day = {"act": "HOSP_MED", "quantity": 2, "stated_tariff": Decimal(1000), "reason": "Prix de journée"}
    share = next(step for step in assess(line, **day).explanation if step["cause"] == "share")
    lump = next(step for step in assess(line, **day, heavy=True).explanation if step["cause"] == "share")
    assert Decimal(lump["before"]) - Decimal(lump["after"]) < Decimal(share["before"]) - Decimal(share["after"])


@pytest.mark.parametrize(("stay", "name", "article"), [
    (IN_THE_WORLD, "unforeseen", "CSS, art. R. 160-4, al. 1"),
    (PLANNED, "authorised", "CSS, art. R. 160-4, al. 3"),
])  # fmt: skip
def test_the_note_to_judge_goes_away_once_it_is_judged(stay: dict, name: str, article: str) -> None:
    (line,) = received(stay)
    assert len(assess(line, act="G").to_judge) == 2
    assert circumstances.to_say(line) == {name}
    assert len(assess(line, act="G", **{name: True}).to_judge) == 1
    assert circumstances.to_say(line) == frozenset()
    assert assess(line, **{name: False}).explanation[-1]["article"] == article, "whatever the act"


def test_a_night_in_a_hospital_of_europe_needs_its_authorisation() -> None:
    (line,) = received(PLANNED_IN_EUROPE, {"care": Care.HOSPITAL})
    assess(line, authorised=False, act="HOSP_MED", quantity=1)
    assert (line.due, line.explanation[-1]["article"]) == (Decimal(0), "CSS, art. R. 160-2, I")


def test_the_answer_of_the_state_of_stay_is_what_is_paid_back_within_the_expense() -> None:
    first, second = received(BY_ITS_TARIFF, {}, {})
    with pytest.raises(claims.Unacceptable) as refusal:
        assess(first, act="G")
    assert "l’organisme de cet État" in refusal.value.errors["state_of_stay"]
    assert assess(first, state_of_stay=ANSWERED).due == ANSWERED
    assert not first.to_judge
    assert assess(second, state_of_stay=Decimal(80)).due == Decimal(50)
    first.refresh_from_db()
    assert (first.due, first.decided, first.state_of_stay) == (ANSWERED, None, ANSWERED)
    assert "R. 160-1" in first.explanation[-1]["article"]


def test_an_agent_may_decide_an_amount_while_the_state_of_stay_does_not_answer() -> None:
    (line,) = received(BY_ITS_TARIFF)
    assert assess(line, amount=Decimal(10), reason="Sans réponse").due == Decimal(10)


def test_a_line_keeps_its_circumstances_when_another_is_computed() -> None:
    first, second = received(IN_THE_WORLD, {}, {"care": Care.DENTAL})
    assess(first, unforeseen=False)
    assess(second, act="C_DENT", unforeseen=True)
    first.refresh_from_db()
    assert (first.due, first.unforeseen, first.decided) == (Decimal(0), False, None)
    assert second.due


def test_the_time_to_ask_for_maternity_runs_from_the_day_when_the_pregnancy_was_found() -> None:
    (line,) = received({"stay_from": date(2023, 9, 1)}, {"care": Care.MATERNITY, "given_on": date(2024, 9, 20)})
    price = {"stated_tariff": Decimal(30), "reason": "Prix français", "act": "JQQM010"}
    assert assess(line, **price).due
    assert assess(line, **price, pregnancy_found_on=date(2024, 9, 18)).due
    late = assess(line, **price, pregnancy_found_on=date(2024, 2, 1))
    assert (late.due, late.explanation[-1]["article"]) == (Decimal(0), "CSS, art. L. 160-11")


@pytest.mark.parametrize(("said", "field"), [
    ({"in_hospital": True, "emergency": True}, "emergency"),
    ({"state_of_stay": ANSWERED}, "state_of_stay"),
    ({"pregnancy_found_on": date(2026, 9, 2)}, "pregnancy_found_on"),
])  # fmt: skip
def test_circumstances_that_cannot_be_are_refused_at_their_field(said: dict, field: str) -> None:
    (line,) = received(IN_EUROPE)
    with pytest.raises(claims.Unacceptable) as refusal:
        assess(line, act="G", **said)
    assert set(refusal.value.errors) == {field}


@pytest.mark.parametrize("said", [
    {"in_hospital": True, "emergency": True}, {"state_of_stay": Decimal(-1)}, {"pregnancy_found_on": date(2026, 9, 2)},
])  # fmt: skip
def test_the_database_refuses_them_too(said: dict) -> None:
    (line,) = received(IN_EUROPE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimLine.objects.filter(pk=line.pk).update(**said)


def test_the_journal_says_nothing_of_anybodys_health() -> None:
    (line,) = received(IN_THE_WORLD)
    assess(line, act="G", unforeseen=True, heavy=True, in_hospital=True)
    facts = Entry.objects.get(event="claim.assess").facts
    assert facts == {"line": line.pk, "due": str(line.due), "unforeseen": True}


def test_only_what_can_change_the_sum_is_asked() -> None:
    (transport,) = received(IN_THE_WORLD, {"care": Care.TRANSPORT})
    assert circumstances.asked_of(transport) == ("unforeseen",)
    (visit,) = received(PLANNED_IN_EUROPE)
    assert "authorised" not in circumstances.asked_of(visit)
    (answered,) = received(BY_ITS_TARIFF)
    assert circumstances.asked_of(answered) == ("state_of_stay",)


def test_the_choice_is_there_for_private_stays_in_europe_only() -> None:
    for stay in (SERVICE, IN_THE_WORLD, PLANNED):
        claim = factories.draft(**stay)
        with pytest.raises(claims.Unacceptable) as refusal:
            claims.choose_tariff(claim=claim, choice=Choice.STATE_OF_STAY, by=factories.owner(claim))
        assert set(refusal.value.errors) == {"choice"}
        claim.refresh_from_db()
        assert claim.choice == Choice.FRENCH


def chosen(**stay: Any) -> Claim:
    """A draft whose insured person chose the tariff of the State of stay."""
    claim = factories.draft(**{**IN_EUROPE, **stay})
    claims.choose_tariff(claim=claim, choice=Choice.STATE_OF_STAY, by=factories.owner(claim))
    return claim


def test_a_choice_is_given_up_with_the_stay_or_the_person_that_gave_it() -> None:
    claim = chosen()
    stay = {"territory": "AT", "stay": Stay.HOLIDAY, "stay_from": date(2025, 9, 1), "stay_until": None}
    claims.change_stay(claim=claim, by=factories.owner(claim), **stay)
    assert claim.choice == Choice.STATE_OF_STAY
    claims.change_stay(claim=claim, by=factories.owner(claim), **stay | {"territory": "US"})
    claim.refresh_from_db()
    assert claim.choice == Choice.FRENCH
    mission = factories.draft(territory="DE", stay=Stay.MISSION)
    spouse = mission.insured.beneficiaries.get(link=Link.SPOUSE)
    claims.choose_beneficiary(claim=mission, beneficiary=spouse, by=factories.owner(mission))
    claims.choose_tariff(claim=mission, choice=Choice.STATE_OF_STAY, by=factories.owner(mission))
    oneself = mission.insured.beneficiaries.get(link=Link.SELF)
    claims.choose_beneficiary(claim=mission, beneficiary=oneself, by=factories.owner(mission))
    mission.refresh_from_db()
    assert mission.choice == Choice.FRENCH


def test_starting_again_keeps_the_choice_and_what_happened() -> None:
    claim = chosen()
    dates = {"sent_at": "2026-09-15T10:00Z", "due_on": date(2026, 11, 1)}
    Claim.objects.filter(pk=claim.pk).update(status="unusable", accident=True, **dates)
    draft = claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))
    assert (draft.copied_from, draft.choice, draft.accident) == (claim, Choice.STATE_OF_STAY, True)


def test_what_the_state_of_stay_will_answer_is_not_estimated() -> None:
    claim = chosen()
    factories.line(factories.bill(claim))
    (told,) = estimates.of(claim, queries.bills(claim)).values()
    assert "les tarifs de l’État de séjour" in told.why


def test_the_law_is_read_on_the_day_of_each_line() -> None:
    stay = {
        "territory": "GB",
        "stay": Stay.PLANNED_CARE,
        "stay_from": date(2020, 12, 28),
        "stay_until": date(2021, 1, 9),
    }
    lines = received(stay, {"given_on": date(2020, 12, 31)}, {"given_on": date(2021, 1, 2)})
    assert ["authorised" in circumstances.asked_of(line) for line in lines] == [False, True]
    rules = [computing.as_rule(line, quote=queries.quote(line), found=None) for line in lines]
    assert [one.authorisation for one in rules] == [Authorisation.HEAVY, Authorisation.ALWAYS]
    assert queries.competence(lines[1].bill.claim).authorisation is Authorisation.HEAVY, "its page: the first day"
