"""How somebody takes a copy of what is known of them."""

from datetime import timedelta

from django.db import transaction

from escale.domain.accounts.actions.limits import spend
from escale.domain.accounts.models import Account
from escale.domain.journal import actions as journal

COPIES_A_DAY = 10


@transaction.atomic
def take_copy(*, account: Account, form: str) -> None:
    """
    Write that the owner of an account takes a copy of their data, as this kind of file.

    :raises TooManyAttempts: after ten in a day.
    """
    spend("copy", str(account.pk), most=COPIES_A_DAY, within=timedelta(days=1))
    journal.record("account.export", subject=account, actor=account, form=form)
