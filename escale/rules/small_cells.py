"""Statistical secrecy: what of a table may be published so that nobody is found in it; no figure is changed."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

Cell = tuple[str, str]
OTHERS = "others"
"""The name of what is told together because it is too small alone."""


@dataclass(frozen=True, slots=True)
class Published:
    """
    A table with its totals, fit for publication; a cell is None where it is kept secret.

    `row_of` and `column_of`: under which row or column of `cells` each one of the table was told.
    """

    cells: Mapping[Cell, int | None]
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    row_of: Mapping[str, str]
    column_of: Mapping[str, str]


def publish(table: Mapping[Cell, int], *, threshold: int) -> Published | None:
    """
    Return what of a table of counts by (row, column) may be told, with all its totals; None if nothing may.

    Rows and columns of which the total is under the threshold are told together. A cell between 1 and the threshold is
    kept secret, and as many others beside it as it takes for whoever knows all the rest to be left, for each secret
    cell, with a range of possible counts at least as wide as the threshold. Where no cell beside could hide it, its
    row is told with the smallest other one. A zero is told: it is about nobody.
    """
    if sum(table.values()) < threshold:
        return None
    row_of = _together(_sums(table, 0), threshold)
    column_of = _together(_sums(table, 1), threshold)
    while True:
        cells = _merged(table, row_of, column_of)
        secret, bare = _secret(cells, threshold)
        if bare is None:
            told = {cell: None if cell in secret else count for cell, count in cells.items()}
            return Published(told, _sums(cells, 0), _sums(cells, 1), row_of, column_of)
        row_of = _joined(row_of, bare[0], _sums(cells, 0))


def bounds(hidden: Mapping[Cell, int], cell: Cell) -> tuple[int, int]:
    """
    Return the least and the most that a secret cell may be, for whoever knows all other cells and all totals.

    `hidden`: the true counts of the secret cells, each known to be at least 1. What one gains, others of its row and
    of its column lose: the most is found as the greatest flow through the secret cells.
    """
    return hidden[cell] - _flow(hidden, cell, up=False), hidden[cell] + _flow(hidden, cell, up=True)


def _secret(cells: Mapping[Cell, int], threshold: int) -> tuple[set[Cell], Cell | None]:
    """Return the cells to keep secret, and the first that nothing can hide, if there is one."""
    secret = {cell for cell, count in cells.items() if 0 < count < threshold}
    checked: set[Cell] = set()
    while left := sorted(secret - checked):
        cell = left[0]
        while not _is_hidden(cells, secret, cell, threshold):
            more = _cover(cells, secret, cell)
            if more is None:
                return secret, cell
            secret.add(more)
        checked.add(cell)  # hiding others later only widens what this one may be
    return secret, None


def _is_hidden(cells: Mapping[Cell, int], secret: set[Cell], cell: Cell, threshold: int) -> bool:
    least, most = bounds({one: cells[one] for one in secret}, cell)
    return most - least >= threshold


def _cover(cells: Mapping[Cell, int], secret: set[Cell], cell: Cell) -> Cell | None:
    """Return the next cell to hide for the sake of this one: the smallest on the smallest rectangle that holds it."""
    row, column = cell
    found: tuple[int, Cell] | None = None
    for other_row, other_column in cells:
        corners = [(row, other_column), (other_row, column), (other_row, other_column)]
        if other_row == row or other_column == column or not all(cells.get(corner, 0) > 1 for corner in corners):
            continue
        new = [corner for corner in corners if corner not in secret]
        if new:
            lost, smallest = sum(cells[one] for one in new), min(new, key=lambda one: (cells[one], one))
            if found is None or (lost, smallest) < found:
                found = lost, smallest
    return found[1] if found else None


def _flow(hidden: Mapping[Cell, int], cell: Cell, *, up: bool) -> int:
    """Return by how much this cell may rise (or fall) while every total stays: the greatest flow around it.

    Going from a row to a column through a cell lowers it, down to 1; from a column to a row, raises it at will.
    """
    endless = sum(hidden.values())
    room = dict.fromkeys(hidden, 0)
    for one, count in hidden.items():
        room[one] = count - 1
    gained: dict[Cell, int] = dict.fromkeys(hidden, 0)
    row, column = cell
    most = endless if up else hidden[cell] - 1
    moved = 0
    while moved < most:
        way = _way(room, gained, cell, up=up)
        if way is None:
            break
        step = min([most - moved, *(room[one] + gained[one] for one, lowers in way if lowers)])
        for one, lowers in way:
            gained[one] += -step if lowers else step
        moved += step
    return moved


def _way(
    room: Mapping[Cell, int], gained: Mapping[Cell, int], cell: Cell, *, up: bool
) -> list[tuple[Cell, bool]] | None:
    """Return the cells to lower and to raise in turn so that this one may move by one, the shortest way first."""
    start, goal = (("row", cell[0]), ("column", cell[1]))
    came: dict[tuple[str, str], tuple[tuple[str, str], Cell, bool]] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            break
        for one in room:
            ends = ("row", one[0]), ("column", one[1])
            if one == cell or here not in ends:
                continue
            there = ends[1] if here == ends[0] else ends[0]
            lowers = (here == ends[0]) == up
            if there in came or there == start or (lowers and room[one] + gained[one] < 1):
                continue
            came[there] = here, one, lowers
            waiting.append(there)
    if goal not in came:
        return None
    way, here = [], goal
    while here != start:
        here, one, lowers = came[here]
        way.append((one, lowers))
    return way


def _together(totals: Mapping[str, int], threshold: int) -> dict[str, str]:
    """Return under which name each row or column is told: its own, or that of the small ones together."""
    small = sorted((name for name, total in totals.items() if total < threshold), key=lambda name: totals[name])
    large = sorted((name for name in totals if name not in small), key=lambda name: (totals[name], name))
    joined = sum(totals[name] for name in small)
    while small and joined < threshold and large:
        joined += totals[large[0]]
        small.append(large.pop(0))
    return dict.fromkeys(small, OTHERS) | {name: name for name in large}


def _joined(names: Mapping[str, str], name: str, totals: Mapping[str, int]) -> dict[str, str]:
    """Tell a row with the smallest other one."""
    others = [other for other in totals if other != name]
    mate = min(others, key=lambda other: (other != OTHERS, totals[other], other))
    return {row: OTHERS if told in (name, mate) else told for row, told in names.items()}


def _merged(table: Mapping[Cell, int], row_of: Mapping[str, str], column_of: Mapping[str, str]) -> dict[Cell, int]:
    cells = {(row, column): 0 for row in sorted(set(row_of.values())) for column in sorted(set(column_of.values()))}
    for (row, column), count in table.items():
        cells[row_of[row], column_of[column]] += count
    return cells


def _sums(cells: Mapping[Cell, int], side: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for cell, count in cells.items():
        totals[cell[side]] = totals.get(cell[side], 0) + count
    return totals
