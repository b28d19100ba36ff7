"""What the letters of a debt say: on its page, and on the paper that leaves by registered post."""

from dataclasses import asdict

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.debts.models import Debt, DebtLine
from escale.domain.registry import queries as registry
from escale.gateways import decisions as paper
from escale.rules import debt_letter, recourse
from escale.rules.deadlines import Residence
from escale.rules.debt_letter import Facts, Line

_SENDER = (recourse.FUND.name, *recourse.FUND.address.split(", "))


def told(debt: Debt) -> tuple[str, ...]:
    """Return the rights and the delays that the notification opens, for its page."""
    on = timezone.localdate(debt.notified_at) if debt.notified_at else timezone.localdate()
    received = _("la première lecture de cette page, ou la réception de la lettre recommandée")
    return debt_letter.told(on, Residence(debt.insured.residence), received=received)


def answer_told(debt: Debt) -> tuple[str, ...]:
    """Return those that the answer to a rectification opens; nothing before it."""
    if debt.answered_on is None:
        return ()
    received = _("la première lecture de cette réponse, ou la réception de la lettre recommandée")
    return debt_letter.answer_told(debt.answered_on, Residence(debt.insured.residence), received=received)


def pdf(debt: Debt, *, answer: bool = False) -> bytes:
    """
    Return the notification of a debt, or the answer to its rectification, as a PDF/UA-1, with its sums of today.

    :raises ValueError: if it was not notified, or not answered.
    :raises typesetting.Faulty: if it cannot be set.
    """
    if debt.notified_at is None:
        raise ValueError(f"{debt} was not notified")
    letter = debt_letter.answer(_facts(debt)) if answer else debt_letter.notification(_facts(debt))
    link = f"{settings.PUBLIC_URL}/"
    return paper.pdf(asdict(letter), sender=_SENDER, link=link, made_at=debt.notified_at)


def _facts(debt: Debt) -> Facts:
    assert debt.notified_at
    on = timezone.localdate()
    return Facts(
        to=f"{debt.insured}\n{registry.address(debt.insured, on=on)}".strip(),
        reference=debt.reference,
        number=debt.decision.claim.number,
        paid_on=debt.paid_on,
        notified_on=timezone.localdate(debt.notified_at),
        residence=Residence(debt.insured.residence),
        cause=debt.get_cause_display(),
        words=debt.words,
        lines=tuple(_line(one) for one in debt.lines.select_related("line").order_by("pk")),
        supplement=debt.supplement,
        total=debt.total,
        left=debt.left,
        asked_on=debt.contested_on,
        answered_on=debt.answered_on,
        answer=debt.answered_words,
    )


def _line(one: DebtLine) -> Line:
    return Line(given_on=one.line.given_on, care=one.line.get_care_display(), paid=one.paid, amount=one.amount)
