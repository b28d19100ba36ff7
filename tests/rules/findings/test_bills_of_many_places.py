"""Bills as they are written in one place or another: what was asked, in which money, and when."""

from decimal import Decimal

import pytest

from tests.rules.findings.papers import told

BILLS = {
    "a deposit is no total": (
        "Klinik Beispiel\nBehandlung vom 15.01.2026\nNetto   1.680,67\nBrutto   2.000,00 EUR\nAnzahlung   500,00",
        "2000.00", "EUR", "2026-01-15",
    ),
    "apostrophes group thousands": (
        "Arztpraxis Muster\n8000 Zürich\nDatum 11.12.2025\nTotal Fr.   2'345.60", "2345.60", "CHF", "2025-12-11",
    ),
    "lakhs are grouped by two": (
        "Hospital Mumbai\nDate 25/06/2026\nRoom   85,000.00\nSurgery   1,15,000.00\nTotal   ₹ 2,00,000.00",
        "200000.00", "INR", "2026-06-25",
    ),
    "what was sampled is older than what was printed": (
        "Labo Exemple\nMme TEST née le 03/05/1980\nPrélevé le 14/06/2026\nÉdité le 16/06/2026\nTotal   45,20 €",
        "45.20", "EUR", "2026-06-14",
    ),
    "the sign of yen and yuan is of its place": (
        "北京样例医院\n日期 2026-05-06\n合计   ¥356.50", "356.50", "CNY", "2026-05-06",
    ),
    "the crown is of its place": (
        "Apotek\n2100 København\nDato 05-06-2026\nI alt   kr. 125,50", "125.50", "DKK", "2026-06-05",
    ),
    "the dollar of a country without its own is that of the United States": (
        "Clinique du Liban\nBeyrouth\nDate 05/06/2026\nTotal   $ 60.00", "60.00", "USD", "2026-06-05",
    ),
    "a short year of Thailand is Buddhist": (
        "คลินิก\n05/06/69 10:00\nรวมเงิน   350.00\nรับเงิน   500.00\nทอน   150.00", "350.00", "THB", "2026-06-05",
    ),
    "a month may be told to be one": (
        "คลินิก\nวันที่ ๒๗ เดือน มีนาคม พ.ศ. ๒๕๖๙\nรวมเงิน   ๗๒๐.๐๐ บาท", "720.00", "THB", "2026-03-27",
    ),
    "an article is no pound": (
        "Pharmacie\nNouméa\nLe 05/06/2026\nTotal   4 560", "4560", "XPF", "2026-06-05",
    ),
    "millimes are a part of what was said": (
        "Laboratoire\nTunis le 27-05-2026\nNet à payer   52,574\nla somme de : cinquante deux dinars 574 millimes",
        "52.574", "TND", "2026-05-27",
    ),
    "what is read for another sign is that of the place": (
        "الرياض - حي العليا\n2026/07/30\n460.00 ل.ل   الإجمالي", "460.00", "SAR", "2026-07-30",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "total", "currency", "day"), BILLS.values(), ids=BILLS)
def test_a_bill_is_understood(text: str, total: str, currency: str, day: str):
    found = told(text)
    assert found.total
    assert Decimal(found.total.value) == Decimal(total)
    assert found.currency
    assert found.currency.value == currency
    assert found.given_on
    assert found.given_on.value == day


def test_a_total_of_which_only_a_part_was_read_gives_way_to_what_the_others_add_up_to():
    found = told("41.71\n37.96\n245.94\nSubtotal   325.61\nVAT   22.79\nTotal   3 USD\nCARD   348.40").total
    assert found
    assert found.value == "348.40"
    assert found.confidence < 0.5


def test_a_total_far_smaller_than_what_stands_above_it_is_doubtful():
    found = told("Room   9,850.00 USD\nSurgery   4,120.00 USD\nTotal   396.00 USD").total
    assert found
    assert found.confidence <= 0.6


def test_a_total_of_one_digit_is_doubtful():
    found = told("Pharmacie\nTotal   3 EUR").total
    assert found
    assert found.confidence < 0.5
