"""What the Fund may ask the insured person for, beside what was sent with the claim."""

from collections.abc import Iterable
from dataclasses import dataclass

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import queries, waiting
from escale.domain.claims.models import Bill, Claim
from escale.rules import intake
from escale.rules.intake import Paper


@dataclass(frozen=True, slots=True)
class Askable:
    """A paper that may be asked for, for a bill where each has its own: is it `listed` for this claim, and `joined`?"""

    paper: Paper
    bill: Bill | None = None
    listed: bool = True
    joined: bool = False

    @property
    def key(self) -> str:
        """What tells it from all others of its claim: the name of its field."""
        return key(self.paper.code, self.bill)

    @property
    def label(self) -> str:
        """Its name, with that of the practitioner of its bill."""
        return f"{self.paper.label}, {self.bill.provider}" if self.bill else self.paper.label


def askable(claim: Claim, *, by: Actor) -> list[Askable]:
    """
    Return what may be asked for and is not yet: what the claim misses, what it may hold, then any other paper.

    A physician asks only for papers that none but physicians read.
    """
    listed, bills = queries.papers(claim), list(claim.bills.order_by("pk"))
    files = {(file.paper, file.bill_id) for file in queries.joined(claim)}
    awaited = {key(one.paper, one.bill) for one in waiting.asked(claim)}
    codes = {paper.code for paper in listed}
    others = {paper.code: paper for paper in intake.catalogue(on=queries.papers_on(claim)) if paper.code not in codes}
    found = [
        Askable(paper, bill, paper.code in codes, bool(files & {(paper.code, bill and bill.pk), (paper.code, None)}))
        for paper in (*listed, *others.values())
        for bill in each(paper, bills)
        if key(paper.code, bill) not in awaited and (paper.medical or by.role != Role.PHYSICIAN)
    ]
    return sorted(found, key=lambda one: (not one.listed, one.joined or not one.paper.mandatory))


def key(code: str, bill: Bill | None) -> str:
    """Return what tells a paper of a claim, or of one of its bills, from all others."""
    return f"{code}-{bill.pk}" if bill else code


def each(paper: Paper, bills: Iterable[Bill]) -> Iterable[Bill | None]:
    """Return the bills of which each has its own such paper; None alone, where one does for the whole claim."""
    return bills if paper.per_bill else [None]
