"""How the administration's files are read: the columns of each, and what a line may hold (docs/registry.md)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from django.db.models import Model

from escale.domain.registry import cells
from escale.domain.registry.models import (
    BankAccount,
    Basis,
    Beneficiary,
    Category,
    Entitlement,
    InsuredPerson,
    Link,
    PostalAddress,
    Posting,
    Source,
    sealed,
)
from escale.rules import identity, territories
from escale.rules.deadlines import Residence
from escale.rules.identity import Invalid

Hear = Callable[[str], None]
Row = dict[str, Any]

FOLDED_LENGTH = 310


class Unreadable(Exception):
    """The whole file is refused, nothing of it is kept; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is left out: its number in the file, the column at fault if it is one, the reason in French."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One kind of file: its columns, the table that it fills, and what makes a line the same as a known row."""

    name: str
    model: type[Model]
    key: Sequence[str]
    columns: Mapping[str, cells.Reader]
    complete: Callable[[Row], None]
    added: Sequence[str] = ("nir_digest",)
    once: Sequence[str] = ()
    """What is written with a new row and never corrected."""
    with_others: Sequence[str] = ()
    """What is corrected with the rest and never by itself: the same words are sealed otherwise each time."""
    owner: str = ""

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """What is kept of a line: never its numbers in clear."""
        return (*(column for column in self.columns if column not in {"nir", "iban"}), *self.added)


def sheet_of(path: Path) -> Sheet:
    """Return the kind of a file by its name: `insured.csv`, or `insured-2026-11.csv`; raise Unreadable."""
    word = path.name.partition(".")[0].partition("-")[0]
    for sheet in SHEETS:
        if sheet.name == word:
            return sheet
    names = ", ".join(f"{sheet.name}.csv" for sheet in SHEETS)
    raise Unreadable(f"{path.name} n’est pas un fichier du registre. Les noms connus : {names}.")


def lines(sheet: Sheet, file: Iterable[str], hear: Hear) -> Iterator[Refusal | tuple[Any, ...]]:
    """Read line by line: the line's number and values, or its refusal; `hear` is told its NIR; raise Unreadable."""
    source = iter(file)
    first = next(source, "")
    table = csv.reader(chain([first], source), delimiter=";" if ";" in first else ",", strict=True)
    try:
        header = _header(sheet, next(table, []))
        for cells in table:
            if cells:
                yield _read(sheet, header, cells, table.line_num, hear)
    except csv.Error as error:
        raise Unreadable(f"Le fichier est abîmé à la ligne {table.line_num} : {error}.") from None


