"""What is asked of the registry."""

from datetime import date

import pytest

from escale.domain.registry import queries
from escale.domain.registry.models import Link
from tests import factories

pytestmark = pytest.mark.django_db


def test_oneself_comes_first_even_with_an_older_spouse() -> None:
    person = factories.insured()
    person.beneficiaries.filter(link=Link.SPOUSE).update(born_on=date(1970, 1, 1), valid_from=date(2010, 1, 1))
    links = [one.link for one in queries.beneficiaries(person, on=date(2026, 9, 15))]
    assert links == [Link.SELF, Link.SPOUSE, Link.CHILD]
