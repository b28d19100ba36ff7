"""With which complementary insurers the Fund exchanges statements."""

from django.db import transaction

from escale.domain.accounts.models import Role
from escale.domain.journal import actions as journal
from escale.domain.statements.models import ComplementaryInsurer


@transaction.atomic
def name_insurer(*, code: str, name: str, is_open: bool = True) -> ComplementaryInsurer:
    """
    Name an insurer to which statements are sent, name it otherwise, or send it nothing more.

    :raises ValidationError: for a code that cannot name a folder, or a name that is empty.
    """
    insurer = ComplementaryInsurer.objects.select_for_update().filter(code=code).first()
    insurer = insurer or ComplementaryInsurer(code=code)
    insurer.name, insurer.open = name.strip(), is_open
    insurer.full_clean()
    insurer.save()
    journal.record("insurer.name", subject=insurer, hat=Role.SYSTEM, code=code, open=is_open)
    return insurer
