from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.reimbursement import CareLine, Exemption, Refund, causes, refund
from escale.rules.scope import RuleSet
from escale.rules.treatment import ClaimRefund, refund_claim
from tests.rules.lines import possible

NOTHING = Decimal(0)
EUROS = st.decimals(NOTHING, Decimal(400), places=2)
MANY = settings(max_examples=300)
# Days on both sides of the changes of the contributions and of the heavy acts.
DAYS = st.sampled_from([date(2024, 3, 30), date(2024, 5, 15), date(2025, 12, 31), date(2026, 4, 21), date(2026, 4, 22)])
ACTS = st.sampled_from([
    ("G", Care.GENERALIST), ("CS", Care.SPECIALIST), ("APC", Care.SPECIALIST), ("AMK 9.5", Care.PHYSIOTHERAPY),
    ("AMI 4", Care.NURSE), ("B 80", Care.BIOLOGY), ("PH7", Care.PHARMACY), ("C_DENT", Care.DENTAL),
    ("TRANSPORT", Care.TRANSPORT), ("LPP", Care.DEVICE), ("INCONNU", Care.SPECIALIST),
])  # fmt: skip


@st.composite
def line(draw: st.DrawFn) -> CareLine:
    (code, care), stated = draw(ACTS), draw(st.booleans())
    drawn = CareLine(
        given_on=draw(DAYS),
        act_code=code,
        care=care,
        expense_eur=draw(EUROS),
        patient_age=40,
        rule_set=RuleSet.SERVICE,
        paid_elsewhere_eur=draw(st.just(NOTHING) | EUROS),
        quantity=draw(st.integers(1, 6)),
        days=draw(st.none() | st.integers(1, 6)),
        exemption=draw(st.none() | st.sampled_from(Exemption)),
        heavy=draw(st.booleans()),
        provider=draw(st.sampled_from(["", "A", "B"])),
        stated_tariff=draw(EUROS) if stated else None,
        stated_reason="tarif relevé",
        repaid_on=date(2026, 6, 1),
    )
    return possible(drawn)


SESSION = CareLine(
    given_on=date(2026, 2, 2), care=Care.NURSE, expense_eur=Decimal(60), patient_age=40, rule_set=RuleSet.SERVICE,
)  # fmt: skip
CLAIMS = st.lists(line(), min_size=1, max_size=6)


def computed(claim: ClaimRefund) -> list[Refund]:
    return [one for one in claim.lines if isinstance(one, Refund)]


@MANY
@given(CLAIMS)
def test_the_lines_add_up_to_the_claim_and_their_causes_to_what_is_not_paid_back(lines: list[CareLine]) -> None:
    claim = refund_claim(lines)
    assert claim.due == sum(one.due for one in computed(claim))
    for one in computed(claim):
        cuts = causes(one)
        assert one.steps[0].before - one.due == sum(cut.amount for cut in cuts)
        assert all(cut.amount > 0 and cut.label and cut.article for cut in cuts)
        for step, following in zip(one.steps, one.steps[1:], strict=False):
            assert step.after == following.before
        assert (one.steps[-1].after, one.steps[-1].after >= 0) == (one.due, True)


@MANY
@given(CLAIMS)
def test_a_claim_never_pays_more_than_was_spent_nor_than_france_would_have_paid(lines: list[CareLine]) -> None:
    claim = refund_claim(lines)
    spent = sum(line.expense_eur - line.paid_elsewhere_eur for line in lines)
    whole = all(isinstance(one, Refund) for one in claim.lines)
    assert claim.due <= claim.french
    assert claim.due <= (max(NOTHING, spent) if whole else sum(line.expense_eur for line in lines))


@MANY
@given(CLAIMS, st.data())
def test_the_order_of_the_lines_changes_nothing(lines: list[CareLine], data: st.DataObject) -> None:
    places = data.draw(st.permutations(range(len(lines))))
    claim, shuffled = refund_claim(lines), refund_claim([lines[place] for place in places])
    assert claim.due == shuffled.due
    assert claim.french == shuffled.french


@MANY
@given(CLAIMS, st.integers(0, 5), EUROS)
def test_a_dearer_bill_never_brings_the_claim_down(lines: list[CareLine], place: int, more: Decimal) -> None:
    place %= len(lines)
    dearer = replace(lines[place], expense_eur=lines[place].expense_eur + more)
    assert refund_claim(lines).due <= refund_claim([*lines[:place], dearer, *lines[place + 1 :]]).due


SESSIONS = st.lists(
    st.builds(
        CareLine,
        given_on=st.integers(0, 2).map(lambda days: date(2026, 2, 2) + timedelta(days=days)),
        act_code=st.just("AMK 9.5"),
        care=st.just(Care.PHYSIOTHERAPY),
        expense_eur=st.decimals(NOTHING, Decimal(60), places=2),
        patient_age=st.just(40),
        rule_set=st.just(RuleSet.SERVICE),
        quantity=st.integers(1, 6),
    )
    | st.builds(
        CareLine,
        given_on=st.integers(0, 2).map(lambda days: date(2026, 2, 2) + timedelta(days=days)),
        act_code=st.just("G"),
        care=st.just(Care.GENERALIST),
        expense_eur=st.decimals(NOTHING, Decimal(60), places=2),
        patient_age=st.just(40),
        rule_set=st.just(RuleSet.SERVICE),
        quantity=st.integers(1, 6),
        provider=st.sampled_from("AB"),
    ),
    min_size=1,
    max_size=40,
)


@MANY
@given(SESSIONS)
def test_no_ceiling_of_contributions_is_ever_exceeded(lines: list[CareLine]) -> None:
    refunds = computed(refund_claim(lines))
    taken = list(zip(lines, refunds, strict=True))
    assert sum(one.franchise for one in refunds) <= 50
    assert sum(one.participation for one in refunds) <= 50
    for day in {line.given_on for line in lines}:
        assert sum(one.franchise for line, one in taken if line.given_on == day) <= 4
        for doctor in "AB":
            bearing = [one for line, one in taken if (line.given_on, line.provider) == (day, doctor)]
            assert sum(one.participation for one in bearing) <= 8


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["AMI 4", "G"]), st.booleans())
def test_acts_given_on_several_days_keep_within_the_ceiling_of_each(
    acts: int, days: int, code: str, more: bool
) -> None:
    days = min(acts, days)
    nursed = replace(SESSION, act_code=code, quantity=acts, days=days, expense_eur=Decimal(9_000))
    nursed = replace(nursed, care=picked(nursed).care)
    alone, same_day = replace(nursed, quantity=1, days=1), [replace(nursed, quantity=1, days=1)] * more
    (first, *others) = computed(refund_claim([nursed, *same_day]))
    unit = sum(cut(computed(refund_claim([alone]))[0]))
    before = sum((sum(cut(other)) for other in others), NOTHING)
    assert before == unit * more
    assert sum(cut(first)) == min(unit * acts, 4 * unit * days - before, 50 - before)


def cut(one: Refund) -> tuple[Decimal, Decimal]:
    return one.participation, one.franchise


@given(line())
def test_a_claim_of_one_line_is_that_line(line: CareLine) -> None:
    (only,) = refund_claim([line]).lines
    if isinstance(only, Refund):
        within = replace(line, paid_elsewhere_eur=min(line.paid_elsewhere_eur, line.expense_eur))
        assert only == refund(within)
