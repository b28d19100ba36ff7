"""Official tables: what is plausible beside a rate known serves at once, the rest waits for a second person."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from escale.domain.rates import actions as rates
from escale.domain.rates import queries
from escale.domain.rates.actions import Outcome
from escale.domain.rates.lifecycle import Status
from escale.domain.rates.models import Rate
from escale.gateways.rate_tables import Fault, Line
from escale.rules.currency import Origin
from escale.rules.lifecycle import StepRefused
from escale.rules.plausibility import Doubt
from tests import factories
from tests.domain.rates.rates import in_force, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(frozen) -> None:
    """Every test of this room happens on the same Tuesday."""


def month(rank: int, **figures: str) -> list[Line | Fault]:
    """A monthly table of 2026."""
    on = date(2026, rank, 1)
    return [Line(place, code, Decimal(units), on) for place, (code, units) in enumerate(figures.items(), start=2)]


def taken(lines: list[Line | Fault], **traits) -> Outcome:
    given = {"origin": Origin.MONTHLY, "source": "InforEuro", "by": factories.agent()}
    return rates.take_over(lines=lines, **given | traits)


def believed(lines: list[Line | Fault], **traits) -> None:
    """A first table, taken over by one person and confirmed by another."""
    taken(lines, **traits)
    rates.confirm_firsts(rate=Rate.objects.latest("pk"), by=factories.agent())


def serving(currency: str) -> list[str]:
    found = Rate.objects.in_force().filter(currency=currency).order_by("on", "pk")
    return [f"{one.units_per_eur.normalize():f}" for one in found]


def test_a_plausible_table_serves_at_once_and_again_changes_nothing() -> None:
    believed(month(6, KES="149", VND="30100"))
    table = month(7, KES="150", VND="30000", EUR="1")
    first, again = taken(table), taken(table)
    assert (first.read, first.in_force, first.held, first.refused) == (3, 2, [], [])
    assert (again.read, again.in_force, again.unchanged, again.held) == (3, 0, 3, [])
    assert Rate.objects.count() == 4


def test_the_first_rates_of_a_table_serve_once_a_second_person_has_confirmed_them_together() -> None:
    by = factories.agent()
    held = taken([*month(6, KES="150", VND="30000"), *month(7, KES="151")], by=by).held
    assert held[0] == (2, f"KES 150 : {Doubt.FIRST.label}")
    assert len(held) == 3
    last = Rate.objects.latest("pk")
    with pytest.raises(StepRefused, match="une autre personne"):
        rates.confirm_firsts(rate=last, by=by)
    assert serving("KES") == []
    assert rates.confirm_firsts(rate=last, by=factories.agent()) == 3
    assert (serving("KES"), serving("VND")) == (["150", "151"], ["30000"])


def test_a_first_rate_that_the_next_month_contradicts_is_looked_at_alone() -> None:
    taken(month(6, KES="14.05", VND="30000"))
    assert taken(month(7, KES="140.6")).held == [(2, "KES 140.6 : virgule peut-être mal placée (14.05)")]
    assert rates.confirm_firsts(rate=Rate.objects.get(currency="VND"), by=factories.agent()) == 1
    assert (serving("KES"), serving("VND")) == ([], ["30000"])
    wrong, right = Rate.objects.to_confirm().order_by("on")
    rates.reject(rate=wrong, by=factories.agent())
    rates.confirm(rate=right, by=factories.agent())
    assert serving("KES") == ["140.6"]


def test_what_came_since_the_page_was_shown_is_not_confirmed_with_it() -> None:
    by = factories.agent()
    taken(month(6, KES="150"), by=by)
    shown = Rate.objects.get()
    taken(month(6, VND="30000"), by=by)
    rates.confirm_firsts(rate=shown, by=factories.agent())
    assert (serving("KES"), serving("VND")) == (["150"], [])


def test_a_parity_with_the_dollar_vouches_for_a_first_rate() -> None:
    outcome = taken(month(7, AED="4.2", QAR="42"))
    assert outcome.in_force == 1
    assert "virgule peut-être mal placée" in outcome.held[0][1]


def test_a_true_devaluation_serves_once_confirmed_and_frees_the_months_that_followed_it() -> None:
    believed(month(5, NGN="1000"))
    by = factories.agent()
    held = taken(month(6, NGN="1620"), by=by).held + taken(month(7, NGN="1700"), by=by).held
    assert held == [
        (2, "NGN 1620 : loin du dernier cours connu (1000)"),
        (2, "NGN 1700 : loin du dernier cours connu (1000)"),
    ]
    assert serving("NGN") == ["1000"]

    june = Rate.objects.to_confirm().earliest("on")
    with pytest.raises(StepRefused, match="une autre personne"):
        rates.confirm(rate=june, by=by)
    rates.confirm(rate=june, by=factories.agent())
    assert serving("NGN") == ["1000", "1620", "1700"]


def test_a_misplaced_decimal_left_aside_never_serves() -> None:
    believed(month(5, KES="150"))
    assert taken(month(6, KES="15.1")).held == [(2, "KES 15.1 : virgule peut-être mal placée (150)")]
    rates.reject(rate=Rate.objects.to_confirm().get(), by=factories.agent())
    assert taken(month(7, KES="152")).in_force == 1
    assert serving("KES") == ["150", "152"]


def test_the_history_of_the_ecb_is_compared_with_too() -> None:
    outcome = taken(month(9, USD="11.6", JPY="176"))
    assert outcome.in_force == 1
    assert "virgule peut-être mal placée" in outcome.held[0][1]


def test_a_line_the_wrong_way_round_is_refused_and_a_whole_table_is_not_kept() -> None:
    believed(month(5, KES="150", VND="30000", UGX="4200", LKR="350"))
    [(line, reason)] = taken(month(6, KES="0.00667", VND="30100", UGX="4210", LKR="351")).refused
    assert (line, reason) == (2, f"KES : {Doubt.INVERTED.label}")
    with pytest.raises(rates.Inverted):
        taken(month(7, KES="0.00667", VND="0.0000333", UGX="0.000238", LKR="351"))
    assert not Rate.objects.filter(on=date(2026, 7, 1)).exists()


def test_what_contradicts_itself_or_no_longer_exists_is_refused_line_by_line() -> None:
    on = date(2026, 6, 1)
    lines = [
        Line(2, "KES", Decimal(150), on), Line(3, "KES", Decimal(151), on), Line(4, "VND", Decimal(30000), on),
        Line(5, "VND", Decimal(30000), on), Line(6, "SLL", Decimal(25000), on), Line(7, "QQQ", Decimal(2), on),
        Fault(8, "« abc » n’est pas un nombre"),
    ]  # fmt: skip
    outcome = taken(lines)
    assert [number for number, _reason in outcome.refused] == [2, 3, 6, 7, 8]
    assert (len(outcome.held), outcome.unchanged) == (1, 1)
    assert "KES a deux cours différents au 01/06/2026" in dict(outcome.refused)[2]
    assert "SLL" in dict(outcome.refused)[6]


def test_a_correction_of_the_same_table_waits_and_takes_the_place_of_the_first() -> None:
    believed(month(6, KES="150"))
    assert "autre que le cours déjà en usage" in taken(month(6, KES="151")).held[0][1]
    assert taken(month(6, KES="155"), source="Autre table").refused[0][1].endswith("« InforEuro »")
    rates.confirm(rate=Rate.objects.to_confirm().get(), by=factories.agent())
    assert serving("KES") == ["151"]
    assert Rate.objects.get(units_per_eur=150).status == Status.WITHDRAWN


def test_the_database_itself_refuses_a_rate_that_one_person_alone_put_in_force() -> None:
    rate = proposed()
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Rate.objects.filter(pk=rate.pk).update(status=Status.IN_FORCE)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Rate.objects.filter(pk=rate.pk).update(status=Status.IN_FORCE, decided_by=rate.proposed_by)


def test_the_same_proposal_sent_twice_is_one() -> None:
    by = factories.agent()
    assert proposed(by=by) == proposed(by=by)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"currency": "XOF"}, "currency"), ({"currency": "QQQ"}, "currency"), ({"currency": "HRK"}, "currency"),
     ({"on": date(2026, 9, 16)}, "on"), ({"currency": "SLE", "on": date(2022, 6, 30)}, "on"),
     ({"currency": "JPY", "units_per_eur": Decimal("0.0058")}, "units_per_eur")],
)  # fmt: skip
def test_what_needs_no_rate_or_cannot_have_it_is_refused_at_its_field(typed: dict, field: str) -> None:
    with pytest.raises(rates.Unacceptable) as refusal:
        proposed(**typed)
    assert list(refusal.value.errors) == [field]


def test_only_what_is_in_force_is_asked() -> None:
    proposed()
    kept = in_force(currency="KES", units_per_eur=Decimal(150))
    found = queries.published(["KES", "VND"], days={date(2026, 9, 1)})
    assert [(one.currency, one.units_per_eur, one.origin) for one in found] == [("KES", 150, Origin.ENTERED)]
    assert found[0].source == kept.source
