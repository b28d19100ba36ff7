import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from escale.rules.care_line import Choice
from escale.rules.claim_answer import Status
from escale.rules.claim_file import BENEFICIARY, CLAIM, LINE, PREGNANCY, WITHHELD, Field
from escale.rules.claim_values import Wrong
from escale.rules.exemptions import Exemption
from escale.rules.explanation import Cause
from escale.rules.intake import Care
from escale.rules.scope import Stay
from escale.rules.stays import Category
from tests.house import HOUSE

PAGE = (HOUSE / "docs/compute.md").read_text()
SCHEMA = json.loads((HOUSE / "docs/compute.schema.json").read_text())
EXAMPLE = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.S)[0])


def compute(content: Any, folder: Path) -> tuple[dict[str, Any], int, str]:
    """Return what the command answers to a file, its exit code, and what it says on the side."""
    file = folder / "demande.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("compute", str(file), stdout=out, stderr=err)
    except SystemExit as leaving:
        code = int(str(leaving.code))
    return json.loads(out.getvalue()), code, err.getvalue()


def changed(line: dict[str, Any] | None = None, **claim: Any) -> dict[str, Any]:
    return EXAMPLE | claim | {"lines": [EXAMPLE["lines"][0] | (line or {})]}


def test_the_example_of_the_page_is_computed_without_a_database_nor_a_setting(tmp_path: Path) -> None:
    command, example = [sys.executable, "manage.py", "compute", "-"], json.dumps(EXAMPLE).encode()
    bare = {"PATH": "/usr/bin", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, input=example, cwd=HOUSE, env=bare, capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert (told["status"], told["due"], told["paid"], told["not_repaid"]) == ("computed", "19.00", "166.67", "147.67")
    assert [step["after"] for step in told["lines"][0]["steps"]] == ["30.00", "21.00", "21.00", "19.00"]
    assert {one["name"]: one["value"] for one in told["parameters"]}["participation_forfaitaire"] == "2"
    assert told["edition"]["number"] == 0
    assert told["lines"][0]["steps"][-1]["label"] == "Participation forfaitaire"
    assert "calculée".encode() in done.stdout


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (EXAMPLE, Status.COMPUTED, 0),
        (changed({"act": "HBJD001", "care": "dental"}), Status.TO_DECIDE, 3),
        (changed({"currency": "LBP", "rate": None}), Status.TO_DECIDE, 3),
        (changed(territory="ES", stay="holiday", choice="state_of_stay"), Status.AWAITING, 4),
        (changed(territory="RE"), Status.REDIRECTED, 5),
    ],
)
def test_each_outcome_has_its_exit_code(content: Any, status: Status, code: int, tmp_path: Path) -> None:
    told, left_with, _ = compute(content, tmp_path)
    assert (told["status"], left_with) == (status.value, code)


def test_a_line_for_a_person_has_a_reason_and_never_an_amount(tmp_path: Path) -> None:
    told, _, _ = compute(changed({"act": "HBJD001", "care": "dental"}), tmp_path)
    (line,) = told["lines"]
    assert (line["status_label"], told["due"]) == ("à décider par une personne", None)
    assert "Aucun tarif vérifié" in line["reason"]
    assert "due" not in line


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        ("{", ["ligne 1, colonne 2"]),
        ([], ["(fichier)"]),
        ({}, ["territory", "stay", "beneficiary", "lines"]),
        (changed({"given_on": "10/03/2025"}), ["lines[0].given_on"]),
        (changed({"amount": -5, "currency": "dollar"}), ["lines[0].amount", "lines[0].currency"]),
        (changed({"amount": "NaN", "quantity": 0}), ["lines[0].amount", "lines[0].quantity"]),
        (changed({"amount": True, "heavy": "oui"}), ["lines[0].amount", "lines[0].heavy"]),
        (changed({"care": "voyance", "rate": 0}), ["lines[0].care", "lines[0].rate"]),
        (changed({"montant": 3}), ["lines[0].montant"]),
        (changed(territory="ZZ"), ["territory"]),
        (changed(beneficiary={"born_on": "2026-01-01"}), ["lines[0].given_on"]),
        (changed({"stated_tariff": 12}), ["lines[0].reason"]),
        (changed({"letter": "AMK"}), ["lines[0].letter", "lines[0].act"]),
        (changed({"care": "hospital", "act": "HOSP_MED"}), ["lines[0].hospital_days"]),
        (changed({"exemption": "newborn", "in_hospital": True}), ["lines[0].exemption"]),
        (changed(choice="state_of_stay"), ["choice"]),
        (changed(stay_from="2025-03-10", stay_until="2025-03-10"), ["stay_until"]),
        (changed(claimed_on="2025-03-09"), ["lines[0].given_on"]),
        (changed({"withheld": {"participations_today": "x"}}), ["lines[0].withheld.participations_today"]),
        (changed({"amount": 10**12, "rate": 0.01}), ["lines[0].amount"]),
        (changed({"act": "CS"}), ["lines[0].care"]),
    ],
)
def test_each_error_says_where_it_is_and_what_to_do(content: Any, paths: list[str], tmp_path: Path) -> None:
    told, code, said = compute(content, tmp_path)
    assert (told["status"], code) == ("refused", 2)
    assert [error["path"] for error in told["errors"]] == paths
    assert all(error["message"].endswith(".") and error["message"] in said for error in told["errors"])


