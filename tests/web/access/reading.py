"""What somebody reads at home: their messages, and their letters."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from escale.domain.notices import posting
from escale.domain.notices.models import PaperLetter


def mails(home: Path) -> list[EmailMessage]:
    """The messages that left, oldest first."""
    paths = sorted((home / "mail").glob("*.eml"), key=lambda path: int(re.findall(r"\d+", path.name)[0]))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def link_in(home: Path) -> str:
    """The path of the first link of the latest message."""
    text = mails(home)[-1].get_content()
    return re.findall(r"https?://[^/\s]+(/\S+)", text)[0]


def code_of(letter: PaperLetter) -> str:
    """The code that the envelope holds."""
    return posting.opened(letter, written_on="").code
