"""The bank as tests play it: it answers the file of a batch, and its answer is read."""

import io
from datetime import date
from decimal import Decimal
from itertools import count

from django.utils import timezone

from escale.domain.payments import actions as payments
from escale.domain.payments.models import BankFile, Batch, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.jobs.demo import bank
from escale.rules import imputation, payees
from tests import factories

A_DAY = date(2026, 9, 15)
"""The day on which `frozen` stops the clock."""
END = b"</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"

_ranks = count(1)


def sent(*orders: PaymentOrder) -> Batch:
    """A batch that left."""
    batch = factories.batch(*orders)
    payments.send_batch(batch=batch)
    return batch


def order_of(batch: Batch) -> bank.Order:
    """A batch, as the bank finds it in its file."""
    return bank.read(io.BytesIO(factories.file_of(batch)))


def transfers(batch: Batch, *orders: PaymentOrder) -> list[bank.Paid]:
    """The transfers of a batch, or those of these orders."""
    wanted = {order.reference for order in orders}
    return [paid for paid in order_of(batch).transfers if not wanted or paid.end_to_end_id in wanted]


def says(content: bytes, *, name: str = "reponse.xml") -> BankFile:
    """What the bank says, received and read."""
    file = payments.receive(name=name, chunks=[content])
    payments.read_bank_file(file=file)
    file.refresh_from_db()
    return file


def accepts(batch: Batch) -> bytes:
    return bank.status(order_of(batch), refused=[])


def rejects(batch: Batch, *orders: PaymentOrder, code: str = "AC04") -> bytes:
    return bank.status(order_of(batch), refused=transfers(batch, *orders), code=code)


def books(batch: Batch, *orders: PaymentOrder, on: date | None = None) -> bytes:
    return bank.booked(order_of(batch), transfers(batch, *orders), on=on or timezone.localdate())


def returns(batch: Batch, *orders: PaymentOrder, on: date | None = None, code: str = "AC04") -> bytes:
    return bank.booked(order_of(batch), transfers(batch, *orders), on=on or timezone.localdate(), returned=code)


def books_by_hand(batch: Batch, order: PaymentOrder, *, on: date | None = None) -> bytes:
    """What the statement says of a transfer made by hand, under the reference that was typed with it."""
    asked = bank.Paid(order.reference, order.amount, order.iban)
    given = bank.Order(batch="", debtor_iban="", given_at=batch.prepared_at, transfers=(asked,))
    return bank.booked(given, [asked], on=on or timezone.localdate())


def one_sum(order: bank.Order, amount: Decimal) -> bytes:
    """What the bank books of a batch as one sum."""
    entry = (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{A_DAY}</Dt></BookgDt>"
        f"<NtryDtls><Btch><PmtInfId>{order.batch}</PmtInfId></Btch></NtryDtls></Ntry>"
    )
    return bank.booked(order, [], on=A_DAY).removesuffix(END) + entry.encode() + END


def refuses(order: bank.Order, *, code: str = "FF01") -> bytes:
    """What the bank says of a file that it does not take."""
    why = f"RJCT</GrpSts><StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>"
    return bank.status(order, refused=[]).replace(b"ACCP</GrpSts>", why.encode())


def owed(person: InsuredPerson, amount: str = "42.10", *, reference: str = "") -> PaymentOrder:
    """An order that an agent gave, without the claim that it would pay."""
    return payments.order(
        to=person,
        known=payees.Facts(oneself=True, age=41),
        parts=[payments.Part(Decimal(amount), "Soins du 01/09/2026", imputation.care(rule_set=None))],
        reference=reference or f"P-{next(_ranks):05d}",
        by=factories.agent(),
    )
