"""What is told to whoever received the care, and to nobody of their family."""

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.jobs.tasks import following


@following()
def tell_secret(entry: Entry) -> None:
    """Write that the Fund kept something from their family, or told it: what they did themselves, they know."""
    claim = Claim.objects.select_related("beneficiary__person__account").get(pk=entry.subject.rpartition(":")[2])
    person = claim.beneficiary.person
    if entry.hat != Role.INSURED and person and person.account:
        kind = "secret_kept" if entry.event == "claim.keep_from_family" else "secret_told"
        notices.write(kind=kind, to=person.account, about=entry, claim=claim)
