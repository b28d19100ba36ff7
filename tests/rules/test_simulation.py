from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from escale.rules.acts import acts
from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Exemption, Unverified, Withheld, causes, refund
from escale.rules.scope import RuleSet
from escale.rules.simulation import TOTALS, play, program, told
from tests.rules.lines import possible

CODES = [one.code for one in acts(on=date(2026, 6, 1))] + ["INCONNU"]
EUROS = st.decimals(Decimal(0), Decimal(3_000), places=2)
LINES = st.builds(
    CareLine,
    given_on=st.dates(date(2023, 1, 1), date(2026, 12, 31)),
    act_code=st.sampled_from(CODES),
    care=st.sampled_from(Care),
    expense_eur=EUROS,
    patient_age=st.sampled_from([3, 12, 40]),
    rule_set=st.sampled_from(RuleSet),
    paid_elsewhere_eur=st.just(Decimal(0)) | EUROS,
    quantity=st.integers(1, 6),
    days=st.none() | st.integers(1, 6),
    hospital_days=st.integers(1, 60),
    hospital_days_before=st.integers(0, 40),
    exemption=st.none() | st.sampled_from(Exemption),
    heavy=st.booleans(),
    in_hospital=st.booleans(),
    emergency=st.booleans(),
    stated_tariff=st.none() | EUROS,
    stated_reason=st.just("tarif relevé"),
).map(possible)


def cents(amount: Decimal) -> int:
    return int(amount * 100)


@given(LINES)
def test_a_program_pays_to_the_cent_what_the_explanation_pays(line: CareLine) -> None:
    totals = [0] * len(TOTALS)
    how = program(line)
    play([(1, line.given_on.toordinal(), how, cents(line.expense_eur), cents(line.paid_elsewhere_eur))], totals)
    try:
        expected = refund(line)
    except Unverified:
        assert how is None
        return
    found = {name: amount for name, amount in told(totals).items() if amount and name != "due"}
    assert found == {cut.cause.value: cut.amount for cut in causes(expected)}
    assert told(totals)["due"] == expected.due


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["G", "AMK 9.5", "B 80"]), EUROS), max_size=30))
def test_the_ceilings_of_a_person_are_counted_over_the_lines(care: list[tuple[int, str, Decimal]]) -> None:
    kinds = {"G": Care.GENERALIST, "AMK 9.5": Care.PHYSIOTHERAPY, "B 80": Care.BIOLOGY}
    lines = [
        CareLine(
            given_on=date(2026, 3, 2 + day),
            act_code=code,
            care=kinds[code],
            expense_eur=expense,
            patient_age=40,
            rule_set=RuleSet.SERVICE,
            quantity=3,
        )
        for day, code, expense in sorted(care)
    ]
    totals, due, done = [0] * len(TOTALS), Decimal(0), []
    for line in lines:
        today = [one for before, one in done if before.given_on == line.given_on]
        withheld = Withheld(
            sum((one.participation for one in today), Decimal(0)),
            sum((one.participation for _, one in done), Decimal(0)),
            sum((one.franchise for one in today), Decimal(0)),
            sum((one.franchise for _, one in done), Decimal(0)),
        )
        result = refund(replace(line, withheld=withheld))
        due += result.due
        done.append((line, result))
    play(((7, line.given_on.toordinal(), program(line), cents(line.expense_eur), 0) for line in lines), totals)
    assert told(totals)["due"] == due
