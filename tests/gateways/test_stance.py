"""Which way up a page is, and its script: told by how well it is read."""

from typing import Any

import pytest
from PIL import Image

from escale.gateways.confined import stance

PAGE = Image.new("L", (4, 3), 255)
PAGE.putpixel((0, 0), 0)  # what stands at the top left of a page that is upright
WORDS = {"Latin": "Total", "Arabic": "المجموع", "Thai": "รวม"}


def seen(page: Any, script: str, written: str) -> list[list[Any]]:
    """Read the only word of a page, well if it is upright and in its script."""
    upright = page.getpixel((0, 0)) == 0
    return [[WORDS[script], 0, 0, 4, 3, 1, 95 if upright and script == written else 40]]


@pytest.mark.parametrize("turned", [0, 180])
@pytest.mark.parametrize("written", sorted(WORDS))
def test_a_page_is_turned_and_read_in_its_script(turned: int, written: str):
    turn, script, words = stance.clearest(
        PAGE.rotate(turned), "Latin", WORDS, lambda page, one: seen(page, one, written)
    )
    assert (turn, script) == (turned, written)
    assert words[0][-1] == 95


def test_a_page_that_is_clear_is_read_once():
    looks = []

    def look(page: Any, script: str) -> list[list[Any]]:
        looks.append(script)
        return seen(page, script, "Latin")

    stance.clearest(PAGE, "Latin", WORDS, look)
    assert looks == ["Latin"]


def test_words_that_stand_upright_are_of_a_page_on_its_side():
    lying = [(0, 0, 90, 20), (0, 30, 60, 50), (70, 30, 80, 50)]
    assert not stance.on_its_side(lying)
    assert stance.on_its_side((top, left, bottom, right) for left, top, right, bottom in lying)
    assert not stance.on_its_side([])
