"""How each status of an appeal and of a debt is reached, and what their steps need besides."""

from decimal import Decimal

from django.utils import timezone

from escale.domain.appeals.lifecycle import Status as AppealStatus
from escale.domain.appeals.models import Appeal
from escale.domain.case import Case
from escale.domain.claims.models import Claim
from escale.domain.debts.lifecycle import Status as DebtStatus
from escale.domain.debts.models import Debt
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.appeals import appeals
from tests.domain.debts import debts

REACH_AFTER = {
    (Appeal, AppealStatus.FILED): appeals.filed,
    (Appeal, AppealStatus.EXAMINED): appeals.examined,
    (Appeal, AppealStatus.GRANTED): appeals.answered,
    (Appeal, AppealStatus.PARTLY): appeals.partly,
    (Appeal, AppealStatus.REJECTED): appeals.rejected,
    (Appeal, AppealStatus.SILENT): appeals.silent,
    (Appeal, AppealStatus.WITHDRAWN): appeals.withdrawn,
    (Debt, DebtStatus.PROPOSED): debts.proposed,
    (Debt, DebtStatus.DROPPED): debts.dropped,
    (Debt, DebtStatus.NOTIFIED): debts.notified,
    (Debt, DebtStatus.CONTESTED): debts.contested,
    (Debt, DebtStatus.CONFIRMED): debts.confirmed,
    (Debt, DebtStatus.RECTIFIED): debts.rectified,
    (Debt, DebtStatus.SPREAD): debts.spread,
    (Debt, DebtStatus.CALLED): debts.called,
    (Debt, DebtStatus.CONSTRAINED): debts.constrained,
    (Debt, DebtStatus.RECOVERED): debts.recovered,
    (Debt, DebtStatus.CANCELLED): debts.cancelled,
    (Debt, DebtStatus.ABANDONED): debts.abandoned,
}


def make_room_after(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    now = timezone.now()
    if isinstance(case, Appeal) and step in {"grant", "grant_part", "reject", "withdraw", "lapse"}:
        said = {"session_on": now.date(), "entered_by": factories.account(), "ended_at": now, "reasons": "Vu."}
        Appeal.objects.filter(pk=case.pk).update(**said)
    if isinstance(case, Debt) and step == "sign" and case.notified_at is None:
        Debt.objects.filter(pk=case.pk).update(signed_by=factories.account(), notified_at=now)
    if isinstance(case, Debt) and step in {"drop", "settle", "cancel", "abandon"}:
        Debt.objects.filter(pk=case.pk).update(ended_at=now)


def own_after(person: InsuredPerson) -> tuple[Case, ...]:
    """Somebody's own appeals and debts, at each point where the Fund decides."""
    decision, claim = appeals.decision(person), debts.paid(person)
    filed, examined, granted = (appeals.filed(decision, overpayment=name) for name in ("", "un", "deux"))
    line = claim.bills.get().lines.get().pk
    proposed, *signed = (debts.proposed(claim=claim, amounts={line: Decimal(1)}) for _ in range(5))
    notified, contested, called, recovered = (debts.notified(debt) for debt in signed)
    debts.record(recovered, Decimal(1))
    recovered.refresh_from_db()
    return (
        filed,
        appeals.examined(examined),
        appeals.answered(appeals.examined(granted)),
        proposed,
        notified,
        debts.contested(contested),
        debts.called(called),
        recovered,
    )


def held_after(paid: Claim, decided: Claim) -> dict[str, dict[str, object]]:
    """What is contested and claimed back of a claim that was paid, and the decision of another, for the addresses."""
    debt, decision = debts.notified(debts.proposed(claim=paid)), decided.decisions.get()
    appeal = appeals.filed(paid.decisions.get())
    paper = appeals.joined(appeal)
    return {
        "contested": {"number": decided.number, "pk": decision.pk},
        "appeal": {"reference": appeal.reference},
        "of_appeal": {"number": paid.number, "pk": paper.pk, "page": 1},
        "debt": {"reference": debt.reference},
    }
