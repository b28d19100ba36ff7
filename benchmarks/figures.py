"""How figures are told."""

from collections.abc import Sequence
from statistics import quantiles


def told(number: float, unit: str = "") -> str:
    """Write a number as French does, with three significant figures below a hundred."""
    digits = 0 if abs(number) >= 100 or number == int(number) else 1 if abs(number) >= 10 else 2
    written = f"{number:,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
    return f"{written}\N{NO-BREAK SPACE}{unit}".rstrip()


def seconds(number: float) -> str:
    """Write a duration in the unit that suits it."""
    return told(number, "s") if number >= 1 else told(number * 1000, "ms")


def middle(durations: Sequence[float]) -> float:
    """Return the p50."""
    return quantiles(durations, n=100)[49] if len(durations) > 1 else durations[0]


def nearly_all(durations: Sequence[float]) -> float:
    """Return the p95."""
    return quantiles(durations, n=100)[94] if len(durations) > 1 else durations[0]


def title(text: str) -> None:
    """Begin a measure."""
    print(f"\n{text}\n{'─' * len(text)}", flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their head, figures to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, *rows):
        first, *rest = (cell.ljust(width) if not place else cell.rjust(width)
                        for place, (cell, width) in enumerate(zip(row, widths, strict=True)))  # fmt: skip
        print("  ".join(["", first, *rest]), flush=True)
