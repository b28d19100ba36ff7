"""A letter on paper is sealed from its writing to its printing, printed with others, posted, then gone."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.notices import posting
from escale.domain.notices.models import PaperLetter
from escale.gateways.cipher import Altered
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories

pytestmark = pytest.mark.django_db
CODE = b"ABCD-EFGH-JKLM"


def words(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def test_what_a_letter_says_is_not_to_be_read_where_it_waits():
    letter = enrolling.letter()
    letter.refresh_from_db()
    assert CODE not in bytes(letter.sealed)
    assert posting.opened(letter, written_on="").code == CODE.decode()


def test_a_letter_opens_under_its_own_name_only():
    one, other = enrolling.letter(), enrolling.letter()
    one.head, one.sealed = other.head, other.sealed
    with pytest.raises(Altered):
        posting.opened(one, written_on="")


def test_a_batch_is_one_file_with_a_slip_and_a_sheet_for_each_letter():
    for _letter in range(3):
        enrolling.letter()
    batch, by = notices.gather(by=enrolling.counter()), enrolling.counter()
    slip, *sheets = words(notices.take(batch=batch, by=by))
    assert "3 courriers" in slip
    assert slip.count("ALIX EXEMPLE") == 3
    assert CODE.decode() not in slip
    assert len(sheets) == 3
    for sheet in sheets:
        for said in ("ALIX EXEMPLE", "SP 99 999", "ABCD-EFGH-JKLM", "Votre code pour ouvrir Mon compte CNMSS",
                     "no•••@exemple.invalid", "Vous n’avez rien demandé", "/creer-mon-compte/code/"):  # fmt: skip
            assert said in " ".join(sheet.split()), said


def test_each_taking_is_in_the_journal_and_after_the_post_nothing_is_left():
    letter, by = enrolling.letter(), enrolling.counter()
    batch = notices.gather(by=by)
    with pytest.raises(StepRefused, match="imprimé"):
        notices.mark_posted(batch=batch, by=by)
    notices.take(batch=batch, by=by)
    notices.take(batch=batch, by=by)
    notices.mark_posted(batch=batch, by=by)
    takings = Entry.objects.filter(event="letter_batch.take").order_by("pk")
    assert [(entry.actor, entry.facts["taken"]) for entry in takings] == [(by.account, 1), (by.account, 2)]
    letter.refresh_from_db()
    assert (bytes(letter.head), bytes(letter.sealed)) == (b"", b"")
    with pytest.raises(StepRefused):
        notices.take(batch=batch, by=by)


def test_a_letter_whose_code_is_void_is_withdrawn_and_never_printed():
    enrolling.withdrawn()
    with pytest.raises(notices.NothingToPost):
        notices.gather(by=enrolling.counter())
    assert bytes(PaperLetter.objects.get().sealed) == b""


def test_nobody_prints_the_letters_of_their_family():
    person = enrolling.newcomer()
    enrolling.letter(person)
    person.account = factories.account(Role.COUNTER)
    person.save()
    oneself = Actor(Role.COUNTER, person.account)
    with pytest.raises(notices.NothingToPost):
        notices.gather(by=oneself)
    batch = notices.gather(by=enrolling.counter())
    assert "take" not in batch.steps_open_to(oneself)
    with pytest.raises(StepRefused):
        notices.take(batch=batch, by=oneself)


def test_a_letter_is_gathered_once(frozen):
    enrolling.letter()
    notices.gather(by=enrolling.counter())
    frozen.shift(timedelta(seconds=1))
    with pytest.raises(notices.NothingToPost):
        notices.gather(by=enrolling.counter())


def test_a_batch_is_accessible():
    document = pikepdf.open(io.BytesIO(notices.take(batch=enrolling.batch(), by=enrolling.counter())))
    assert document.Root.MarkInfo.Marked
    assert "/StructTreeRoot" in document.Root
    assert str(document.Root.Lang).startswith("fr")
    assert "Envoi de courriers" in str(document.docinfo.Title)
