"""Every figure of the law lies in rules/parameters, with its date and its source: none in code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HOUSE = Path(__file__).parents[2]
PLAIN = {0, 1, -1, 2, 12, 100}  # none, one, the other, two, the months of a year, a percentage
AMOUNT = re.compile(r"\d\s*(%|€|euros?\b|ans\b|jours?\b|mois\b|semaines?\b)")
# What else may be written in the rules: how a text is made, what a calendar is, what no figure can be.
ALLOWED = {
    "acts.py": {1000: "coefficient absurde"},
    "bill_words.py": {3: "lettres d’un mot commencé", 8: "mots d’une recherche"},
    "claim_agreement.py": {9: "mois d’une grossesse", 130: "âge absurde"},
    "claim_file.py": {1000: "lignes d’un fichier absurde"},
    "claim_text.py": {10_000_000: "fichier absurde", 40: "nombre absurde", 60: "lettres montrées"},
    "claim_values.py": {
        **dict.fromkeys((1900, 1945, 2199, 4, 10, 31), "dates absurdes"),
        **dict.fromkeys((9, 20, 30, 1000, 10_000), "nombres absurdes"),
        3: "lettres d’une monnaie",
    },
    "deadlines.py": {3: "mois d’un trimestre", 5: "jours ouvrés d’une semaine"},
    "doubles.py": {4: "chiffres d’un montant", 5: "lettres d’un nom", 93: "ressemblance de deux images"},
    "forecast.py": dict.fromkeys((4, 6, 7, 8, 9, 10), "jours d’une semaine, semaines regardées, jours prédits"),
    "identity.py": dict.fromkeys((3, 4, 5, 13, 15, 20, 43, 50), "forme du NIR et de l’IBAN"),
    "pivot.py": {500: "texte absurde", 1880: "date absurde"},
    "recognition.py": dict.fromkeys((5, 10), "place des chiffres dans le NIR"),
    "sampling.py": {4: "formule de Wilson", 95: "confiance d’un intervalle"},
    "shares.py": dict.fromkeys((3, 4, 5), "alinéas de l’article R. 761-18"),
    "simulation.py": dict.fromkeys((9, 10, 15), "sans limite"),
    "territories.py": dict.fromkeys((3, 4, 6, 10, 32), "recherche d’un nom, fautes de frappe"),
}


def constants(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield the constants of a module with their lines, docstrings and sizes of caches aside."""
    tree = ast.parse(path.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    told |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "maxsize"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in told and not isinstance(node.value, bool):
            yield node.lineno, node.value


def modules(*rooms: str) -> list[Path]:
    """The modules of these rooms; what tells a date from an amount on a paper is no law."""
    found = [path for room in rooms for path in sorted((HOUSE / room).rglob("*.py"))]
    return [path for path in found if not {"migrations", "parameters", "findings"} & set(path.parts)]


@pytest.mark.parametrize("path", modules("escale/rules"), ids=lambda path: path.name)
def test_no_rule_holds_a_figure_of_the_law(path: Path) -> None:
    allowed = PLAIN | ALLOWED.get(path.name, {}).keys()
    figures = [(line, one) for line, one in constants(path) if isinstance(one, int | float) and one not in allowed]
    assert figures == []


@pytest.mark.parametrize("room", ["escale/rules", "escale/domain", "escale/jobs", "escale/web"])
def test_no_text_nor_exact_number_in_code_tells_a_figure_of_the_law(room: str) -> None:
    told = [
        (path.name, line, one)
        for path in modules(room)
        for line, one in constants(path)
        if (isinstance(one, str) and AMOUNT.search(one)) or (isinstance(one, float) and one % 1)
    ]
    assert [one for one in told if one[0] not in OF_THE_HOUSE] == []


# Delays and sizes that the Fund chose for itself, said to people.
OF_THE_HOUSE = {
    "board.py": "périodes d’un tableau de bord",
    "comparing.py": "ressemblance de deux images",
    "letters.py": "un taux de change écrit en clair",
    "reading.py": "confiance d’une lecture par machine",
    "arriving.py": "secondes entre deux regards sur un envoi",
    "papers.py": "mise en page des pièces de la démonstration",
    "what_if.py": "lignes tirées au hasard",
}


def test_what_is_allowed_is_still_there() -> None:
    for name, numbers in ALLOWED.items():
        written = {one for _line, one in constants(HOUSE / "escale/rules" / name) if isinstance(one, int)}
        assert numbers.keys() <= written, name
