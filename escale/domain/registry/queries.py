"""What is asked of the registry."""

from datetime import date

from django.db.models import Case, QuerySet, When

from escale.domain.registry.models import BankAccount, Beneficiary, InsuredPerson, Link, Posting


def beneficiaries(insured: InsuredPerson, *, on: date) -> QuerySet[Beneficiary]:
    """Return those whose care this person may claim for on this day, oneself first."""
    return insured.beneficiaries.on(on).order_by(Case(When(link=Link.SELF, then=0), default=1), "born_on", "pk")


def posting(insured: InsuredPerson, *, on: date) -> Posting | None:
    """Return the posting that the administration signalled for this day, if any."""
    return insured.postings.on(on).order_by("-valid_from").first()


def bank_account(insured: InsuredPerson, *, on: date) -> BankAccount | None:
    """Return the account on which this person is paid on this day, if one is known."""
    return insured.bank_accounts.on(on).order_by("-valid_from").first()


def oneself(insured: InsuredPerson) -> Beneficiary:
    """Return the insured person as the first of the beneficiaries."""
    return insured.beneficiaries.get(link=Link.SELF)
