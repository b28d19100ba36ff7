"""Nothing is believed of a file that is cut, malformed, hostile, or that says two things at once."""

import gzip
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escale.gateways import bank
from tests.gateways.bank import mirror

IBAN = "FR7630006000011234567890189"
ENTRY = mirror.entry("5.00", "DBIT")
GOOD = mirror.account("camt.054", "08", IBAN, [ENTRY, mirror.entry("7.00", "CRDT")])
DOCTYPE = b"<!DOCTYPE Document [%s]>" + GOOD.replace(b"BANK-1", b"&x;")
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))


def said(content: bytes) -> list[str]:
    return [told.what for told in bank.read(io.BytesIO(content)).told]


def changed(before: str, after: str) -> bytes:
    assert before.encode() in GOOD
    return GOOD.replace(before.encode(), after.encode())


@pytest.mark.parametrize(("content", "reason"), [
    (DOCTYPE % b'<!ENTITY x SYSTEM "file:///etc/hostname">', "type de document"),
    (DOCTYPE % b'<!ENTITY % x SYSTEM "http://bank.invalid/x"> %x;', "type de document"),
    (DOCTYPE % (b'<!ENTITY l0 "ha">' + LAUGHS + b'<!ENTITY x "&l11;">'), "type de document"),
    (b"<!DOCTYPE html>" + GOOD, "type de document"),
    (changed("BANK-1", "&x;"), "mal formé"),
    (changed("BANK-1", "x" * 10_000_000), "démesuré"),
    (changed("<Sts>", f'<Sts note="{"x" * 100_000}">'), "démesuré"),
    (changed("<Sts>", f"<!--{'x' * 1_000_000}--><Sts>"), "démesuré"),
    (changed("<Sts>", f"<?x {'x' * 1_000_000}?><Sts>"), "démesuré"),
    (changed("<Sts>", f'<Sts note="{"x" * 1_000_000}">'), "démesuré"),
    (changed("BANK-1", "x" * 36), "trop long"),
    (changed(ENTRY, "<a>" * 100_000), "trop profond"),
    (changed("<Acct>", "".join(f"<a{n}>1</a{n}>" for n in range(3000)) + "<Acct>"), "démesuré"),
    (b"", "coupé"), (b"\0" * 100, "pas du XML"), (b"%PDF-1.7", "pas du XML"), (GOOD[:-1], "coupé"),
    (GOOD + GOOD, "coupé"),
    (gzip.compress(GOOD), "compressé"), (b"PK\x03\x04" + GOOD, "compressé"), (b"{1:F01AAAA}{2:I940}", "pas du XML"),
    (b"0130004    00000EUR2 00012345678\r\n" * 9, "pas du XML"), (GOOD.replace(b"BANK-1", b"\xe9"), "mal formé"),
    (b'<?xml version="1.0" encoding="klingon"?>' + GOOD, "encodage"),
    (b'<?xml version="1.0" encoding="utf-8"?>' + changed("BANK-1", "\N{DOG FACE}").replace(b"\x9f", b""), "mal formé"),
    (changed(":camt.054.", ":camt.053."), "n’est pas une réponse"),
    (changed("urn:iso:std:iso:20022:tech:xsd:camt.054.001.08", "urn:evil"), "n’est pas une réponse"),
    (changed(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"', ""), "n’est pas une réponse"),
    (changed("BkToCstmrDbtCdtNtfctn", "BkToCstmrAcctRpt"), "n’est pas une réponse"),
    (b"<html><body/></html>", "n’est pas une réponse"),
    (changed("Ntfctn>", "Elsewhere>"), "à sa place"),
    (changed("<NbOfNtries>2", "<NbOfNtries>3"), "toutes les écritures"),
    (changed(ENTRY, ""), "toutes les écritures"),
    (changed(">5.00<", ">-5.00<"), "montant"), (changed(">5.00<", ">5,00<"), "montant"),
    (changed(">5.00<", ">NaN<"), "montant"), (changed(">5.00<", ">1e9<"), "montant"),
    (changed(">5.00<", ">٥.٠٠<"), "montant"), (changed(' Ccy="EUR"', ""), "montant"),
    (changed(' Ccy="EUR"', ' Ccy="euros"'), "montant"),
    (changed(">5.00<", ">12345678901234.00<"), "montant"),
    (changed(IBAN, "FR" + "7" * 33), "trop long"), (changed("2026-11-24T08", "9999-12-31T08"), "date"),
    (changed("2026-11-24</Dt>", "0001-01-01</Dt>"), "date"), (changed("2026-11-24</Dt>", "2026-02-30</Dt>"), "date"),
    (changed("2026-11-24T08", "2026-11-24T28"), "date"),
    (changed("DBIT", "BOTH"), "débit ou au crédit"), (changed("<Cd>BOOK</Cd>", ""), "état"),
    (changed("<MsgId>BANK-1</MsgId>", ""), "identifiant"),
])  # fmt: skip
def test_nothing_is_told_of_it_and_the_reason_is_in_french(content, reason):
    with pytest.raises(bank.UnreadableFile) as refusal:
        bank.read(io.BytesIO(content))
    assert reason in refusal.value.reason


@settings(max_examples=50)
@given(st.integers(min_value=0, max_value=len(GOOD) - 1))
def test_a_file_that_was_cut_is_never_believed_in_part(length):
    with pytest.raises(bank.UnreadableFile):
        bank.read(io.BytesIO(GOOD[:length]))


@settings(max_examples=200)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3))
def test_a_file_that_was_spoilt_is_refused_or_told_to_its_end(place, noise):
    spoilt = GOOD[:place] + noise + GOOD[place + len(noise) :]
    try:
        report = bank.read(io.BytesIO(spoilt))
    except bank.UnreadableFile:
        return
    list(report.told)


class Endless(io.RawIOBase):
    """A file of as many entries as one likes, which no memory holds."""

    def __init__(self, entries: int) -> None:
        self.head, self.tail = mirror.account("camt.054", "08", IBAN, ["|"]).split(b"|")
        self.head = self.head.replace(b"<NbOfNtries>1<", b"<NbOfNtries>%d<" % entries)
        self.entries = entries
        self.seek(0)

    def pieces(self) -> Iterator[bytes]:
        yield self.head
        for _ in range(self.entries // 100):
            yield ENTRY.encode() * 100
        yield self.tail

    def read(self, size: int = -1) -> bytes:
        return next(self.left, b"")

    def seek(self, offset: int, whence: int = 0) -> int:
        self.left = self.pieces()
        return 0

    def tell(self) -> int:
        return 0


def test_memory_does_not_grow_with_the_file():
    peaks = []
    for entries in (200, 1_000):
        tracemalloc.start()
        assert sum(1 for _ in bank.read(Endless(entries)).told) == entries
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
