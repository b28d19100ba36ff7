"""How a password is chosen: long, unknown to those who guess, and nothing of one's name."""

import hashlib
import re
import unicodedata
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from escale.domain.accounts import queries
from escale.domain.accounts.actions.sessions import close_sessions
from escale.domain.accounts.models import Account
from escale.domain.journal import actions as journal
from escale.gateways import breached

LENGTH, LENGTH_AT_THE_FUND, LONGEST = 12, 16, 256
_OWN = 8
"""Signs that must remain of a password once what anybody knows of its owner is taken away."""


class WeakPassword(Exception):
    """This password would be guessed; the message says why, in French."""


def normal(password: str) -> str:
    """Return a password as it is kept: the same for the same keys, whatever the keyboard sends."""
    return unicodedata.normalize("NFC", password)


def length(account: Account) -> int:
    """Return how long a password this account must have: longer with a hat of the Fund."""
    return LENGTH_AT_THE_FUND if queries.is_of_the_fund(account) else LENGTH


def is_long(password: str) -> bool:
    """Tell whether a password is long enough for the hats of the Fund."""
    return len(normal(password)) >= LENGTH_AT_THE_FUND


def judge_password(*, account: Account, password: str) -> None:
    """
    Check a password that is about to be chosen, and change nothing.

    :raises WeakPassword: for one that would be guessed.
    """
    if why := _weakness(normal(password), account):
        raise WeakPassword(why)


@transaction.atomic
def set_password(*, account: Account, password: str, keep: str = "") -> None:
    """
    Give an account a new password, and close its sessions, save the one of this key.

    :raises WeakPassword: for one that would be guessed; nothing is changed.
    """
    password = normal(password)
    judge_password(account=account, password=password)
    first = not account.has_usable_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    close_sessions(account=account, keep=keep)
    journal.record("account.choose_password" if first else "account.change_password", subject=account, actor=account)


def _weakness(password: str, account: Account) -> str:
    least = length(account)
    if len(password) < least:
        return _("Choisissez un mot de passe d’au moins %(least)d caractères : plusieurs mots font très bien.") % {
            "least": least
        }
    if len(password) > LONGEST:
        return _("Choisissez un mot de passe de %(most)d caractères au plus.") % {"most": LONGEST}
    if _is_known(password):
        return _("Ce mot de passe figure dans les listes de ceux qui devinent : choisissez-en un autre.")
    if _is_near(password, account):
        return _("Ce mot de passe est trop proche de votre nom, de votre adresse ou du nom du service.")
    return ""


def _is_known(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
    file = settings.BREACHED_PASSWORDS
    return bool(file) and breached.count(Path(file), digest) > 0


def _is_near(password: str, account: Account) -> bool:
    rest = _bare(password)
    for word in _words(account):
        rest = rest.replace(word, "")
    return len(rest) < _OWN


def _words(account: Account) -> list[str]:
    known = [*re.split(r"[\W_]+", f"{account.name} {account.email or ''}"), "cnmss", "escale"]
    return sorted({_bare(word) for word in known if len(word) >= 3}, key=len, reverse=True)


def _bare(text: str) -> str:
    """Return a text without case, accents, spaces nor hyphens."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in " -_.")
