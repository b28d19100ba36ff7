"""Electronic mail: through an SMTP server, or into a folder where each message is a file."""

import re
import smtplib
import ssl
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from escale.gateways import durable

_TIMEOUT = 30
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9][A-Za-z0-9._+-]{0,63})@[A-Za-z0-9.-]{1,60}>")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}  # Unicode categories: controls, lone surrogates, line and paragraph breaks


class Unavailable(Exception):
    """The message did not leave, and may leave later."""


class Refused(Exception):
    """The server will never take this message for this address."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain text letter to one person.

    `message_id`, with its angle brackets, stays the same when the same letter is sent again: whoever receives it
    twice can tell. `sent_at` is aware of its time zone.
    """

    message_id: str
    sent_at: datetime
    sender_name: str
    sender: str
    to: str
    subject: str
    text: str


def compose(mail: Mail) -> bytes:
    """Return the message as it travels (RFC 5322); the same letter gives the same bytes.

    Raises ValueError for a line break or another control character in a header, an address or a message id
    that is not well formed.
    """
    if not _MESSAGE_ID.fullmatch(mail.message_id):
        raise ValueError("message id not well formed")
    for header in (mail.subject, mail.sender_name, mail.sender, mail.to):
        if any(unicodedata.category(character) in _CONTROLS for character in header):
            raise ValueError("control character in a header")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(mail.sender_name, addr_spec=_address(mail.sender))
    message["To"] = Address(addr_spec=_address(mail.to))
    message["Subject"] = mail.subject
    message["Date"] = mail.sent_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: an absence notice must not answer it
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def send(mail: Mail, url: str) -> None:
    """Send a letter; raises Unavailable (try again), Refused (never), or ValueError as `compose`.

    `smtp://host:25` in clear, for a relay on the same network; `smtp+tls://user:password@host:587` with STARTTLS;
    `smtps://user:password@host:465` in TLS; `folder:/path` writes `message-id.eml` there.
    """
    content = compose(mail)
    if url.startswith("folder:"):
        _write(Path(url.removeprefix("folder:")), mail.message_id, content)
        return
    try:
        server = _server(urlsplit(url))
        try:
            server.sendmail(mail.sender, [mail.to], content)
        finally:
            with suppress(OSError):  # the letter has left: a poor farewell must not send it again
                server.quit()
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = error.recipients[mail.to]
        raise (Refused if code >= 500 else Unavailable)(f"{code} {reason.decode(errors='replace')}") from error
    except smtplib.SMTPDataError as error:
        raise (Refused if error.smtp_code >= 500 else Unavailable)(str(error)) from error
    except OSError as error:  # as every other error of smtplib is
        raise Unavailable(str(error)) from error


def _server(url: SplitResult) -> smtplib.SMTP:
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError(f"unknown mail address: {url.scheme}")
    port = url.port or _PORTS[url.scheme]
    if url.scheme == "smtp" and url.username:
        raise ValueError("a password never travels in clear: use smtp+tls or smtps")
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(url.hostname, port, timeout=_TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(url.hostname, port, timeout=_TIMEOUT)
    try:
        if url.scheme == "smtp+tls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _write(folder: Path, message_id: str, content: bytes) -> None:
    named = _MESSAGE_ID.fullmatch(message_id)
    assert named
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # sent already
            durable.write(folder / f"{named[1]}.eml", [content])
    except OSError as error:
        raise Unavailable(str(error)) from error


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("address not well formed")
    return text
