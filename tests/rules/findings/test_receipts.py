"""Receipts of many countries: taxes within the total, money taken off, addresses that tell the currency."""

import pytest

from tests.rules.findings.papers import told


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("Subtotal   10.00\nTotal (incl. GST)   RM 10.60\nTotal excl. GST   10.00", "10.60"),
        ("Gesamt inkl. MwSt   12,50\ndavon MwSt   2,00", "12.50"),
        ("Total (IVA incluido)   $ 45.00", "45.00"),
        ("Toplam   150,00\nTOPKDV   12,00\nNakit   200,00", "150.00"),
        ("Totaal   23,45\nContant   30,00", "23.45"),
        ("Consultation   50.00\nDiscount   -5.00\nTotal *45.00\nCard ****4242", "45.00"),
        ("Total   60.00\nRefund   -80.00", "60.00"),
    ],
)
def test_the_total_is_what_was_to_pay(text: str, total: str):
    found = told(text).total
    assert found
    assert found.value == total


@pytest.mark.parametrize(
    ("address", "currency"),
    [
        ("San Mateo, CA 94401", "USD"), ("Call us at (650) 342-2723", "USD"), ("Toronto ON M5V 2T6", "CAD"),
        ("Sydney NSW 2000", "AUD"), ("Somewhere", ""),
    ],
)  # fmt: skip
def test_an_address_tells_which_dollar_is_meant(address: str, currency: str):
    found = told(f"Blue Lantern Pharmacy\n{address}\nTotal amount due for your visit   $ 20.00\nThank you").currency
    assert found
    assert found.value == currency


@pytest.mark.parametrize(("month", "day"), [("ม.ค.", "2024-01-20"), ("มี.ค.", "2024-03-20"), ("มิ.ย.", "2024-06-20")])
def test_thai_months_in_short_differ_by_a_vowel(month: str, day: str):
    found = told(f"วันที่ 20 {month} 2567\nรวมทั้งสิ้น   100.00 บาท").given_on
    assert found
    assert found.value == day


def test_an_old_day_is_told_but_never_one_that_may_be_a_birth():
    old = told("Invoice date 20/05/2014\nTotal amount due   20.00").given_on
    assert old
    assert old.value == "2014-05-20"
    assert told("Sam Exemple 20/05/1980\nTotal   20.00").given_on is None


def test_an_hour_may_touch_the_day():
    found = told("วันที่ 20 พฤษภาคม ๒๕๖๘10:37\nรวมทั้งสิ้น   100.00 บาท").given_on
    assert found
    assert found.value == "2025-05-20"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("วันที่ ๒ ๐พฤษภา คม๒๕๖๘10:37", "2025-05-20"),  # digits that the eyes put apart
        ("Table 2 5 mai 2025", "2025-05-05"),
        ("Invoice Date:   August 3   2014", "2014-08-03"),  # words that a PDF puts far apart
    ],
)
def test_a_day_is_read_whatever_stands_between_its_parts(text: str, day: str):
    found = told(text).given_on
    assert found
    assert found.value == day


@pytest.mark.parametrize(
    ("sign", "currencies"),
    [
        ("د.إ", ("AED",)), ("د.أ", ("JOD",)), ("د.م.", ("MAD",)), ("ر.س", ("SAR",)), ("ج.م", ("EGP",)),
        ("د.ج", ("DZD",)), ("ل.ل", ("LBP",)), ("د.ت", ("TND",)), ("د.ك", ("KWD",)), ("درهم مغربي", ("MAD",)),
        ("ريال سعودي", ("SAR",)), ("جنيه", ("EGP",)), ("ليرة سورية", ("SYP",)), ("فرنك جيبوتي", ("DJF",)),
        ("دينار كويتي", ("KWD",)), ("فرنك", ("XOF", "XAF", "DJF", "KMF")),
    ],
)  # fmt: skip
def test_arabic_signs_and_names_of_money_tell_the_currency_or_ask(sign: str, currencies: tuple[str, ...]):
    as_it_lies = " ".join(reversed(f"المبلغ الإجمالي 120.500 {sign}".split()))
    found = told(as_it_lies).currency
    assert found
    assert found.candidates == currencies
