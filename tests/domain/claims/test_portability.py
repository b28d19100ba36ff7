"""A copy of one's data holds all that points to oneself, or a reason why not; and nothing of others."""

import io
import json
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escale.domain import portability
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import queries
from escale.domain.claims.models import Claim
from escale.domain.claims.portability.telling import key
from escale.domain.portability import CONTENTS, Part
from escale.domain.registry.models import InsuredPerson, Link
from escale.gateways import typesetting
from tests import factories
from tests.domain.claims.left_out import COLUMNS, MODELS
from tests.domain.payments import bank
from tests.house import HOUSE


def parts(among: tuple[Part, ...] = CONTENTS) -> Iterator[Part]:
    for part in among:
        yield part
        yield from parts(part.parts)


def told(account: Account) -> dict[str, Any]:
    return dict(json.loads(portability.as_json(account)))


def test_whatever_points_to_somebody_is_told_to_them_or_left_out_for_a_reason():
    people = {Account, InsuredPerson, Claim}
    seen, pointing = set(people), set(people)
    while seen:
        found = {model for model in apps.get_models() for field in model._meta.fields if field.related_model in seen}
        seen = {model for model in found if model.__module__.startswith("escale.")} - pointing
        pointing |= seen
    labels = {model._meta.label for model in pointing}
    shown = {part.model._meta.label for part in parts()}
    left = {label for label in MODELS if label in labels}
    assert labels - shown == left
    assert shown & set(MODELS) == set()


def test_each_column_of_a_table_is_told_or_left_out_for_a_reason():
    above = {one.model: part.model for part in parts() for one in part.parts}
    wrong = {}
    for model in {part.model for part in parts()}:
        ours = {path.partition("__")[0] for part in parts() if part.model is model for path in part.paths}
        owners = {Account, InsuredPerson, above.get(model)}
        fields = [field for field in (*model._meta.fields, *model._meta.many_to_many) if not field.primary_key]
        columns = {field.name for field in fields if field.related_model not in owners or field.name not in WHOSE}
        if columns - ours != set(COLUMNS.get(model._meta.label, {})):
            wrong[model._meta.label] = columns - ours ^ set(COLUMNS.get(model._meta.label, {}))
    assert wrong == {}
    assert set(COLUMNS) <= {part.model._meta.label for part in parts()}


WHOSE = {"account", "insured", "principal", "actor", "beneficiary", "claim", "bill", "decision", "appeal", "debt"}
"""The column that says whose row it is."""


def test_the_page_and_the_schema_are_up_to_date():
    call_command("draw_portability", check=True)


@pytest.fixture
def person(db: None, frozen: object, scanning: None) -> InsuredPerson:
    """Somebody who sent claims, one decided after a medical opinion, and who is known by letters and papers."""
    person = factories.insured()
    claim = factories.received(person)
    factories.answered(factories.asked(claim))
    factories.approved(claim)
    factories.refused(factories.received(person))
    factories.complete(person)
    person.postings.create(territory="DJ", valid_from=date(2025, 8, 1))
    return person


def test_a_copy_holds_what_its_schema_says(person):
    schema = json.loads((HOUSE / "docs/portability.schema.json").read_text())

    def check(value: Any, said: dict[str, Any], where: str) -> None:
        if said.get("type") == "array":
            for row in value:
                check(row, said["items"], where)
        elif said.get("type") == "object":
            assert set(value) == set(said["properties"]) == set(said["required"]), where
            for name, inner in said["properties"].items():
                check(value[name], inner, f"{where}.{name}")
        elif "type" in said:
            assert KINDS[type(value)] in ([said["type"]] if isinstance(said["type"], str) else said["type"]), where
        elif "anyOf" in said and value is not None:
            check(value, schema["$defs"]["code"], where)

    copy = told(person.account)
    check(copy, schema, "")
    assert len(copy["claims"]) == 3
    assert {claim["status"]["label"] for claim in copy["claims"]} == {"Traitée", "Refusée", "Brouillon"}


KINDS = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object", type(None): "null"}


def test_a_copy_holds_nothing_of_others_nor_of_the_agents(person):
    factories.received()
    copy = portability.as_json(person.account)
    for other in Account.objects.exclude(pk=person.account.pk):
        assert str(other.email) not in copy
        assert f'"{other.name}"' not in copy or other.name == person.account.name
    assert "Rien à redire." not in copy  # the physician's note
    assert Claim.objects.exclude(insured=person).get().number not in copy


def test_what_a_bank_says_of_a_payment_is_told_in_words_and_never_by_its_code(person):
    bank.says(bank.rejects(bank.sent(bank.owed(person)), code="MD07"))
    [said] = told(person.account)["bank_events"]
    assert said["reason_told"] == "Le virement n’a pas abouti. Un gestionnaire examine votre situation et vous écrira."
    assert "MD07" not in portability.as_json(person.account)


def test_the_nature_of_an_adults_care_is_theirs(person):
    spouse = person.beneficiaries.get(link=Link.SPOUSE)
    adult = factories.insured()
    spouse.person = adult
    spouse.save()
    claim = factories.draft(person)
    claim.beneficiary = spouse
    claim.save()
    _received(claim)
    mine = next(one for one in told(person.account)["claims"] if one["number"] == claim.number)
    line = mine["bills"][0]["lines"][0]
    assert (line["amount"], line["care"], mine["bills"][0]["provider"], mine["attachments"]) == (
        "50.000",
        None,
        None,
        [],
    )
    theirs = told(adult.account)
    assert theirs["claims"] == []
    assert theirs["care_claimed_by_others"][0]["bills"][0]["lines"][0]["care"]["code"] == "generalist"
    assert "Clinique" not in text(portability.as_pdf(person.account)).partition(claim.number)[2].partition("Numéro")[0]
    assert "Clinique" in text(portability.as_pdf(adult.account))


def _received(claim: Claim) -> None:
    factories.line(factories.bill(claim))
    for paper in queries.papers(claim):
        if paper.mandatory:
            factories.attachment(claim, paper=paper.code)
    factories.received(claim=claim)


def test_an_account_that_is_nobodys_holds_only_itself(db):
    account = factories.account(Role.INSURED)
    factories.draft()
    copy = told(account)
    kept = {name for name, rows in copy.items() if isinstance(rows, list) and rows}
    assert kept == {"withheld", "account", "hats"}


def test_a_copy_asks_as_many_questions_for_many_claims_as_for_one(person):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            portability.as_json(person.account)
        return len(queries)

    before = asked()
    for _ in range(3):
        factories.complete(person)
    assert asked() == before


def test_the_pdf_is_read_by_whoever_does_not_see_and_takes_a_moment(person):
    for _ in range(97):
        factories.line(factories.bill(factories.draft(person), provider="北京医院 #1"))
    began = time.process_time()
    content = portability.as_pdf(person.account)
    assert time.process_time() - began < 5
    said = text(content)
    assert said.count("Clinique") + said.count(f"{typesetting.UNREADABLE * 4} #1") >= 100
    assert b"pdfuaid:part" in pikepdf.open(io.BytesIO(content)).Root.Metadata.read_bytes()
    assert "Elles vous sont communiquées sur demande" in " ".join(said.split())


def text(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def test_no_two_columns_of_a_row_have_one_name():
    for part in parts():
        names = [*map(key, part.paths), *(one.name for one in part.parts)]
        assert len(names) == len(set(names)), part.name