def _header(sheet: Sheet, cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    missing = [column for column in sheet.columns if column not in header]
    unknown = [column for column in header if column not in sheet.columns]
    if missing:
        raise Unreadable(f"Il manque une colonne à l’en-tête : {', '.join(missing)}.")
    if unknown or len(set(header)) < len(header):
        raise Unreadable(f"L’en-tête a une colonne de trop : {', '.join(unknown) or 'la même deux fois'}.")
    return header


def _read(sheet: Sheet, header: list[str], cells: list[str], number: int, hear: Hear) -> Refusal | tuple[Any, ...]:
    if len(cells) != len(header):
        return Refusal(number, "", f"{len(cells)} colonnes au lieu de {len(header)}.")
    row: Row = {}
    column = ""
    try:
        for column, cell in zip(header, cells, strict=True):
            row[column] = sheet.columns[column](cell)
        column = ""
        hear(row["nir"])
        row["nir_digest"] = sealed.digests(row["nir"])[-1]
        sheet.complete(row)
    except Invalid as fault:
        return Refusal(number, column, str(fault))
    return (number, *(row[name] for name in sheet.kept))


def _fold_and_seal(row: Row) -> None:
    row["nir_sealed"] = sealed.seal(row["nir"], digest=row["nir_digest"])
    names = (row["birth_name"], row["used_name"], row["first_names"])
    row["folded_name"] = " ".join(folded for name in names if (folded := cells.folded(name)))[:FOLDED_LENGTH]


def _check_period(row: Row) -> None:
    if row["valid_until"] and row["valid_until"] <= row["valid_from"]:
        raise Invalid("La fin de la période est avant son début, ou le même jour : la fin est exclue.")


def _seal_account(row: Row) -> None:
    _check_period(row)
    row["iban_digest"], row["iban_sealed"] = sealed.sealed(row["iban"])
    row["masked_iban"], row["source"] = identity.masked_iban(row["iban"]), Source.REGISTRY.value


def _check_territory(row: Row) -> None:
    _check_period(row)
    try:
        territories.territory(row["territory"], on=row["valid_from"])
    except LookupError:
        raise Invalid("Ce territoire est inconnu : écrivez son code à deux lettres (ISO 3166-1).") from None


def _check_person(row: Row) -> None:
    _check_period(row)
    if row["link"] != Link.SELF and not (row["first_names"] and row["born_on"]):
        raise Invalid("Donnez les prénoms et la date de naissance du bénéficiaire.")


_YES_OR_NO = cells.one_of(["oui", "non"])
_PERIOD: Mapping[str, cells.Reader] = {"valid_from": cells.day, "valid_until": cells.or_empty(cells.day, None)}

INSURED = Sheet(
    name="insured",
    model=InsuredPerson,
    key=("nir_digest",),
    columns={
        "nir": identity.nir,
        "birth_name": cells.name,
        "used_name": cells.or_empty(cells.name),
        "first_names": cells.name,
        "born_on": cells.birth,
        "category": cells.one_of(Category),
        "basis": cells.one_of(Basis),
        "residence": cells.or_empty(cells.one_of(Residence), Residence.FRANCE.value),
    },
    complete=_fold_and_seal,
    added=("nir_digest", "nir_sealed", "folded_name"),
    once=("nir_sealed",),
)
BENEFICIARIES = Sheet(
    name="beneficiaries",
    model=Beneficiary,
    owner="insured_id",
    key=("insured_id", "link", "first_names", "born_on"),
    columns={
        "nir": identity.nir,
        "link": cells.one_of(link for link in Link if link != Link.SELF),
        "last_name": cells.name,
        "first_names": cells.name,
        "born_on": cells.birth,
        **_PERIOD,
    },
    complete=_check_period,
)
ENTITLEMENTS = Sheet(
    name="entitlements",
    model=Entitlement,
    owner="beneficiary_id",
    key=("beneficiary_id", "valid_from"),
    columns={
        "nir": identity.nir,
        "link": cells.one_of(Link),
        "first_names": cells.or_empty(cells.name),
        "born_on": cells.or_empty(cells.birth, None),
        **_PERIOD,
        "opened_because": cells.text,
        "closed_because": cells.or_empty(cells.text),
    },
    complete=_check_person,
)
POSTINGS = Sheet(
    name="postings",
    model=Posting,
    owner="insured_id",
    key=("insured_id", "valid_from"),
    columns={
        "nir": identity.nir,
        "territory": lambda cell: cell.strip().upper(),
        **_PERIOD,
        "with_family": lambda cell: _YES_OR_NO(cell) == "oui",
    },
    complete=_check_territory,
)
BANK_ACCOUNTS = Sheet(
    name="bank_accounts",
    model=BankAccount,
    owner="insured_id",
    key=("insured_id", "valid_from", "source"),
    columns={"nir": identity.nir, "iban": identity.iban, "holder": cells.text, **_PERIOD},
    complete=_seal_account,
    added=("nir_digest", "source", "iban_digest", "iban_sealed", "masked_iban"),
    with_others=("iban_sealed",),
)
ADDRESSES = Sheet(
    name="addresses",
    model=PostalAddress,
    owner="insured_id",
    key=("insured_id", "valid_from"),
    columns={"nir": identity.nir, "lines": cells.address, **_PERIOD},
    complete=_check_period,
)
SHEETS = (INSURED, BENEFICIARIES, ENTITLEMENTS, POSTINGS, BANK_ACCOUNTS, ADDRESSES)
