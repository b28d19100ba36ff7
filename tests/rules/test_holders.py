"""Whose account it seems to be."""

import pytest

from escale.rules.holders import Likeness, Names, compare

ALIX = Names(("Exemple", "d’Essai"), "Alix Noé")
FAMILY = (Names(("Exemple",), "Charlie"), Names(("Modèle",), "Zoé"))


@pytest.mark.parametrize("holder", [
    "Alix Exemple", "EXEMPLE ALIX", "M. Exemple A.", "Mme Noé d’Essai", "ALIX D'ESSAI EXEMPLE",
    "M ou Mme Alix et Charlie Exemple", "Àlix  Éxemple",
])  # fmt: skip
def test_an_account_is_the_insured_persons_however_their_name_is_written(holder):
    assert compare(holder, insured=ALIX, family=FAMILY) == Likeness.SAME


@pytest.mark.parametrize("holder", ["Charlie Exemple", "Z Modèle", "Exemple", "Alix Exemple Inconnu"])
def test_it_is_close_where_it_is_a_relatives_or_a_word_is_unknown(holder):
    assert compare(holder, insured=ALIX, family=FAMILY) == Likeness.CLOSE


@pytest.mark.parametrize("holder", ["Sacha Ailleurs", "Alix", "Alix Ailleurs", "Essai", "", "M. ou Mme", "B Exemple"])
def test_it_is_anothers_where_nothing_shows_whose_it_is(holder):
    assert compare(holder, insured=ALIX, family=()) == Likeness.OTHER
