"""The registry's side of those whom FranceConnect brings."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from escale.domain.registry.models import Basis, Category, InsuredPerson
from escale.rules.identity import folded
from tests.oidc import HERE

OURS = ("nir", "registry", "expected", "double", "twin", "login")


def ours() -> list[dict[str, Any]]:
    """Our own situations, each with what must come of it."""
    return yaml.safe_load((HERE / "identities.yaml").read_text())


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What FranceConnect tells of a row: what is empty is left out."""
    return {name: str(one) if isinstance(one, date) else one for name, one in row.items() if one and name not in OURS}


def known(body: str, row: dict[str, Any], **traits: Any) -> InsuredPerson:
    """Somebody of the registry as a row tells them, without an account; `body` is their NIR without its key."""
    born = str(row["birthdate"]).replace("-00", "-01")
    person: dict[str, Any] = {
        "birth_name": row.get("family_name") or "Inconnu",
        "used_name": row.get("preferred_username") or "",
        "first_names": (row.get("given_name") or "Inconnu").replace("_", " "),
        "born_on": date.fromisoformat(born),
        "category": Category.ACTIVE,
        "basis": Basis.SERVICE,
    } | traits
    name = folded(f"{person['birth_name']} {person['used_name']} {person['first_names']}")
    return InsuredPerson.objects.create(nir=nir(body), folded_name=name, **person)


def nir(body: str) -> str:
    """Return a NIR with its key."""
    number = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - number % 97:02d}"


def theirs(path: Path) -> list[dict[str, Any]]:
    """The rows of a list in the form of FranceConnect's own test identities."""
    with path.open(encoding="utf-8") as text:
        return [row for row in csv.DictReader(text) if row["login"]]


def made_from(row: dict[str, Any], rank: int) -> InsuredPerson:
    """Somebody of the registry made from such a row, as the State would have numbered them."""
    sex = "2" if row["gender"] == "female" else "1"
    abroad = row["birthcountry"] != "99100"
    place = row["birthcountry"] if abroad else row["birthplace"] or "75107"
    year, month = row["birthdate"][2:4], row["birthdate"][5:7].replace("00", "20")
    return known(f"{sex}{year}{month}{place}{rank:03d}", row)
