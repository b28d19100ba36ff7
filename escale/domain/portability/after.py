"""What is told to somebody of their appeals, and of what the Fund claims back."""

from django.utils.translation import gettext_lazy as _

from escale.domain.appeals.models import Appeal, Supplement
from escale.domain.claims.portability import Part
from escale.domain.debts.models import UNTOLD, Debt, DebtLine, Instalment, Recovery

AFTER = (
    Part(
        "appeals",
        _("Recours"),
        Appeal,
        "reference status decision__taken_at overpayment route points text filed_at late due_on session_on reasons"
        " articles ended_at read_at taken_up_at",
        lambda account: Appeal.objects.filter(insured__account=account),
        parts=(Part("supplements", _("Compléments"), Supplement, "text received_on by_post noted_at"),),
    ),
    Part(
        "debts",
        _("Sommes réclamées"),
        Debt,
        "reference status paid_on cause words fraud amount supplement recovered surplus opened_at notified_at read_at"
        " received_on contested_on contested_words answered_on answered_words answer_read_at answer_received_on"
        " plan_asked_on plan_months withholding_agreed_on called_on ended_at end_words",
        lambda account: Debt.objects.filter(insured__account=account).exclude(status__in=UNTOLD),
        parts=(
            Part("lines", _("Soins en cause"), DebtLine, "line__given_on paid amount"),
            Part("instalments", _("Échéancier"), Instalment, "rank due_on amount"),
            Part("recoveries", _("Remboursé"), Recovery, "kind way amount on proof at"),
        ),
    ),
)
