"""What the bank gave back is not claimed back: nobody keeps it."""

import pytest

from escale.domain.debts import actions as debts
from escale.domain.debts import queries
from escale.domain.debts.lifecycle import Status
from escale.domain.debts.models import Debt
from escale.rules.lifecycle import StepRefused
from tests.domain.debts import debts as told
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def came_back(debt: Debt) -> None:
    batch = debt.decision.order.batch
    bank.says(bank.returns(batch))
    debt.refresh_from_db()


def test_a_debt_whose_payment_came_back_is_not_signed_but_dropped():
    debt = told.proposed()
    came_back(debt)
    with pytest.raises(StepRefused, match="revenu de la banque"):
        debts.sign(debt=Debt.objects.get(), by=told.supervisor())
    assert queries.came_back(debt)
    debts.drop(debt=debt, words="Paiement revenu.", by=told.supervisor())
    assert not queries.came_back(debt)


def test_debts_already_told_whose_payment_came_back_are_listed_for_the_supervisors():
    kept, debt = told.notified(), told.notified()
    by = told.supervisor()
    came_back(debt)
    assert list(queries.queue(actor=by, view=queries.View.NOT_PAID)) == [debt]
    assert debt.status == Status.NOTIFIED
    assert kept in queries.queue(actor=by)
