"""A way back by a message read and a second proof: all of it, or nothing."""

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.models import Enrolment
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories, factors

pytestmark = pytest.mark.django_db

HERE = "192.0.2.1"


@pytest.fixture
def alix() -> Account:
    account = factories.insured(password="un mot de passe oublié").account
    assert account
    factors.protect(account)
    return account


def restore(enrolment: Enrolment, code: str) -> Account:
    return enrolments.restore(enrolment=enrolment, code=code, password=enrolling.PASSWORD, place=HERE)


def test_a_link_that_serves_no_more_uses_up_no_code(alix: Account):
    enrolment = enrolling.recovery(alix.email)
    stale = Enrolment.objects.get(pk=enrolment.pk)
    [code, *_] = accounts.draw_codes(account=alix)
    enrolment.advance("expire", by=SYSTEM)
    with pytest.raises(StepRefused):
        restore(stale, code)
    assert queries.codes_left(alix) == 10


def test_a_proof_that_is_none_changes_nothing_and_counts(alix: Account):
    enrolment = enrolling.recovery(alix.email)
    for _ in range(5):
        with pytest.raises(accounts.WrongProof):
            restore(enrolment, "000000")
    with pytest.raises(accounts.TooManyAttempts):
        restore(enrolment, factors.code(alix))
    assert Account.objects.get(pk=alix.pk).check_password("un mot de passe oublié")
