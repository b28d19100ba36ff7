"""What is asked of the mandates."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from escale.domain.accounts.models import Account
from escale.domain.mandates.lifecycle import Status
from escale.domain.mandates.models import LIVING, Mandate
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson

USUAL_DAYS = 180
WARNED = timedelta(days=14)


def acting(pk: int, *, account: Account, on: date) -> Mandate | None:
    """Return the mandate that this account acts with, if it is in force on this day (1 query)."""
    return (
        Mandate.objects.in_force(on=on).with_people().filter(pk=pk, delegate=account, delegate__is_active=True).first()
    )


def followers(insured: InsuredPerson, *, on: date) -> QuerySet[Account]:
    """Return the accounts that follow this person's claims in their name on this day."""
    held = Mandate.objects.in_force(on=on).filter(principal=insured)
    return Account.objects.filter(pk__in=held.values("delegate"), is_active=True).order_by("pk")


def usual_period(insured: InsuredPerson, *, on: date) -> tuple[date, date]:
    """Return the days to propose, the end excluded: until the posting ends if that is known, else for six months."""
    posting = registry.posting(insured, on=on)
    until = posting.valid_until if posting and posting.valid_until else on + timedelta(days=USUAL_DAYS)
    return on, min(until, latest_end(on))


def latest_end(valid_from: date) -> date:
    """Return the last day on which a mandate that begins on this day may end (excluded): two years later."""
    try:
        return valid_from.replace(year=valid_from.year + 2)
    except ValueError:  # 29 February
        return valid_from.replace(year=valid_from.year + 2, month=3, day=1)


def offered(pk: int, *, address: str) -> Mandate | None:
    """Return the mandate that waits for the answer of whoever reads this address, if it still does."""
    return Mandate.objects.filter(pk=pk, status=Status.OFFERED, address=address).with_people().first()


def serves_only(account: Account, *, principal: InsuredPerson) -> bool:
    """Tell whether this account serves to help this person alone: it has no hat, and nobody else trusts it."""
    others = Mandate.objects.filter(delegate=account, status__in=LIVING).exclude(principal=principal)
    return account.is_active and not account.hats.exists() and not others.exists()


def over(*, on: date) -> QuerySet[Mandate]:
    """Return the mandates whose last day has passed and that nobody has closed yet."""
    return Mandate.objects.filter(status__in=LIVING, valid_until__lte=on).order_by("pk")


def ending(*, on: date) -> QuerySet[Mandate]:
    """Return the mandates of a month or more that end within a fortnight, and that no other follows."""
    ends = Mandate.objects.in_force(on=on).filter(valid_until__lte=on + WARNED)
    lasting = ends.filter(valid_until__gt=F("valid_from") + 2 * WARNED)
    same = {"principal": OuterRef("principal"), "address": OuterRef("address")}
    after = Mandate.objects.filter(**same, status__in=LIVING, valid_from__gte=OuterRef("valid_until"))
    return lasting.exclude(Exists(after)).with_people().order_by("pk")
