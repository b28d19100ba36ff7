"""The command that imports the administration's files, on a population of the benchmarks."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benchmarks import population
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Beneficiary, Entitlement, InsuredPerson, Link

pytestmark = pytest.mark.django_db


def _import(*paths: Path, **options: object) -> str:
    told = StringIO()
    call_command("import_registry", *paths, stdout=told, **options)
    return told.getvalue()


def test_a_whole_folder_is_taken_over_without_one_refusal(tmp_path: Path) -> None:
    population.write(tmp_path, affiliates=400)
    told = _import(tmp_path)
    assert told.count("refusées 0") == 5
    assert not (tmp_path / "refus.csv").exists()
    assert Beneficiary.objects.filter(link=Link.SELF).count() == 400
    assert Entitlement.objects.count() == Beneficiary.objects.count()
    assert Entry.objects.filter(event="registry.import").count() == 5


def test_the_population_keeps_its_proportions_and_its_seed(tmp_path: Path) -> None:
    [first, *_] = population.write(tmp_path / "one", affiliates=400)
    [again, *_] = population.write(tmp_path / "two", affiliates=400)
    [other, *_] = population.write(tmp_path / "three", affiliates=400, seed=2)
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()
    _import(first)
    shares = {
        category: InsuredPerson.objects.filter(category=category).count() / 4 for category in population.CATEGORIES
    }
    assert shares == {"active": 45, "retired": 20, "dependant": 28, "other": 7}


def test_refused_lines_are_listed_beside_the_files(tmp_path: Path) -> None:
    [insured, *_] = population.write(tmp_path, affiliates=3)
    text = insured.read_text(encoding="utf-8").splitlines()
    insured.write_text("\n".join([*text, "123"]), encoding="utf-8")
    assert "refusées 1" in _import(insured)
    with (tmp_path / "refus.csv").open(encoding="utf-8", newline="") as report:
        assert list(csv.reader(report, delimiter=";")) == [
            ["fichier", "ligne", "colonne", "motif"],
            ["insured.csv", "5", "", "1 colonnes au lieu de 8."],
        ]


@pytest.mark.parametrize(
    ("name", "told"),
    [("people.csv", "n’est pas un fichier du registre"), ("insured.csv", "No such file"), ("", "Aucun fichier")],
)
def test_a_path_that_is_not_a_registry_s_is_refused(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        _import(tmp_path / name)
