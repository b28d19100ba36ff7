"""A whole population for the registry: the same people for the same seed, written line by line."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

from benchmarks.names import LAST, MEN, PARTICLES, WOMEN

AFFILIATES = 800_000
SEED = 1949
MOST = 990_000
"""Beyond, two people would share a NIR."""

NOW = date(2026, 11, 1)
OF_AGE = NOW.replace(year=NOW.year - 18)

HEADERS = {
    "insured": "nir;birth_name;used_name;first_names;born_on;category;basis;residence",
    "beneficiaries": "nir;link;last_name;first_names;born_on;valid_from;valid_until",
    "entitlements": "nir;link;first_names;born_on;valid_from;valid_until;opened_because;closed_because",
    "postings": "nir;territory;valid_from;valid_until;with_family",
    "bank_accounts": "nir;iban;holder;valid_from;valid_until",
}
# category: percent, bases, youngest, oldest, chance of a spouse and of each of three children without insurance
CATEGORIES = {
    "active": (45, ["service"], 18, 58, 0.15, 0.32),
    "retired": (20, ["pension"], 40, 92, 0.20, 0.20),
    "dependant": (28, ["family"], 18, 88, 0.00, 0.00),
    "other": (7, ["reversion", "invalidity", "maintained", "staff"], 20, 95, 0.02, 0.08),
}  # fmt: skip
TERRITORIES = ["DJ", "CI", "SN", "GA", "AE", "PF", "PF", "NC", "GF", "MQ", "RE", "DE", "BE", "US", "GB", "ES", "JO"]


@dataclass(frozen=True)
class Person:
    """Whom the other files tell of."""

    nir: str
    name: str
    first_names: str
    born_on: date
    category: str


def write(folder: Path, *, affiliates: int = AFFILIATES, seed: int = SEED) -> list[Path]:
    """Write the five files of the registry for so many affiliates, and return them in the order of their import."""
    if not 0 < affiliates <= MOST:
        raise ValueError(f"between 1 and {MOST} affiliates")
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.csv" for name in HEADERS]
    draw = Random(seed)
    with ExitStack() as stack:
        sheets = [stack.enter_context(file.open("w", encoding="utf-8")) for file in files]
        for sheet, header in zip(sheets, HEADERS.values(), strict=True):
            sheet.write(f"{header}\n")
        for rank, tail in zip(range(affiliates), _tails(), strict=False):
            _write_one(draw, rank, tail, *sheets)
    return files


def _write_one(
    draw: Random, rank: int, tail: int, insured: TextIO, beneficiaries: TextIO, entitlements: TextIO,
    postings: TextIO, bank_accounts: TextIO,
) -> None:  # fmt: skip
    category = _category(rank)
    _, bases, youngest, oldest, _, _ = CATEGORIES[category]
    woman = draw.random() < (0.17 if category == "active" else 0.6)
    born_on = NOW - timedelta(days=draw.randrange(365 * youngest + youngest, 365 * oldest))
    name, first_names = last_name(draw), first_name(draw, woman=woman)
    used = last_name(draw) if woman and draw.random() < 0.4 else ""
    nir = _nir(draw, woman=woman, born_on=born_on, tail=tail)
    residence = draw.choices(["", "overseas", "abroad"], [93, 4, 3])[0]
    basis = draw.choice(bases)
    insured.write(f"{nir};{name};{used};{first_names};{born_on};{category};{basis};{residence}\n")
    person = Person(nir, used or name, first_names, born_on, category)
    since = NOW - timedelta(days=draw.randrange(30, 365 * 15))
    entitlements.write(f"{nir};self;;;{since};{_closed(draw)}\n")
    holder = f"{first_names.split()[0]} {person.name}"
    bank_accounts.write(f"{nir};{iban(draw)};{holder};{since};\n")
    for relative in _family(draw, person):
        beneficiaries.write(f"{nir};{relative}\n")
        link, _, names, born, valid_from, _ = relative.split(";")
        entitlements.write(f"{nir};{link};{names};{born};{valid_from};{_closed(draw)}\n")
    if category == "active" and draw.random() < 0.04:
        postings.write(f"{nir};{_posting(draw)}\n")


def _category(rank: int) -> str:
    """Spread the categories so that each hundred people hold exactly their share of each."""
    place = rank * 37 % 100
    for category, (percent, *_) in CATEGORIES.items():
        place -= percent
        if place < 0:
            return category
    raise AssertionError("the shares make 100")


def last_name(draw: Random) -> str:
    """Draw a last name, one in eight with a particle, one in twelve double."""
    name = draw.choice(LAST)
    chance = draw.random()
    if chance < 0.08:
        return f"{name}-{draw.choice(LAST)}"
    return draw.choice(PARTICLES) + name if chance < 0.2 else name


def first_name(draw: Random, *, woman: bool) -> str:
    """Draw one to three first names."""
    return " ".join(draw.sample(WOMEN if woman else MEN, draw.choices([1, 2, 3], [30, 40, 30])[0]))


def _tails() -> Iterator[int]:
    """Yield the six digits before the key (commune or country, rank of birth), each once, neighbours far apart."""
    for rank in range(1_000_000):
        tail = rank * 611_953 % 1_000_000
        if tail // 1000 and tail % 1000:
            yield tail


def _nir(draw: Random, *, woman: bool, born_on: date, tail: int) -> str:
    """Write a NIR with its key: born in a department, in Corsica, overseas (97) or abroad (99 and the country)."""
    chance, second_half = draw.random(), tail // 1000
    if chance < 0.12 and 101 <= second_half <= 516:
        place = "99"
    elif chance < 0.07 and second_half < 700:
        place = "97"
    else:
        place = f"{draw.randrange(1, 96):02d}"
        place = draw.choice(["2A", "2B"]) if place == "20" and born_on.year >= 1976 else place
    body = f"{2 if woman else 1}{born_on:%y%m}{place}{tail:06d}"
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02d}"


def iban(draw: Random) -> str:
    """Draw a French IBAN whose two keys are right, at a bank that does not exist."""
    bank, counter, account = 99_900 + draw.randrange(100), draw.randrange(100_000), draw.randrange(10**11)
    rib = 97 - (89 * bank + 15 * counter + 3 * account) % 97
    bban = f"{bank:05d}{counter:05d}{account:011d}{rib:02d}"
    return f"FR{98 - int(f'{bban}152700') % 97:02d}{bban}"


def _family(draw: Random, person: Person) -> Iterator[str]:
    """Yield those for whom a person answers: link, names, birth, period."""
    *_, spouse, child = CATEGORIES[person.category]
    if draw.random() < spouse:
        born_on = min(OF_AGE, person.born_on + timedelta(days=draw.randrange(-1500, 1500)))
        names = first_name(draw, woman=person.nir[0] == "1")
        yield f"spouse;{last_name(draw)};{names};{born_on};{NOW - timedelta(days=draw.randrange(30, 3000))};"
    for _ in range(3 if person.born_on.year > NOW.year - 60 else 0):
        if draw.random() < child:
            born_on = NOW - timedelta(days=draw.randrange(30, 6500))
            names = first_name(draw, woman=draw.random() < 0.5)
            yield f"child;{person.name};{names};{born_on};{born_on};{born_on.replace(day=1, year=born_on.year + 18)}"


def _posting(draw: Random) -> str:
    since = NOW - timedelta(days=draw.randrange(10, 700))
    until = since + timedelta(days=draw.choice([120, 730, 1095]))
    return f"{draw.choice(TERRITORIES)};{since};{until};{draw.choice(['oui', 'non'])}"


def _closed(draw: Random) -> str:
    """Say until when, and why, rights are open: one time in fifty they are closed."""
    if draw.random() < 0.02:
        return f"{NOW - timedelta(days=draw.randrange(0, 25))};Affiliation;Changement de régime"
    return ";Affiliation;"
