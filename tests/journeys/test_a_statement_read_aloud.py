"""A statement as a screen reader tells it: what Chromium gives to it, in the order in which it is read."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from escale.domain.payments.models import PaymentOrder
from tests import factories
from tests.journeys.conftest import Enter
from tests.journeys.test_an_estimate_and_what_came_of_it import photographs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scanning")]

PASSWORD = "une phrase de passe bien longue"
SAID = {"heading", "table", "caption", "columnheader", "rowheader", "cell", "paragraph"}


class Said(NamedTuple):
    """One thing that is told: what it is, its words, and of a heading its level."""

    role: str
    words: str
    level: int = 0


@pytest.fixture
def scripts() -> bool:
    return True


def aloud(page: Page) -> list[Said]:
    """What is told of the main part of a page, in its order."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    by_key = {node["nodeId"]: node for node in nodes}
    main = next(node for node in nodes if _value(node, "role") == "main")
    return [one for one in _told(main, by_key) if one.words]


def _told(node: dict[str, Any], by_key: dict[str, Any]) -> Iterator[Said]:
    role = _value(node, "role").lower().replace("gridcell", "cell")
    if role in SAID and not node.get("ignored"):
        levels = [one["value"]["value"] for one in node.get("properties", []) if one["name"] == "level"]
        words = _value(node, "name") if role == "table" else _words(node, by_key)
        yield Said(role, words, *levels)
    for key in node.get("childIds", []):
        if key in by_key:
            yield from _told(by_key[key], by_key)


def _words(node: dict[str, Any], by_key: dict[str, Any]) -> str:
    if _value(node, "role") == "StaticText":
        return " ".join(_value(node, "name").split())
    parts = [_words(by_key[key], by_key) for key in node.get("childIds", []) if key in by_key]
    return " ".join(part for part in parts if part)


def _value(node: dict[str, Any], name: str) -> str:
    return str(node.get(name, {}).get("value", ""))


def after(said: list[Said], *words: str) -> None:
    """Check that these words come one after the other."""
    whole, at = [one.words for one in said], 0
    for one in words:
        found = next((rank for rank in range(at, len(whole)) if one in whole[rank]), None)
        assert found is not None, (one, whole[at:])
        at = found


@pytest.mark.parametrize("phone", [False, True], ids=["at a desk", "on a phone"])
def test_a_statement_is_told_in_the_order_in_which_it_is_understood(enter: Enter, phone: bool) -> None:
    # Given a payment that the bank executed
    soldier = factories.insured(password=PASSWORD)
    order = factories.ordered(factories.approved(factories.received(soldier)))
    factories.paid(order)
    order = PaymentOrder.objects.get(pk=order.pk)

    # When its statement is read
    alix = enter(phone=phone)
    alix.signs_in(soldier.account.email, PASSWORD)
    alix.goes_to("/mon-compte/")
    alix.page.get_by_role("link", name="Mes décomptes", exact=True).click()
    alix.looks_around()
    alix.page.get_by_role("link", name=f"Versement du {order.paid_on:%-d}").click()
    alix.looks_around()
    said = aloud(alix.page)

    # Then its headings go down one level at a time, in the order of what happened to the money
    headings = [one for one in said if one.role == "heading"]
    assert headings[0] == Said("heading", f"Décompte de remboursement n° {order.reference}", 1)
    assert all(below.level <= above.level + 1 for above, below in zip(headings, headings[1:], strict=False))
    after(
        headings, "Décompte", "Le versement", "Les soins, ligne par ligne", "Ligne 1", "Où va chaque euro",
        "Si vous n’êtes pas d’accord", "À conserver",
    )  # fmt: skip

    # And each table is named before its columns, and its columns before what they hold
    for rank, one in enumerate(said):
        if one.role == "table":
            assert one.words
            assert said[rank + 1] == Said("caption", one.words)
            assert said[rank + 2].role == "columnheader"

    # And each amount comes after what it is
    cells = [one.words for one in said if one.role == "cell"]
    after(said, "Montant", "Payé le", "Compte", f"{order.amount:.2f}".replace(".", ","), "FR•• •••• 0189")
    after(said, "Taux de change", "Étape", "Texte appliqué", "Avant", "Après", "Participation de l’assuré")
    after(said, "Somme", "Montant", "Dépense en euros", "Remboursé", "Versé sur le compte FR•• •••• 0189")
    if phone:
        assert all(" : " in cell for cell in cells), cells
        photographs(alix, "statement")
        alix.page.go_back()
        photographs(alix, "statements")
