"""Whatever the file says, there is an answer: never a traceback, and a sum whose causes add up."""

import copy
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from escale.jobs.management.commands.compute import published
from escale.rules.claim_answer import Status, answer
from escale.rules.claim_file import BENEFICIARY, CLAIM, LINE, PREGNANCY, WITHHELD, Field, read
from escale.rules.claim_text import Error, Refused, parse
from escale.rules.exemptions import Exemption
from escale.rules.intake import Care
from escale.rules.scope import Stay
from escale.rules.stays import Category
from tests.rules.test_worked_cases import CASES, plain, written

_DAYS = st.dates().map(str) | st.sampled_from(["2025-03-10", "2025-03-11", "2013-07-01", "2003-05-02", "1999-01-01"])
_NUMBERS = st.integers(-1, 200) | st.sampled_from([12.5, 0.005, 1e-30, 1e12, 10**21, "12.50", "1_000", "1e9"])
_WORDS: dict[str, st.SearchStrategy[Any]] = {
    "act": st.sampled_from(["G", "CS", "AMK 9.5", "HOSP_MED", "HBJD001"]),
    "care": st.sampled_from([one.value for one in Care]),
    "category": st.sampled_from([one.value for one in Category]),
    "choice": st.sampled_from(["french", "state_of_stay"]),
    "currency": st.sampled_from(["EUR", "USD", "XOF", "JPY", "SYP", "VEB", "BGN", "DEM"]),
    "exemption": st.sampled_from([one.value for one in Exemption]),
    "letter": st.sampled_from(["AMK", "Z"]),
    "stay": st.sampled_from([one.value for one in Stay]),
    "territory": st.sampled_from(["US", "ES", "GB", "HR", "NC", "PF", "RE", "SY"]),
}
_JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.text(max_size=5) | st.just("\ud800") | st.just([]) | st.just({})
)


def values(name: str) -> st.SearchStrategy[Any]:
    if name.endswith("_on") or name.startswith("stay_") and "amount" not in name:
        return _DAYS
    if name in ("opex", "unforeseen", "authorised", "in_hospital", "emergency", "heavy"):
        return st.booleans()
    return _WORDS.get(name, st.just("relevé") if name in ("reason", "rate_source", "provider") else _NUMBERS)


def some(fields: Mapping[str, Field]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional={name: values(name) for name in fields})


PARTS = {"pregnancy": some(PREGNANCY), "withheld": some(WITHHELD)}
PLACES = [
    *(("claim", name) for name in (*(CLAIM.keys() - {"beneficiary", "lines"}), "autre", "\ud800", "")),
    *(("person", name) for name in BENEFICIARY),
    *(("line", name) for name in LINE),
]
CHANGES = st.lists(
    st.sampled_from(sorted(PLACES)).flatmap(lambda at: st.tuples(st.just(at), PARTS.get(at[1], values(at[1])) | _JUNK)),
    max_size=4,
)
BASES = [plain(written(case)) for case in CASES]


def changed(base: dict[str, Any], changes: list[tuple[tuple[str, str], Any]]) -> dict[str, Any]:
    """Return a claim that was right, some of its values changed: those of a line, in the last of its lines."""
    claim = copy.deepcopy(base)
    parts = {"claim": claim, "person": claim["beneficiary"], "line": claim["lines"][-1]}
    for (part, name), value in changes:
        parts[part][name] = value
    return claim


CLAIMS = st.builds(changed, st.sampled_from(BASES), CHANGES)


def told_or_refused(content: bytes) -> tuple[dict[str, Any], tuple[Error, ...]]:
    try:
        return answer(read(parse(content)), published=published), ()
    except Refused as refusal:
        return {"lines": []}, refusal.errors


def answered(content: bytes) -> None:
    """Check that a file has an answer which can be written, told in French where it is refused."""
    told, refusal = told_or_refused(content)
    assert json.dumps([told, [(error.path, error.message) for error in refusal]], ensure_ascii=False).encode()
    assert all(error.path and error.message.endswith(".") for error in refusal)
    for line in told["lines"]:
        if line["status"] == Status.COMPUTED:
            assert 0 <= Decimal(line["due"]) <= Decimal(line["paid"])
            assert sum(Decimal(cut["amount"]) for cut in line["causes"]) == Decimal(line["not_repaid"])
        else:
            assert line["reason"]


@settings(max_examples=250)
@given(CLAIMS)
def test_whatever_a_claim_says_it_has_an_answer(claim: dict[str, Any]) -> None:
    answered(json.dumps(claim).encode())


@settings(max_examples=150)
@given(CLAIMS, st.integers(0, 10_000), st.binary(max_size=6))
def test_whatever_is_written_over_a_file_it_has_an_answer(claim: dict[str, Any], place: int, over: bytes) -> None:
    content = json.dumps(claim).encode()
    answered(content[: place % len(content)] + over + content[place % len(content) + len(over) :])
