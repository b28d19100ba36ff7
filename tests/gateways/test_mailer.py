from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from escale.gateways import mailer

TEXT = "Bonjour,\n\nVotre demande n° 2026-0042 a été reçue. L’équipe vous répondra sous 5 jours.\n" + "é" * 200 + "\n"
MAIL = mailer.Mail(
    message_id="<notice-42@escale.example>",
    sent_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    sender_name="Caisse nationale militaire",
    sender="ne-pas-repondre@escale.example",
    to="lea.martin@example.org",
    subject="Accusé de réception : demande «\N{NARROW NO-BREAK SPACE}2026-0042\N{NARROW NO-BREAK SPACE}» reçue",
    text=TEXT,
)


def read(content):
    return message_from_bytes(content, policy=default)


def test_a_letter_goes_through_smtp_and_keeps_its_french(mailbox):
    box, url = mailbox
    mailer.send(MAIL, url)
    [content] = box.received
    assert content.isascii()
    received = read(content)
    assert received["Subject"] == MAIL.subject
    assert received["From"] == "Caisse nationale militaire <ne-pas-repondre@escale.example>"
    assert received["Message-ID"] == MAIL.message_id
    assert received["Date"].datetime == MAIL.sent_at
    assert received.get_content_type() == "text/plain"
    assert received["Content-Transfer-Encoding"] == "quoted-printable"
    assert received.get_content().splitlines() == TEXT.splitlines()


def test_the_same_letter_gives_the_same_bytes():
    assert mailer.compose(MAIL) == mailer.compose(replace(MAIL))


@pytest.mark.parametrize("field", ["subject", "sender_name", "sender", "to", "message_id"])
@pytest.mark.parametrize("injected", ["\r\nBcc: autre@example.org", "\nX: y", "\0", "\x7f", "\N{LINE SEPARATOR}Bcc: x"])
def test_nobody_slips_a_header_in(field, injected):
    with pytest.raises(ValueError, match="header|message id|address"):
        mailer.compose(replace(MAIL, **{field: getattr(MAIL, field) + injected}))


@pytest.mark.parametrize("to", ["", "sans-arobase", "deux@trois@example.org", "léa@example.org", "a b@c.org", "@"])
def test_an_address_that_is_not_one_is_refused(to):
    with pytest.raises(ValueError, match=r".+"):
        mailer.compose(replace(MAIL, to=to))


@pytest.mark.parametrize(("answer", "error"), [
    ("550 no such user", mailer.Refused), ("451 come back later", mailer.Unavailable),
])  # fmt: skip
def test_a_refusal_for_ever_is_told_from_a_refusal_for_now(mailbox, answer, error):
    box, url = mailbox
    box.answers[MAIL.to] = answer
    with pytest.raises(error, match=answer[4:]):
        mailer.send(MAIL, url)
    assert box.received == []


def test_an_absent_server_is_unavailable():
    with pytest.raises(mailer.Unavailable):
        mailer.send(MAIL, "smtp://127.0.0.1:9")


def test_a_server_without_tls_is_not_given_what_asks_for_it(mailbox):
    box, url = mailbox
    with pytest.raises(mailer.Unavailable):
        mailer.send(MAIL, url.replace("smtp://", "smtp+tls://user:secret@"))
    assert box.received == []


@pytest.mark.parametrize("url", ["smtp://user:secret@127.0.0.1:25", "ftp://example.org", "smtp://", ""])
def test_a_server_that_is_badly_named_is_refused(url):
    with pytest.raises(ValueError, match="mail address|in clear"):
        mailer.send(MAIL, url)


def test_a_folder_receives_one_file_however_often_it_is_sent(tmp_path):
    url = f"folder:{tmp_path}/les lettres"
    mailer.send(MAIL, url)
    mailer.send(replace(MAIL, text="another text"), url)
    [path] = (tmp_path / "les lettres").iterdir()
    assert path.name == "notice-42.eml"
    assert path.read_bytes() == mailer.compose(MAIL)


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path):
    (tmp_path / "mail").write_text("a file, not a folder")
    with pytest.raises(mailer.Unavailable):
        mailer.send(MAIL, f"folder:{tmp_path}/mail")
