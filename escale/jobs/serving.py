"""What follows for those who serve the Fund: they are invited, and told of each hat that is given or taken back."""

from escale.domain.accounts import staff
from escale.domain.accounts.models import Account, Grant, Hat, Role
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.jobs.tasks import following, reaction


@following()
def tell_hat_given(entry: Entry) -> None:
    """Write that a hat was given; whoever has no password yet is invited to choose one."""
    hat = Hat.objects.filter(pk=entry.subject.rpartition(":")[2]).select_related("account").first()
    if hat and hat.account.has_usable_password():
        notices.write(kind="hat_given", to=hat.account, about=entry, hat=hat.get_role_display())
    elif hat:
        _invite(hat)


@following()
def tell_hat_withdrawn(entry: Entry) -> None:
    account = Account.objects.get(pk=entry.facts["account"])
    if account.email:
        notices.write(kind="hat_withdrawn", to=account, about=entry, hat=Role(entry.facts["role"]).label)


@reaction()
def invite_again(pk: int) -> None:
    """Invite somebody of the Fund to prove themselves anew."""
    _invite(Grant.objects.select_related("account").get(pk=pk))


def _invite(given: Hat | Grant) -> None:
    if not given.account.has_usable_password():
        notices.write(kind="staff_invited", to=staff.address(given.account), about=given, name=given.account.name)
