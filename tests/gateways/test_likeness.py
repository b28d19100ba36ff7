"""A page is known again whatever happened to it on its way; two pages that are not one are told apart."""

import random
from itertools import combinations

import pytest
from PIL import Image

from escale.gateways import likeness, retouching
from tests.domain.controls import papers

# each bill by its number, so that the tests below draw it but once
_KNOWN: dict[int, likeness.Likeness] = {}


def known(seed: int) -> likeness.Likeness:
    if seed not in _KNOWN:
        found = likeness.of(papers.jpeg(papers.bill(seed)))
        assert found
        _KNOWN[seed] = found
    return _KNOWN[seed]


def finds(one: likeness.Likeness, other: likeness.Likeness) -> bool:
    """Tell whether the search of the house would find one by the other."""
    near = any(band in likeness.neighbours(mine) for mine, band in zip(one.bands, other.bands, strict=True))
    return near and likeness.resemblance(one.grain, other.grain) >= 0.75


@pytest.mark.parametrize("change", papers.CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_bill_is_known_again(change, seed: int) -> None:
    again = likeness.of(change(papers.bill(seed), random.Random(seed)))
    assert again
    assert finds(again, known(seed))


def test_distinct_bills_are_told_apart() -> None:
    every = [known(seed) for seed in range(1, 9)]
    assert not any(finds(one, other) for one, other in combinations(every, 2))


@pytest.mark.parametrize("tone", ["white", "black", "#f4f0e6"])
def test_a_page_with_nothing_on_it_has_no_likeness(tone: str) -> None:
    assert likeness.of(papers.jpeg(Image.new("RGB", (1200, 1700), tone))) is None


def test_a_distance_counts_the_bits_that_differ_whatever_their_sign() -> None:
    assert likeness.distance(0, -1) == 64
    assert likeness.distance(5, -5) == likeness.distance(-5, 5) == 63
    one = likeness.Likeness(-1, b"")
    assert one.bands == (-1, -1, -1, -1)
    assert -32768 in likeness.neighbours(0)
    assert len(set(likeness.neighbours(-1))) == 17


@pytest.mark.parametrize(
    ("content", "kind", "found"),
    [
        ([b"\xff\xd8..Exif..Adobe Photosh", b"op 25.1 (Windows).."], "image/jpeg", {"photoshop"}),
        ([b"<x:xmp CreatorTool='GIMP 2.10'>"], "image/png", {"gimp"}),
        ([b"%PDF-1.7 ... %%EOF"], "application/pdf", set()),
        ([b"%PDF-1.7 ... %%E", b"OF ... %%EOF"], "application/pdf", {"revised"}),
        ([b"%PDF-1.7 /Linearized ... %%EOF ... %%EOF"], "application/pdf", set()),
        ([b"%PDF-1.7 /Producer (Sejda 3.2) %%EOF"], "application/pdf", {"sejda"}),
        ([b"\xff\xd8 a telephone %%EOF %%EOF"], "image/jpeg", set()),
    ],
)
def test_an_editor_is_known_by_what_it_writes(content: list[bytes], kind: str, found: set[str]) -> None:
    assert retouching.traces(content, kind=kind) == found
    assert found <= retouching.NAMES.keys()
