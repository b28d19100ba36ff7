"""The statement of a payment and the certificate of a year: sums that lead to what was paid, and nothing untold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.rules import decision_letter, parameters, payment_certificate, statement
from escale.rules.explanation import Step
from escale.rules.letter import Block, Kind, Letter
from escale.rules.payment_certificate import Payment
from escale.rules.statement import Care, Facts, Line, Part, Standing

A_DAY = date(2026, 9, 17)
STEP = Step("Part de 30 %", "CSS, art. R. 761-16", Decimal(50), Decimal(35))
cents = st.decimals(0, 100_000, places=2)


def line(expense: Decimal = Decimal(50), due: Decimal = Decimal(35), ordered: Decimal | None = None) -> Line:
    decided = decision_letter.Line(
        given_on=date(2026, 9, 1), care="Consultation", provider="Cabinet du Zèbre", amount=Decimal(6_000),
        currency="KES", rate="1 € = 120 KES (table, au 1er septembre 2026)", expense=expense, due=due, refused=False,
        steps=(STEP,),
    )  # fmt: skip
    return Line(decided=decided, act="G, quantité 1", ordered=due if ordered is None else ordered)


def facts(*lines: Line, **traits: object) -> Facts:
    lines = lines or (line(),)
    kept = sum((one.decided.expense or 0) - one.decided.due for one in lines)
    care = Care(
        number="7KQ2M-XX4TD", decided_on=date(2026, 9, 15), cared="les soins de Charlie", beneficiary="Charlie Exemple",
        place="Kenya", stay="Vacances", lines=lines, kept=(Part("Participation de l’assuré", STEP.article, kept),),
        ways=("Vous pouvez saisir la commission.",),
    )  # fmt: skip
    known = Facts(
        reference="7KQ2M-XX4TD", to="Alix Exemple", amount=sum((one.ordered for one in lines), Decimal(0)),
        paid_on=A_DAY, account="FR•• 0189", holder="Alix Exemple", standing=Standing.PAID, replaced_by="",
        grounds=(Part("Soins du 01/09/2026", "CSS, art. R. 761-18", Decimal(35)),), care=care,
    )  # fmt: skip
    return replace(known, **traits)


def aloud(letter: Letter) -> str:
    words = [letter.title, *(text for one in letter.blocks for text in (one.text, *one.head, *sum(one.rows, ())))]
    return "\n".join(words).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", "")


def table(letter: Letter, caption: str) -> Block:
    return next(one for one in letter.blocks if one.kind is Kind.TABLE and one.text == caption)


def euros(written: str) -> Decimal:
    digits = "".join(sign for sign in written if sign.isdigit() or sign in ",−")
    return Decimal(digits.replace(",", ".").replace("−", "-"))


@given(st.lists(st.tuples(cents, cents, cents), min_size=1, max_size=4), st.booleans())
def test_what_was_spent_leads_to_what_was_paid_to_the_cent(amounts, veiled):
    lines = [line(kept + before + now, before + now, now) for kept, before, now in amounts]
    told = facts(*lines)
    ways = [euros(row[2]) for row in table(statement.write(told, veiled=veiled), "De la dépense au versement").rows]
    spent, *parts, paid = ways
    due = sum(one.decided.due for one in lines)
    before = parts.index(due)
    assert spent + sum(parts[:before]) == due
    assert due + sum(parts[before + 1 :]) == paid == told.amount


def test_a_line_tells_its_price_abroad_its_rate_each_step_and_its_article():
    said = aloud(statement.write(facts()))
    for words in (
        "6000,00 KES", "1 € = 120 KES (table, au 1er septembre 2026)", "G, quantité 1", "Part de 30 %",
        "CSS, art. R. 761-16", "Kenya", "motif du séjour : vacances", "CSS, art. R. 761-18", "17 septembre 2030",
        "Vous pouvez saisir la commission.",
    ):  # fmt: skip
        assert words in said


def test_veiled_it_tells_days_and_sums_and_nothing_of_what_care_was():
    said = aloud(statement.write(facts(), veiled=True))
    for words in ("01/09/2026", "6000,00 KES", "50,00 €", "− 15,00 €", "35,00 €", "L. 1110-4"):
        assert words in said
    for words in ("Consultation", "Zèbre", "vacances", "G, quantité", "Part de 30 %", "Participation"):
        assert words not in said


def test_what_was_paid_before_for_the_same_care_is_told_apart():
    letter = statement.write(facts(line(ordered=Decimal(5)), line()))
    assert table(letter, "Les lignes de soins").head[-1] == "Versé cette fois"
    assert "Déjà versé pour ces soins" in aloud(letter)
    assert "Déjà versé" not in aloud(statement.write(facts()))


def test_a_payment_of_which_all_was_reimbursed_speaks_of_no_appeal():
    assert "pas d’accord" in aloud(statement.write(facts()))
    assert "pas d’accord" not in aloud(statement.write(facts(line(due=Decimal(50)))))


def test_what_the_bank_took_back_is_neither_paid_nor_to_be_kept():
    said = aloud(statement.write(facts(standing=Standing.RETURNED, replaced_by="7KQ2M-XX4TD-R2")))
    assert "nous l’a rendu" in said
    assert "versement 7KQ2M-XX4TD-R2" in said
    assert "originaux" not in said
    assert "impôt" not in said
    assert "puis revenu de la banque" in said


def test_a_payment_without_a_claim_tells_what_it_pays_and_on_which_ground():
    said = aloud(statement.write(facts(care=None)))
    assert "Soins du 01/09/2026" in said
    assert "CSS, art. R. 761-18" in said
    assert "impôt" not in said


def test_a_year_is_certified_with_each_payment_and_their_sum():
    paid = (Payment(date(2026, 2, 1), "A-1", Decimal("19.00")), Payment(A_DAY, "A-2", Decimal("1000.10")))
    letter = payment_certificate.write(to="Alix Exemple", year=2026, payments=paid, until=date(2026, 12, 31))
    said = aloud(letter)
    for words in ("perçus en 2026", "1019,10 €, en 2 versements", "A-1", "A-2", "CGI, art. 81, 9°"):
        assert words in said
    assert "au 31 décembre 2026" in said
    assert letter.written_on == "31 décembre 2026"
    with pytest.raises(ValueError, match="2025"):
        payment_certificate.write(to="Alix Exemple", year=2025, payments=(), until=A_DAY)


def test_nothing_is_said_of_taxes_once_the_figure_says_so(monkeypatch):
    monkeypatch.setattr(parameters, "value", lambda name, *, on: Decimal(0))
    assert statement.untaxed(on=A_DAY) == ""
