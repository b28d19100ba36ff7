"""Files as the administration would send them, and their import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from escale.domain.accounts.actor import SYSTEM
from escale.domain.registry import actions as registry
from escale.domain.registry.actions import Outcome
from escale.domain.registry.reading import Refusal

HEADERS = {
    "insured": "nir;birth_name;used_name;first_names;born_on;category;basis;residence",
    "beneficiaries": "nir;link;last_name;first_names;born_on;valid_from;valid_until",
    "entitlements": "nir;link;first_names;born_on;valid_from;valid_until;opened_because;closed_because",
    "postings": "nir;territory;valid_from;valid_until;with_family",
    "bank_accounts": "nir;iban;holder;valid_from;valid_until",
    "addresses": "nir;lines;valid_from;valid_until",
}
NIR = "255081416802538"
PERSON = f"{NIR};d’Exemple;;Dominique Élise;1955-08-02;retired;pension;"

TakeOver = Callable[..., tuple[Outcome, list[Refusal]]]


@pytest.fixture
def take_over(db: None, tmp_path: Path) -> TakeOver:
    """Import a file of this kind that holds these lines under its header."""

    def take_over(kind: str, *lines: str, header: str | None = None) -> tuple[Outcome, list[Refusal]]:
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join([HEADERS[kind] if header is None else header, *lines, ""]), encoding="utf-8")
        refusals: list[Refusal] = []
        outcome = registry.take_over(file=file, refuse=refusals.append, progress=lambda read: None, by=SYSTEM)
        return outcome, refusals

    return take_over


@pytest.fixture
def dominique(take_over: TakeOver) -> str:
    """The NIR of somebody whom the registry knows."""
    take_over("insured", PERSON)
    return NIR
