"""What the registry takes over from the administration's files."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from escale.domain.journal.models import Entry
from escale.domain.registry import queries, reading
from escale.domain.registry.models import (
    BankAccount,
    Beneficiary,
    Entitlement,
    InsuredPerson,
    Link,
    PostalAddress,
    Posting,
)
from tests.domain.registry.conftest import PERSON, TakeOver

FAMILY = {
    "beneficiaries": "{nir};child;d’Exemple;Zoé Anaïs;2018-05-04;2018-05-04;2036-05-04",
    "entitlements": "{nir};child;Zoé Anaïs;2018-05-04;2018-05-04;;Affiliation;",
    "postings": "{nir};DJ;2026-08-01;2028-08-01;oui",
    "bank_accounts": "{nir};FR76 3000 6000 0112 3456 7890 189;Dominique d’Exemple;2020-01-01;",
    "addresses": "{nir};DOMINIQUE D’EXEMPLE | SP 99 999|99999  ARMÉES;2020-01-01;",
}


def _rows() -> Iterator[tuple[object, ...]]:
    for model in (InsuredPerson, Beneficiary, Entitlement, Posting, BankAccount, PostalAddress):
        yield from model.objects.order_by("pk").values_list()


def test_an_address_is_kept_line_by_line(take_over: TakeOver, dominique: str) -> None:
    take_over("addresses", FAMILY["addresses"].format(nir=dominique))
    person = InsuredPerson.objects.bearing(dominique).get()
    assert queries.address(person, on=date(2026, 9, 15)) == "DOMINIQUE D’EXEMPLE\nSP 99 999\n99999 ARMÉES"
    assert queries.address(person, on=date(2019, 12, 31)) == ""


def test_an_insured_person_is_the_first_of_their_beneficiaries(take_over: TakeOver) -> None:
    take_over("insured", PERSON.replace(";;", ";Martin-Œuvre;"))
    person = InsuredPerson.objects.get()
    oneself = queries.oneself(person)
    assert person.folded_name == "d exemple martin oeuvre dominique elise"
    assert (oneself.last_name, oneself.first_names) == ("Martin-Œuvre", "Dominique Élise")
    assert person.residence == "france"


def test_a_whole_family_is_taken_over(take_over: TakeOver, dominique: str) -> None:
    for kind, line in FAMILY.items():
        outcome, refusals = take_over(kind, line.format(nir=dominique))
        assert (outcome.created, refusals) == (1, [])
    child = Beneficiary.objects.get(link=Link.CHILD)
    assert child.entitlements.get().opened_because == "Affiliation"
    assert Posting.objects.get().with_family is True
    assert BankAccount.objects.get().iban == "FR7630006000011234567890189"


def test_oneself_needs_no_name_in_the_entitlements(take_over: TakeOver, dominique: str) -> None:
    take_over("entitlements", f"{dominique};self;;;2020-01-01;;Affiliation;")
    assert Entitlement.objects.get().beneficiary.link == Link.SELF


def test_the_same_files_again_change_nothing(take_over: TakeOver, dominique: str) -> None:
    lines = {"insured": PERSON} | {kind: line.format(nir=dominique) for kind, line in FAMILY.items()}
    for kind, line in lines.items():
        take_over(kind, line)
    before = list(_rows())
    for kind, line in lines.items():
        outcome, _ = take_over(kind, line)
        assert (outcome.unchanged, outcome.created, outcome.changed) == (1, 0, 0)
    assert list(_rows()) == before


def test_a_corrected_line_corrects_the_person_known_by_their_nir(take_over: TakeOver, dominique: str) -> None:
    outcome, _ = take_over("insured", PERSON.replace("Élise", "Élisa"))
    assert outcome.changed == 1
    assert queries.oneself(InsuredPerson.objects.get()).first_names == "Dominique Élisa"
    assert Beneficiary.objects.count() == 1


def test_commas_quotes_and_columns_in_another_order_are_read(take_over: TakeOver) -> None:
    header = "First_names,nir,birth_name,used_name,born_on,category,basis,residence"
    take_over("insured", '"Jean, Noël",1,,,,,,', header=header)
    outcome, _ = take_over(
        "insured", '"Dominique",255081416802538,"d’Exemple",,1955-08-02,retired,pension,abroad', header=header
    )
    assert (outcome.created, InsuredPerson.objects.get().residence) == (1, "abroad")


@pytest.mark.parametrize(
    ("kind", "line", "column", "told"),
    [
        ("insured", PERSON.replace("38;", "39;"), "nir", "La clé"),
        ("insured", PERSON.replace("d’Exemple", "É" * 300), "birth_name", "100 caractères"),
        ("insured", PERSON.replace("Élise", "Éli\x07se"), "first_names", "caractère invisible"),
        ("insured", PERSON.replace("1955-08-02", "2055-08-02"), "born_on", "futur"),
        ("insured", PERSON.replace("1955-08-02", "02/08/1955"), "born_on", "2026-11-21"),
        ("insured", PERSON.replace("retired", "soldat"), "category", "active, retired"),
        ("insured", PERSON.removesuffix(";"), "", "7 colonnes au lieu de 8"),
        ("beneficiaries", "{nir};self;d’Exemple;Zoé;2018-05-04;2018-05-04;", "link", "spouse, child"),
        ("beneficiaries", "{nir};child;d’Exemple;Zoé;2018-05-04;2020-01-02;2020-01-01", "", "avant son début"),
        ("beneficiaries", "185038313000170;child;d’Exemple;Zoé;2018-05-04;2018-05-04;", "", "Aucun assuré connu"),
        ("entitlements", "{nir};child;Inconnue;2018-05-04;2018-05-04;;Affiliation;", "", "Aucun bénéficiaire connu"),
        ("entitlements", "{nir};child;;;2018-05-04;;Affiliation;", "", "prénoms et la date de naissance"),
        ("postings", "{nir};DJ;2026-08-01;2026-08-01;oui", "", "la fin est exclue"),
        ("postings", "{nir};ZZ;2026-08-01;;oui", "", "territoire est inconnu"),
        ("bank_accounts", "{nir};FR7630006000011234567890188;Dominique;2020-01-01;", "iban", "erreur de saisie"),
        ("bank_accounts", "{nir};FR7630006000011234567890189;Domi\ufffdnique;2020-01-01;", "holder", "UTF-8"),
        ("addresses", "{nir};DOMINIQUE;2020-01-01;", "lines", "2 à 6 lignes"),
        ("addresses", "{nir};1|2|3|4|5|6|7;2020-01-01;", "lines", "2 à 6 lignes"),
        ("addresses", "{nir};DOMINIQUE||99999 ARMÉES;2020-01-01;", "lines", "2 à 6 lignes"),
        ("addresses", "{nir};DOMINIQUE|39 SIGNES SUR UNE LIGNE, UN DE TROP ICI!;2020-01-01;", "lines", "38 caractères"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_with_its_number_and_the_others_are_kept(
    take_over: TakeOver, dominique: str, kind: str, line: str, column: str, told: str
) -> None:
    good = {"insured": PERSON, **FAMILY}[kind].format(nir=dominique)
    if kind == "entitlements":
        take_over("beneficiaries", FAMILY["beneficiaries"].format(nir=dominique))
    outcome, [refusal] = take_over(kind, line.format(nir=dominique), good)
    assert (refusal.line, refusal.column) == (2, column)
    assert told in refusal.reason
    assert outcome.created + outcome.unchanged == 1


def test_the_same_person_twice_in_a_file_is_taken_once(take_over: TakeOver) -> None:
    outcome, [refusal] = take_over("insured", PERSON, PERSON.replace("Élise", "Élisa"))
    assert (refusal.line, refusal.reason) == (3, "Déjà dit à la ligne 2.")
    assert (outcome.created, InsuredPerson.objects.get().first_names) == (1, "Dominique Élise")


@pytest.mark.parametrize(
    ("lines", "header", "told"),
    [
        ([PERSON, '255081416802538;"cut short'], None, "abîmé à la ligne 3"),
        ([PERSON], "nir;birth_name", "manque une colonne"),
        ([PERSON], "nir;birth_name;used_name;first_names;born_on;category;basis;residence;age", "colonne de trop"),
        ([], "", "manque une colonne"),
    ],
)
def test_nothing_is_kept_of_a_broken_file(take_over: TakeOver, lines: list[str], header: str | None, told: str) -> None:
    with pytest.raises(reading.Unreadable, match=told):
        take_over("insured", *lines, header=header)
    assert not InsuredPerson.objects.exists()
    assert not Entry.objects.filter(event="registry.import").exists()


@pytest.mark.django_db(transaction=True)
def test_an_import_stopped_half_way_keeps_nothing(take_over: TakeOver, monkeypatch: pytest.MonkeyPatch) -> None:
    read = reading.lines

    def stopped(*told: object) -> Iterator[object]:
        yield next(read(*told))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(reading, "lines", stopped)
    with pytest.raises(KeyboardInterrupt):
        take_over("insured", PERSON)
    assert connection.in_atomic_block is False
    assert not InsuredPerson.objects.exists()


def test_the_journal_keeps_the_counts_and_nobody_s_name(take_over: TakeOver) -> None:
    take_over("insured", PERSON, PERSON.replace("38;", "39;"))
    entry = Entry.objects.get(event="registry.import")
    assert entry.subject == "registry.insuredperson"
    digest = entry.facts.pop("sha256")
    assert len(digest) == 64
    assert entry.facts == {"read": 2, "created": 1, "changed": 0, "refused": 1}