def test_an_empty_list_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert compute(EXAMPLE | {"lines": []}, tmp_path)[1] == 2
    with pytest.raises(SystemExit):
        call_command("compute", str(tmp_path / "absente.json"), stdout=io.StringIO(), stderr=io.StringIO())


def euros(**line: Any) -> dict[str, Any]:
    return EXAMPLE["lines"][0] | {"currency": "EUR", "rate": None} | line


HOSPITAL = {"care": "hospital", "act": None, "stated_tariff": 900, "reason": "tarif relevé", "hospital_days": 3}
DUE = {"born_on": "1985-02-03", "pregnancy": {"expected_on": "2010-02-01"}}


@pytest.mark.parametrize(
    ("content", "figure"),
    [
        (changed({"given_on": "1990-01-01"}), "Trop-perçu d’un autre organisme"),
        (changed(euros(given_on="1990-01-01")), "Ordre des sources du cours"),
        (changed(euros(given_on="1999-06-01")), "Trop-perçu d’un autre organisme"),
        (changed(euros(given_on="1999-01-10", paid_on="1998-06-01", **HOSPITAL)), "Ordre des sources du cours"),
        (changed(euros(given_on="2010-01-01", **HOSPITAL)), "Participation de l’assuré, hospitalisation"),
        (changed(euros(given_on="2010-01-01"), beneficiary=DUE), "Assurance maternité"),
        (changed(euros(given_on="2010-01-01", in_hospital=True), beneficiary={"born_on": "2009-12-20"}), "nouveau-né"),
        (
            changed(
                euros(given_on="2010-01-01", state_of_stay_amount=12),
                territory="ES", stay="holiday", choice="state_of_stay",
            ),
            "et franchises",
        ),
    ],
)  # fmt: skip
def test_a_day_without_a_known_figure_is_for_a_person_who_reads_which(
    content: Any, figure: str, tmp_path: Path
) -> None:
    told, code, _ = compute(content, tmp_path)
    assert (told["status"], code, told["due"]) == ("to_decide", 3, None)
    (line,) = told["lines"]
    day = date.fromisoformat(line_of(content).get("paid_on") or line_of(content)["given_on"])
    assert figure in line["reason"]
    assert f"{day:%d/%m/%Y}" in line["reason"]


def line_of(content: Any) -> dict[str, Any]:
    line: dict[str, Any] = content["lines"][0]
    return line


def test_a_line_without_a_known_figure_does_not_hold_back_the_others(tmp_path: Path) -> None:
    told, code, _ = compute(EXAMPLE | {"lines": [euros(given_on="1999-06-01"), euros()]}, tmp_path)
    assert (code, told["due"], told["automatic"]) == (3, "19.00", False)
    assert [line["status"] for line in told["lines"]] == ["to_decide", "computed"]


def test_each_line_follows_the_rules_of_its_own_day(tmp_path: Path) -> None:
    days = [euros(given_on="2020-12-31"), euros(given_on="2021-01-02")]
    planned = EXAMPLE | {"territory": "GB", "stay": "planned_care", "authorised": False, "lines": days}
    told, _, _ = compute(planned, tmp_path)
    # R. 160-2, III frees ambulatory care within the Union, which the United Kingdom had left.
    assert [line["due"] for line in told["lines"]] == ["16.50", "0.00"]


