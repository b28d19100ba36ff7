import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from escale.gateways import inspection
from escale.gateways.antivirus import Antivirus
from escale.gateways.file_kinds import Limits
from escale.gateways.screening import screen
from tests import documents_corpus

# the first test makes them all; qpdf would rather not write an old lock that it still reads
pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore:Encryption R=5")]

CORES = 2
ADDED_BY_JPEG = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.fixture(scope="module")
def verdicts(scanner, warm_start, tmp_path_factory):
    """The verdict on every file of the corpus by what it is, and the folder of its pages; libraries are read once."""
    folder, antivirus = tmp_path_factory.mktemp("corpus"), Antivirus(scanner)

    def verdict(number, case):
        room = folder / str(number)
        room.mkdir()
        return room, screen(
            io.BytesIO(case.build()),
            name=case.name, declared_type=case.declared_type, limits=Limits(), antivirus=antivirus, folder=room,
        )  # fmt: skip

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(CORES) as together:
        patch.setattr(inspection, "_START", warm_start)
        found = together.map(verdict, range(len(documents_corpus.ALL)), documents_corpus.ALL)
        return {case.what: one for case, one in zip(documents_corpus.ALL, found, strict=True)}


def told(verdict):
    return " ".join([verdict.outcome, *filter(None, [verdict.code]), *sorted(verdict.removed + verdict.changed)])


def in_order(expected):
    outcome, *details = expected.split()
    return " ".join([outcome, *sorted(details)])


@pytest.mark.parametrize("case", documents_corpus.ALL, ids=lambda case: case.what)
def test_each_file_is_treated_as_the_table_says(verdicts, case):
    room, verdict = verdicts[case.what]
    expected = [in_order(one) for one in case.expected.split("|")]
    said = told(verdict) if verdict.outcome not in {"infected", "unscannable"} else verdict.outcome
    assert said in expected, verdict
    assert verdict.pages == len(list(room.glob("page-*"))) > 0 or verdict.outcome not in {"accepted", "cleaned"}
    assert case.pages in {None, verdict.pages}
    assert verdict.sentence.endswith(".")


def test_nothing_but_pixels_is_in_what_is_shown(verdicts):
    for room, _ in verdicts.values():
        for path in room.glob("page-*"):
            with Image.open(path) as page:
                assert page.format == "JPEG"
                assert not dict(page.getexif())
                assert set(page.info) <= ADDED_BY_JPEG


def test_a_file_that_is_refused_leaves_nothing(verdicts):
    for room, verdict in verdicts.values():
        assert verdict.outcome != "refused" or not list(room.iterdir())


def test_no_file_takes_long_or_much(verdicts):
    for what, (_, verdict) in verdicts.items():
        assert verdict.cost.memory < 768 * 1024 * 1024, what
        assert verdict.cost.seconds < 40, what


def test_the_corpus_is_large_and_each_of_its_files_has_its_name():
    assert len({case.what for case in documents_corpus.ALL}) == len(documents_corpus.ALL) > 400
