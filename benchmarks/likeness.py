"""How often a bill sent again is known, and how often two that are not one are taken for each other."""

import random
import time
from itertools import combinations

from escale.gateways import likeness
from escale.gateways.likeness import Likeness
from tests.domain.controls import papers

BILLS, OF_ONE_FORM = 60, 30
LEAST_ALIKE, FARTHEST = 0.75, 14


def found(one: Likeness | None, other: Likeness | None) -> bool:
    """Tell whether the search of the house finds one by the other."""
    if one is None or other is None or likeness.distance(one.bits, other.bits) > FARTHEST:
        return False
    near = any(band in likeness.neighbours(mine) for mine, band in zip(one.bands, other.bands, strict=True))
    return near and likeness.resemblance(one.grain, other.grain) >= LEAST_ALIKE


def measure(bills: int = BILLS, of_one_form: int = OF_ONE_FORM) -> None:
    """Draw the bills, change each in every way, and print what is found."""
    drawn = [papers.bill(seed) for seed in range(bills)]
    began = time.process_time()
    known = [likeness.of(papers.jpeg(page)) for page in drawn]
    print(f"{(time.process_time() - began) / bills * 1000:.0f} ms of processor a page")
    for change in papers.CHANGES:
        again = [likeness.of(change(page, random.Random(seed))) for seed, page in enumerate(drawn)]
        share = sum(map(found, again, known)) / bills
        sure = sum(
            bool(a and b and found(a, b) and likeness.resemblance(a.grain, b.grain) >= 0.93)
            for a, b in zip(again, known, strict=True)
        )
        print(f"{change.__name__}: {share:.0%} found, {sure / bills:.0%} told as strong")
    pairs = list(combinations(known, 2))
    print(f"distinct bills: {sum(found(*pair) for pair in pairs)} of {len(pairs)} pairs taken for one")
    alike = [likeness.of(papers.jpeg(papers.bill(1000 + seed, form=5))) for seed in range(of_one_form)]
    pairs = list(combinations(alike, 2))
    taken = [pair for pair in pairs if found(*pair)]
    strong = sum(bool(a and b and likeness.resemblance(a.grain, b.grain) >= 0.93) for a, b in taken)
    print(f"distinct bills of one form: {len(taken)} of {len(pairs)} pairs taken for one, {strong} told as strong")


if __name__ == "__main__":
    measure()
