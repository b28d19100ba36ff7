"""An operator tries any list of identities against the registry, without showing a number."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.oidc import people

pytestmark = pytest.mark.django_db

HEADER = "login,family_name,given_name,gender,birthdate,birthplace,birthcountry\n"
COLOMBE = "HAUTERIVE,Colombe,female,1962-08-24,75107,99100"


def tried(path: Path, text: str | bytes) -> list[list[str]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    said = io.StringIO()
    call_command("match_identities", path, stdout=said)
    header, *rows = csv.reader(io.StringIO(said.getvalue()))
    assert header == ["login", "outcome", "code", "reason"]
    return rows


@pytest.fixture
def colombe() -> str:
    row = {"family_name": "Hauterive", "given_name": "Colombe", "birthdate": "1962-08-24"}
    return people.known("2620875107001", row).nir


def test_each_identity_has_its_outcome_and_its_reason(tmp_path: Path, colombe: str):
    text = f"{HEADER}\nune,{COLOMBE}\ndeux,{COLOMBE.replace('-24', '-00')}\ntrois,{COLOMBE.replace('HAUTE', 'BASSE')}\n"
    rows = tried(tmp_path / "list.csv", text)
    assert [row[:3] for row in rows] == [
        ["une", "matched", ""], ["deux", "doubt", "date_presumed"], ["trois", "nobody", "nobody"]
    ]  # fmt: skip
    assert all(row[3] for row in rows)
    assert colombe[:13] not in str(rows)


def test_a_row_that_cannot_be_read_says_why_and_stops_nothing(tmp_path: Path, colombe: str):
    text = f"{HEADER}une\ndeux,{COLOMBE},de trop\ntrois,{'x' * 200_000}\n\ufffd\u202e,,,,,,\nquatre,{COLOMBE}\n"
    rows = tried(tmp_path / "list.csv", text)
    assert [row[:2] for row in rows] == [
        ["une", "unreadable"], ["deux", "unreadable"], ["ligne 4", "unreadable"], ["\ufffd\ufffd", "doubt"],
        ["quatre", "matched"],
    ]  # fmt: skip


@pytest.mark.parametrize("junk", ["\0", "\x1b[31m", "é" * 5000, "{}", '""""', "'; DROP TABLE", "<b>", "٣", "\r"])
def test_no_cell_breaks_it(tmp_path: Path, colombe: str, junk: str):
    cells = COLOMBE.split(",")
    rows = [",".join(["une", *cells[:place], junk, *cells[place + 1 :]]) for place in range(len(cells))]
    assert all(row[1] != "matched" for row in tried(tmp_path / "list.csv", HEADER + "\n".join(rows)))


def test_a_latin_file_with_semicolons_is_read(tmp_path: Path, colombe: str):
    text = HEADER.replace(",", ";") + f"é;{COLOMBE.replace(',', ';')}\n"
    assert tried(tmp_path / "list.csv", text.encode("latin-1"))[0][1] == "matched"


@pytest.mark.parametrize("text", ["", "nom,prénom\n", "\0"])
def test_a_file_that_names_no_login_is_refused(tmp_path: Path, text: str):
    with pytest.raises(CommandError, match="login"):
        tried(tmp_path / "list.csv", text)


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(CommandError, match="absent"):
        call_command("match_identities", "absent.csv")
