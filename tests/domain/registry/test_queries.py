"""What is asked of the registry."""

from datetime import date

import pytest

from escale.domain.registry import queries
from escale.domain.registry.models import Link
from escale.rules import pivot
from tests import factories

pytestmark = pytest.mark.django_db


def test_oneself_comes_first_even_with_an_older_spouse() -> None:
    person = factories.insured()
    person.beneficiaries.filter(link=Link.SPOUSE).update(born_on=date(1970, 1, 1), valid_from=date(2010, 1, 1))
    links = [one.link for one in queries.beneficiaries(person, on=date(2026, 9, 15))]
    assert links == [Link.SELF, Link.SPOUSE, Link.CHILD]


def test_a_number_that_does_not_open_leaves_a_doubt_of_its_bearer_and_of_nobody_else(caplog) -> None:
    shut, other = factories.insured(), factories.insured()
    shut.nir_sealed = b"damaged"
    shut.save()
    told = {"birthdate": "1985-03-12", "gender": "male", "birthplace": other.nir[5:10], "birthcountry": "99100"}
    other.first_names = "Camille"
    other.save()
    found = [
        queries.recognised(pivot.read(told | {"family_name": "EXEMPLE", "given_name": name}), on=date(2026, 9, 15))
        for name in ("Camille", "Alix")
    ]
    assert [(match.outcome, match.code, person) for match, person in found] == [
        ("matched", "", other),
        ("doubt", "nir_unreadable", None),
    ]
    assert f"registry.insuredperson:{shut.pk}" in caplog.text
