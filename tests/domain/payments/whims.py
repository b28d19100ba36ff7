"""A bank with whims: it executes each transfer once, but says so one by one or as one sum, late, twice, or wrongly."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.jobs.demo import bank as played
from escale.rules.reconciling import Verdict
from escale.rules.settling import Contradiction
from tests.domain.payments import bank

FOUND = {"executed": Verdict.EXECUTED, "returned": Verdict.RETURNED, "rejected": Verdict.UNPAID}


def root(reference: str) -> str:
    """The reference of the first order of a chain."""
    return re.sub(r"-R\d+$", "", reference)


class Bank:
    """What a bank was given, what became of each transfer in truth, and what it wrote of it."""

    def __init__(self) -> None:
        self.given: dict[str, played.Order] = {}
        self.where: dict[str, str] = {}
        self.moved: Counter[str] = Counter()
        self.untold: set[str] = set()
        self.letters: list[bytes] = []

    def look(self) -> None:
        """Take what lies in the folder; the same transfer given twice would be paid twice."""
        for path in Path(settings.BANK_FOLDER).glob("*.xml"):
            with path.open("rb") as file:
                order = played.read(file)
            path.unlink()
            assert order.batch not in self.given, "the same file twice"
            self.given[order.batch] = order
            for paid in order.transfers:
                assert paid.end_to_end_id not in self.where, "the same transfer twice"
                self._becomes(paid, "given")

    def answer(self, *, among: str, becomes: str, some: int, told: bool = True) -> None:
        """Do something of some transfers that stand somewhere, and write it, or not yet."""
        for order in self.given.values():
            found = [paid for paid in order.transfers if self.where[paid.end_to_end_id] == among][:some]
            for paid in found:
                self._becomes(paid, becomes)
            if becomes == "rejected" and found:
                self.letters.append(played.status(order, refused=found))
            elif becomes == "executed" and not told:
                self.untold |= {paid.end_to_end_id for paid in found}
            elif found:
                self.letters.append(_booked(order, found, code="AC04" if becomes == "returned" else ""))

    def sum_up(self) -> None:
        """Write as one sum what was executed of each batch of which it has not written all, nor has all to do."""
        for order in self.given.values():
            there = {paid.end_to_end_id: self.where[paid.end_to_end_id] for paid in order.transfers}
            if self.untold & there.keys() and "given" not in there.values():
                paid = sum(paid.amount for paid in order.transfers if there[paid.end_to_end_id] != "rejected")
                self.letters.append(bank.one_sum(order, Decimal(paid)))
                self.untold -= there.keys()

    def accept(self) -> None:
        """Say of each file that it was taken, and of a copy of it that it was not."""
        for order in self.given.values():
            self.letters += [played.status(order, refused=[]), bank.refuses(order, code="DU01")]

    def refuse(self) -> None:
        """Refuse, whole, each file of which nothing was done."""
        for order in self.given.values():
            if {self.where[paid.end_to_end_id] for paid in order.transfers} == {"given"}:
                for paid in order.transfers:
                    self._becomes(paid, "rejected")
                self.letters.append(bank.refuses(order))

    def deny(self) -> None:
        """Say to be rejected what the Fund knows to be executed."""
        known = set(PaymentOrder.objects.filter(status=OrderStatus.EXECUTED).values_list("reference", flat=True))
        for order in self.given.values():
            if paid := [paid for paid in order.transfers if paid.end_to_end_id in known]:
                self.letters.append(played.status(order, refused=paid[:1], code="AC06"))

    def pay_after_all(self) -> bytes | None:
        """Pay a transfer that it rejected, unless it has what replaces it; return what it writes of it."""
        self.look()
        for order in self.given.values():
            for paid in order.transfers:
                chain = [one for one in self.where if root(one) == root(paid.end_to_end_id)]
                alone = not self.untold & {one.end_to_end_id for one in order.transfers}
                if alone and {self.where[one] for one in chain} == {"rejected"}:
                    self._becomes(paid, "executed")
                    return _booked(order, [paid])
        return None

    def finds(self, told: Discrepancy) -> Verdict | None:
        """Return what it answers to who asks what a fact was; None where its own letters have yet to say it."""
        if told.event.order:
            return FOUND.get(self.where[told.event.order.reference])
        return None if told.why == Contradiction.AMOUNT else Verdict.NOTHING

    def _becomes(self, paid: played.Paid, where: str) -> None:
        self.where[paid.end_to_end_id] = where
        self.moved[paid.end_to_end_id] += {"executed": 1, "returned": -1}.get(where, 0)
        paying = Counter(root(one) for one, at in self.where.items() if at in {"given", "executed"})
        assert max(paying.values(), default=0) <= 1, "what is due leaves the account twice"


def _booked(order: played.Order, paid: list[played.Paid], *, code: str = "") -> bytes:
    return played.booked(order, paid, on=bank.A_DAY, returned=code)