def test_rules_that_change_during_a_stay_are_told_line_by_line(tmp_path: Path) -> None:
    days = [euros(given_on=day, decided_amount=10, reason="accord") for day in ("2013-06-30", "2013-07-01")]
    told, _, _ = compute(EXAMPLE | {"territory": "HR", "stay": "holiday", "lines": days}, tmp_path)
    assert [line["rule_set"] for line in told["lines"]] == ["private_world", "private_eu"]
    assert (told["rule_set"], told["due"]) == (None, "20.00")


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ({"given_on": "2026-03-10", "currency": "SYP", "rate": 120}, "1 SYP = 100 anciens SYP"),
        ({"paid_elsewhere": 200}, "payé plus que cette facture"),
        ({"rate": 10.8}, "1 EUR = 10.8 USD : virgule peut-être mal placée"),
    ],
)
def test_what_is_doubtful_is_told_and_never_automatic(line: dict[str, Any], doubt: str, tmp_path: Path) -> None:
    told, code, _ = compute(changed(line), tmp_path)
    assert (code, told["automatic"], told["lines"][0]["automatic"]) == (0, False, False)
    assert doubt in told["alerts"][0]
    assert doubt in told["lines"][0]["notes"][0]


def test_what_another_body_paid_beyond_the_whole_claim_is_told(tmp_path: Path) -> None:
    told, code, _ = compute(changed(paid_elsewhere_eur=300), tmp_path)
    assert (code, told["due"], told["automatic"]) == (0, "0.00", False)
    assert "toute la demande" in told["alerts"][0]


def test_a_rate_is_chosen_where_none_is_given(tmp_path: Path) -> None:
    told, _, _ = compute(changed({"rate": None}), tmp_path)
    assert told["lines"][0]["rate"]["source"] == "Banque centrale européenne"
    francs, _, _ = compute(changed({"rate": None, "currency": "XOF", "amount": 15000}, territory="SN"), tmp_path)
    assert (francs["paid"], francs["due"]) == ("22.87", "14.01")


def test_words_may_be_french(tmp_path: Path) -> None:
    french = changed({"care": "Consultation d'un médecin généraliste"}, stay="Affectation")
    assert compute(french, tmp_path)[0] == compute(EXAMPLE, tmp_path)[0]


def test_the_schema_and_the_page_say_what_the_command_reads() -> None:
    line = SCHEMA["properties"]["lines"]["items"]
    person = SCHEMA["properties"]["beneficiary"]
    parts = [(SCHEMA, CLAIM), (person, BENEFICIARY), (line, LINE)]
    parts += [(person["properties"]["pregnancy"]["anyOf"][0], PREGNANCY)]
    parts += [(line["properties"]["withheld"]["anyOf"][0], WITHHELD)]
    for schema, fields in parts:
        assert schema["properties"].keys() == fields.keys()
        assert schema.get("required", []) == [name for name, field in fields.items() if field.required]
        assert all(f"`{name}`" in PAGE for name in fields)
    assert line["properties"]["care"]["enum"] == [care.value for care in Care]
    assert line["properties"]["exemption"]["anyOf"][0]["enum"] == [one.value for one in Exemption]
    assert SCHEMA["properties"]["stay"]["enum"] == [stay.value for stay in Stay]
    assert SCHEMA["properties"]["choice"]["anyOf"][0]["enum"] == [choice.value for choice in Choice]
    assert person["properties"]["category"]["anyOf"][0]["enum"] == [one.value for one in Category]


@pytest.mark.parametrize(
    ("schema", "fields"), [(SCHEMA["properties"], CLAIM), (SCHEMA["properties"]["lines"]["items"]["properties"], LINE)]
)
def test_the_schema_says_how_much_is_too_much(schema: dict[str, Any], fields: dict[str, Field]) -> None:
    told = {name: kinds["anyOf"][0] if "anyOf" in kinds else kinds for name, kinds in schema.items()}
    most = {name: kind["maximum"] for name, kind in told.items() if "maximum" in kind}
    assert most
    for name, number in most.items():
        assert fields[name].read(number) == number
        with pytest.raises(Wrong):
            fields[name].read(number + 1)


def test_the_page_names_each_cause_and_each_outcome() -> None:
    assert all(f"| `{cause.value}` | {cause.label} |" in PAGE for cause in Cause)
    assert all(f"`{status.value}`" in PAGE for status in Status)
