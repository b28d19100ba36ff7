"""What is published lets nobody compute what is not."""

from collections.abc import Iterator, Mapping

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from escale.rules import parameters, small_cells
from escale.rules.small_cells import OTHERS, Cell
from tests.rules.test_parameters import TODAY

THRESHOLD = 11


def tables(rows: int, columns: int, most: int) -> st.SearchStrategy[dict[Cell, int]]:
    """Tables of counts, many of which are small."""
    counts = st.one_of(st.integers(0, THRESHOLD), st.integers(0, most))
    cells = [(f"row{row}", f"column{column}") for row in range(rows) for column in range(columns)]
    return st.lists(counts, min_size=len(cells), max_size=len(cells)).map(lambda drawn: dict(zip(cells, drawn)))  # noqa: B905


def possible(hidden: Mapping[Cell, int]) -> Iterator[dict[Cell, int]]:
    """Every way to fill the secret cells, each at least 1, that gives the totals which are known."""
    cells = sorted(hidden)
    sides = [{key: sum(n for cell, n in hidden.items() if cell[side] == key) for key in {c[side] for c in cells}}
             for side in (0, 1)]  # fmt: skip

    def fill(place: int, left: list[dict[str, int]], filled: dict[Cell, int]) -> Iterator[dict[Cell, int]]:
        if place == len(cells):
            if not any(any(side.values()) for side in left):
                yield dict(filled)
            return
        row, column = cells[place]
        for count in range(1, min(left[0][row], left[1][column]) + 1):
            rest = [left[0] | {row: left[0][row] - count}, left[1] | {column: left[1][column] - count}]
            yield from fill(place + 1, rest, filled | {cells[place]: count})

    return fill(0, sides, {})


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(1, 3), min_size=1, max_size=7
    )
)
def test_the_bounds_are_those_of_every_table_that_could_be(hidden: dict[Cell, int]):
    tried = list(possible(hidden))
    for cell in hidden:
        counts = {table[cell] for table in tried}
        assert small_cells.bounds(hidden, cell) == (min(counts), max(counts))


@settings(max_examples=60)
@given(tables(4, 5, 200))
def test_no_secret_cell_can_be_told_from_the_rest(table: dict[Cell, int]):
    told = small_cells.publish(table, threshold=THRESHOLD)
    assume(told is not None)
    assert told
    true = dict.fromkeys(told.cells, 0)
    for (row, column), count in table.items():
        true[told.row_of[row], told.column_of[column]] += count
    hidden = {cell: true[cell] for cell, count in told.cells.items() if count is None}
    for cell, count in told.cells.items():
        assert count is None or (count == true[cell] and not 0 < count < THRESHOLD)
    for cell in hidden:
        least, most = small_cells.bounds(hidden, cell)
        assert most - least >= THRESHOLD
    for totals, side in ((told.rows, 0), (told.columns, 1)):
        assert min(totals.values()) >= THRESHOLD
        for name, total in totals.items():
            assert total == sum(count for cell, count in true.items() if cell[side] == name)


def test_a_table_without_a_small_cell_is_told_whole():
    table = {("eu", "dental"): 40, ("eu", "hospital"): 0, ("world", "dental"): 11, ("world", "hospital"): 300}
    told = small_cells.publish(table, threshold=THRESHOLD)
    assert told
    assert told.cells == table
    assert told.rows == {"eu": 40, "world": 311}


def test_a_small_cell_hides_behind_three_others():
    table = {("eu", "dental"): 3, ("eu", "hospital"): 60, ("eu", "device"): 500,
             ("world", "dental"): 40, ("world", "hospital"): 80, ("world", "device"): 700}  # fmt: skip
    told = small_cells.publish(table, threshold=THRESHOLD)
    assert told
    assert {cell for cell, count in told.cells.items() if count is None} == {
        ("eu", "dental"), ("eu", "hospital"), ("world", "dental"), ("world", "hospital"),
    }  # fmt: skip
    assert told.rows["eu"] == 563  # all totals are told


def test_small_rows_are_told_together():
    table = {("taaf", "dental"): 4, ("wallis", "dental"): 5, ("eu", "dental"): 30, ("world", "dental"): 90}
    told = small_cells.publish(table, threshold=THRESHOLD)
    assert told
    assert told.rows == {OTHERS: 39, "world": 90}
    assert told.row_of == {"taaf": OTHERS, "wallis": OTHERS, "eu": OTHERS, "world": "world"}


def test_too_few_in_all_is_not_told():
    assert small_cells.publish({("eu", "dental"): 6, ("world", "dental"): 4}, threshold=THRESHOLD) is None


def test_the_threshold_is_a_figure_of_the_house():
    assert parameters.value("small_cell_threshold", on=TODAY) == THRESHOLD
