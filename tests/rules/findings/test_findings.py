"""A paper tells its total, its currency and its days; what it leaves open is asked."""

import pytest

from tests.rules.findings.papers import told

HOTEL = """
Clinique des Trois Palmiers
Facture n° F38232          {date}
Consultation               60,00
Pansement                  25,50
Sous-total                 85,50 €
TVA 5 %                     4,28 €
Total à payer              89,78 €
Espèces                   100,00
Rendu                      10,22
"""


def test_the_total_is_neither_the_subtotal_nor_the_change():
    found = told(HOTEL.format(date="Date des soins : 24/10/2025"))
    assert found.total
    assert (found.total.value, found.total.currency) == ("89.78", "EUR")
    assert found.total.confidence > 0.8
    assert found.provider
    assert found.provider.value == "Clinique des Trois Palmiers"
    assert found.number
    assert found.number.value == "F38232"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Date : 03/04/2026", ["2026-04-03"]),  # French puts the day first
        ("Date des soins : 3 avril 2026", ["2026-04-03"]),
        ("Le 3 avr. 2026", ["2026-04-03"]),
    ],
)
def test_the_language_of_the_paper_settles_a_day(text: str, days: list[str]):
    found = told(HOTEL.format(date=text))
    assert found.given_on
    assert list(found.given_on.candidates) == days


ENGLISH = "Blue Lantern Pharmacy\nInvoice date {date}\nTotal amount due   {sign}120.50\nThank you for your visit"


def test_a_day_that_may_be_two_is_asked():
    found = told(ENGLISH.format(date="03/04/2026", sign=""))
    assert found.given_on
    assert found.given_on.ambiguous
    assert set(found.given_on.candidates) == {"2026-04-03", "2026-03-04"}


def test_the_country_or_another_day_of_the_paper_settles_it():
    text = ENGLISH.format(date="03/04/2026", sign="")
    american, british = told(text, country="US").given_on, told(text, country="GB").given_on
    assert american
    assert british
    assert (american.value, british.value) == ("2026-03-04", "2026-04-03")
    other = told(text + "\nDate of birth 25/12/1980").given_on
    assert other
    assert other.value == "2026-04-03"


def test_of_two_days_one_of_which_is_to_come_the_other_is_meant():
    found = told(ENGLISH.format(date="12/10/2026", sign=""))
    assert found.given_on
    assert found.given_on.value == "2026-10-12"


def test_a_birth_date_is_never_that_of_care():
    found = told("Clinique Exemple\nNé le : 12/05/1980\nTotal 45,00 €")
    assert found.given_on is None
    assert [day.kind for day in found.dates] == ["birth"]


@pytest.mark.parametrize(
    ("sign", "country", "currency", "candidates"),
    [
        ("$", "", "", {"USD", "CAD", "AUD"}), ("$", "CA", "CAD", {"CAD"}), ("US$ ", "", "USD", {"USD"}),
        ("£", "", "GBP", {"GBP"}), ("₹", "", "INR", {"INR"}), ("CHF ", "", "CHF", {"CHF"}),
    ],
)  # fmt: skip
def test_a_sign_that_many_countries_share_is_asked(sign: str, country: str, currency: str, candidates: set[str]):
    found = told(ENGLISH.format(date="25/03/2026", sign=sign), country=country)
    assert found.currency
    assert found.currency.value == currency
    assert candidates <= set(found.currency.candidates)
    assert found.total
    assert found.total.value == "120.50"


@pytest.mark.parametrize(
    ("text", "total", "currency", "day"),
    [
        ("โรงพยาบาลตัวอย่าง\nวันที่ 20 มกราคม 2567\nรวมทั้งสิ้น   ๑,๒๕๐.๐๐ บาท", "1250.00", "THB", "2024-01-20"),
        ("みなと見本病院\n発行日 令和6年5月3日\n合計   19,259 円", "19259", "JPY", "2024-05-03"),
        ("مستشفى النخيل\nالتاريخ ١٤٤٦/٠٣/١٥\nالإجمالي   ٤٥٠٫٥٠ ر.س", "450.50", "SAR", "2024-09-18"),
        ("Klinikum Sonnental\nDatum 03.04.2026\nGesamtbetrag   1.234,56 €", "1234.56", "EUR", "2026-04-03"),
        ("Cabinet Exemple\nDate 15/03/2026\nTotal   12.500 DT", "12.500", "TND", "2026-03-15"),
        ("Clinique Exemple Dakar\nDate 15/03/2026\nMontant total   12.500 F CFA", "12500", "XOF", "2026-03-15"),
    ],
)  # fmt: skip
def test_papers_of_other_scripts_calendars_and_coins(text: str, total: str, currency: str, day: str):
    found = told(text)
    assert found.total
    assert found.given_on
    assert (found.total.value, found.total.currency, found.given_on.value) == (total, currency, day)


def test_an_empty_paper_tells_nothing():
    found = told("")
    assert found.proposed() == ()
