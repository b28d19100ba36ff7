"""Every letter says its facts, its articles, who hears whoever contests it and within what delay; and no more."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from escale.rules import decision_letter, parameters, refusal
from escale.rules.deadlines import Residence
from escale.rules.decision_letter import Facts, Line, Verdict
from escale.rules.explanation import Step
from escale.rules.letter import Kind, Letter
from escale.rules.refusal import Appeal
from escale.rules.scope import RuleSet, Stay

ON = date(2026, 9, 15)
MONTHS = {Residence.FRANCE: 2, Residence.OVERSEAS: 3, Residence.ABROAD: 4}
STEPS = (
    Step("Tarif français de l’acte", "CSS, art. R. 761-18", Decimal("52.10"), Decimal("30"), cause="tariff"),
    Step("Participation de l’assuré, 30 %", "CSS, art. R. 761-16, 1°", Decimal("30"), Decimal("21"), cause="share"),
)
SENTENCE = "La facture porte une chambre particulière, que la loi ne rembourse pas."


def line(**traits: Any) -> Line:
    known = {
        "given_on": date(2026, 8, 12),
        "care": "Consultation d’un généraliste",
        "provider": "Clinique Modèle",
        "amount": Decimal("7500"),
        "currency": "KES",
        "rate": "1 € = 143,95 KES (source d’essai, au 12 août 2026)",
        "expense": Decimal("52.10"),
        "due": Decimal("21"),
        "refused": False,
        "steps": STEPS,
    }
    return Line(**{**known, **traits})


RULES = {
    Stay.POSTING: RuleSet.SERVICE, Stay.MISSION: RuleSet.SERVICE, Stay.HOLIDAY: RuleSet.PRIVATE_WORLD,
    Stay.STUDIES: RuleSet.PRIVATE_EU, Stay.PLANNED_CARE: RuleSet.PLANNED,
}  # fmt: skip
OWN = {
    RuleSet.SERVICE: ["R. 761-18", "R. 761-20"],
    RuleSet.PRIVATE_WORLD: ["R. 160-4"],
    RuleSet.PRIVATE_EU: ["R. 160-1"],
    RuleSet.PLANNED: ["R. 160-2"],
}
ABOUT_CARE = {"R01", "R10", "R11", "R14"}
"""The reasons that rest on the texts of the stay itself."""


def refused(code: str, *, stay: Stay = Stay.POSTING, **traits: Any) -> Line:
    reason = refusal.reason(code, on=ON, rule_set=RULES[stay])
    return line(refused=True, due=Decimal(0), reason=reason, words=SENTENCE, steps=(), **traits)


def facts(*lines: Line, **traits: Any) -> Facts:
    known = {
        "number": "7KQ2M-XX4TD",
        "reference": "7KQ2M-XX4TD-2",
        "to": "Alix Exemple",
        "beneficiary": "Noé Modèle",
        "oneself": False,
        "place": "Kenya",
        "stay": "Affectation",
        "received_on": date(2026, 9, 12),
        "decided_on": ON,
        "residence": Residence.FRANCE,
        "discretionary": False,
        "lines": lines,
        "total": sum((one.due for one in lines), Decimal(0)),
        "account": "FR•• •••• 0189",
        "open_lines": 0,
        "author": "",
        "seconded": False,
    }
    return Facts(**{**known, **traits})


def aloud(letter: Letter) -> str:
    """What a letter says, in the order in which it is read."""
    said = [letter.to, letter.reference, letter.written_on, letter.title]
    for block in letter.blocks:
        said += [block.text, *block.head, *(cell for row in block.rows for cell in row)]
    return "\n".join(said).replace("\N{NO-BREAK SPACE}", " ")


EVERY = list(product([one.code for one in refusal.reasons(on=ON)], Residence, Stay))


def test_every_code_residence_and_stay_gives_a_whole_letter():
    assert len(EVERY) == 14 * 3 * 5
    for code, residence, stay in EVERY:
        reason = refusal.reason(code, on=ON, rule_set=RULES[stay])
        told = facts(refused(code, stay=stay), residence=residence, stay=stay.label)
        said = aloud(decision_letter.write(told))
        if code in ABOUT_CARE:
            assert any(article in reason.articles for article in OWN[RULES[stay]]), (code, stay)
            others = {article for rules, own in OWN.items() if rules is not RULES[stay] for article in own}
            foreign = [one for one in others if one in reason.articles and RULES[stay] is not RuleSet.PLANNED]
            assert foreign == [], (code, stay)
        wanted = [
            "7KQ2M-XX4TD",
            reason.label,
            f"Textes appliqués : {reason.articles}",
            f"motif {code}",
            SENTENCE,
            stay.label.lower(),
            f"dans un délai de {MONTHS[residence]} mois",
            "tribunal judiciaire de Toulon"
            if residence is Residence.ABROAD
            else "tribunal judiciaire de votre domicile",
            "2 mois (CSS, art. R. 142-1-A, III et R. 142-10)",
            "247 avenue Jacques Cartier",
            "CRPA, art. L. 212-2",
            "15 septembre 2026",
        ]
        medical = reason.appeal is Appeal.MEDICAL
        assert "en ligne, depuis cette demande" in said
        assert ("sans rien y écrire ni y joindre de médical" in said) is medical
        assert ("sous pli fermé portant la mention « secret médical »" in said) is medical
        wanted.append("Commission médicale de recours amiable" if medical else "Président de la commission de recours")
        wanted.append("pendant 4 mois vaut rejet" if medical else "pendant 2 mois vaut rejet (CSS, art. R. 142-1 et")
        assert [words for words in wanted if words not in said] == [], (code, residence, stay)
        assert "None" not in said
        assert "remboursons" not in said


def test_a_veiled_letter_tells_neither_care_nor_reason_nor_route_that_would_betray_it():
    for code, residence, stay in EVERY:
        told = facts(refused(code), line(), residence=residence, stay=stay.label)
        said = aloud(decision_letter.write(told, veiled=True))
        assert "21,00 €" in said
        assert "12/08/2026" in said
        assert "qui les lit dans son compte" in said
        hidden = ["généraliste", "Clinique", SENTENCE, f"motif {code}", "R. 761-18", refusal.reason(code, on=ON).label]
        assert [words for words in [*hidden, "motif du séjour"] if words in said] == [], code
    routes = {aloud(decision_letter.write(facts(refused(code)), veiled=True)) for code in ("R01", "R13")}
    assert len(routes) == 1


def test_a_medical_and_another_refusal_tell_both_commissions_and_how_to_seize_one_for_both():
    said = aloud(decision_letter.write(facts(refused("R01"), refused("R13"))))
    assert "Président de la commission de recours amiable" in said
    assert "Commission médicale de recours amiable" in said
    assert "pendant 6 mois vaut rejet (CSS, art. R. 142-9-1)" in said


@pytest.mark.parametrize("open_to_all", [True, False])
def test_care_of_an_occasional_stay_outside_europe_is_contested_as_the_figure_says(open_to_all):
    row = {"value": int(open_to_all), "source": "essai", "confidence": "law"}
    with parameters.reading(parameters.Edition(9, {("figure", "unforeseen_abroad_appeal"): (row,)})):
        said = aloud(decision_letter.write(facts(refused("R01"), discretionary=True)))
    assert ("commission de recours amiable dans un délai" in said) is open_to_all
    assert ("aucune commission n’en connaît" in said) is not open_to_all
    assert "tribunal judiciaire" in said


def test_each_step_of_a_calculation_is_told_with_its_article_and_that_a_program_made_it():
    letter = decision_letter.write(facts(line(), open_lines=2))
    said = aloud(letter)
    for step in STEPS:
        assert step.label in said
        assert step.article in said
    assert "CRPA, art. L. 311-3-1" in said
    assert "Nous vous remboursons 21,00 €" in said
    assert "ils pourront vous être demandés" in said
    assert "FR•• •••• 0189" in said
    assert "2 autres lignes de cette demande restent en cours" in said
    assert "1 € = 143,95 KES" in said
    assert [block.text for block in letter.blocks if block.kind is Kind.TABLE] == [
        "Les lignes décidées", "Calcul de la ligne 1",
    ]  # fmt: skip


def test_the_lines_of_one_reason_are_told_together():
    said = aloud(decision_letter.write(facts(refused("R01"), line(), refused("R01"), refused("R11"))))
    assert "(lignes 1 et 3)" in said
    assert "(ligne 4)" in said
    assert said.count(SENTENCE) == 2


def test_what_becomes_of_a_line_is_said_in_words():
    reduced = refused("R01", expense=None)
    assert [one.verdict for one in (line(), line(due=Decimal("52.10")), line(due=Decimal(0)), reduced)] == [
        Verdict.REDUCED, Verdict.ACCEPTED, Verdict.NOTHING, Verdict.REFUSED,
    ]  # fmt: skip


def test_a_reduction_for_a_coded_reason_says_its_articles():
    cut = line(reason=refusal.reason("R12", on=ON), words="Le régime local a déjà versé 40 €.")
    said = aloud(decision_letter.write(facts(cut)))
    assert "Motif de la réduction : Soins déjà remboursés (motif R12 ; CSS, art. L. 160-10)." in said
    assert "Le régime local a déjà versé 40 €." in said


def test_a_letter_names_its_author_or_their_service():
    named = aloud(decision_letter.write(facts(line(), author="Agent 12", seconded=True)))
    assert "Agent 12, gestionnaire, Service droits et prestations" in named
    assert "Une autre personne du service l’a relue" in named
    assert "CRPA, art. L. 111-2" in aloud(decision_letter.write(facts(line())))


def test_a_correction_adds_to_what_was_paid():
    assert "en plus de ce qui vous a déjà été versé" in aloud(
        decision_letter.write(replace(facts(line()), corrects=True))
    )
