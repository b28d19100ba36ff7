"""The lives of an order, of a batch, of a move from one budget to another, and of what the bank sends back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import STAYS, Lifecycle, step


class OrderStatus(TextChoices):
    """What the accountant, then the bank, made of an order."""

    ORDERED = "ordered", _("À viser")
    APPROVED = "approved", _("Visé")
    REJECTED = "rejected", _("Visa refusé")
    SENT = "sent", _("Transmis à la banque")
    EXECUTED = "executed", _("Payé")
    UNPAID = "unpaid", _("Rejeté par la banque")
    RETURNED = "returned", _("Retourné par la banque")


class BatchStatus(TextChoices):
    """Whether the bank has the file."""

    PREPARED = "prepared", _("Préparé")
    SIGNED = "signed", _("Signé")
    SENT = "sent", _("Transmis à la banque")
    REFUSED = "refused", _("Refusé par la banque")
    WITHDRAWN = "withdrawn", _("Abandonné")


class ReimputationStatus(TextChoices):
    """Whether somebody else agreed to move an order to another budget."""

    PROPOSED = "proposed", _("À confirmer")
    GIVEN = "given", _("Faite")
    DECLINED = "declined", _("Refusée")


class BankFileStatus(TextChoices):
    """Whether a file of the bank was read."""

    RECEIVED = "received", _("À lire")
    READ = "read", _("Lu")
    UNREADABLE = "unreadable", _("Illisible")


class DiscrepancyStatus(TextChoices):
    """Whether somebody, or what the bank told since, reconciled what it told with what the Fund knows."""

    OPEN = "open", _("À rapprocher")
    PROPOSED = "proposed", _("À confirmer")
    RECONCILED = "reconciled", _("Rapproché")
    LIFTED = "lifted", _("Levé par la suite")


R, S, B = Role, OrderStatus, BatchStatus
F, D = BankFileStatus, DiscrepancyStatus
BACK = {S.UNPAID, S.RETURNED}
UNSETTLED = {D.OPEN, D.PROPOSED}
ACCOUNTANTS = {R.ACCOUNTANT, R.SECOND_ACCOUNTANT}

ORDER = Lifecycle("payment", start=S.ORDERED, steps=(
    #    step       from                    to           by
    step("visa",    {S.ORDERED},            S.APPROVED,  {R.ACCOUNTANT}, decides=True),
    step("reject",  {S.ORDERED, S.APPROVED}, S.REJECTED, {R.ACCOUNTANT, R.SYSTEM}, decides=True),
    step("send",    {S.APPROVED},           S.SENT,      {R.SYSTEM}),
    step("execute", {S.SENT},               S.EXECUTED,  {R.SYSTEM}),
    step("fail",    {S.SENT},               S.UNPAID,    {R.SYSTEM}),
    step("return",  {S.SENT, S.EXECUTED},   S.RETURNED,  {R.SYSTEM}),
    # what a person found, where the files of the bank do not say it
    step("execute", {S.SENT} | BACK,                S.EXECUTED, ACCOUNTANTS, decides=True),
    step("fail",    {S.SENT, S.EXECUTED},           S.UNPAID,   ACCOUNTANTS, decides=True),
    step("return",  {S.SENT, S.EXECUTED, S.UNPAID}, S.RETURNED, ACCOUNTANTS, decides=True),
    step("reissue", BACK,         STAYS, {R.ACCOUNTANT, R.SYSTEM}, decides=True),
    step("reissue", {S.REJECTED}, STAYS, {R.ACCOUNTANT}, decides=True),
))  # fmt: skip

BATCH = Lifecycle("batch", start=B.PREPARED, steps=(
    #    step        from                    to           by
    step("sign",     {B.PREPARED},           B.SIGNED,    ACCOUNTANTS, decides=True),
    step("withdraw", {B.PREPARED, B.SIGNED}, B.WITHDRAWN, ACCOUNTANTS | {R.SYSTEM}),
    step("send",     {B.PREPARED, B.SIGNED}, B.SENT,      {R.SYSTEM}),
    step("make",     {B.SIGNED},             B.SENT,      ACCOUNTANTS),  # by hand, in the bank's own tool
    step("refuse",   {B.SENT},               B.REFUSED,   {R.SYSTEM}),
))  # fmt: skip

REIMPUTATION = Lifecycle("reimputation", start=ReimputationStatus.PROPOSED, steps=(
    #    step      from                           to                           by
    step("give",    {ReimputationStatus.PROPOSED}, ReimputationStatus.GIVEN,    ACCOUNTANTS, decides=True),
    step("decline", {ReimputationStatus.PROPOSED}, ReimputationStatus.DECLINED, ACCOUNTANTS),
))  # fmt: skip

BANK_FILE = Lifecycle("bank_file", start=F.RECEIVED, steps=(
    #    step      from          to              by
    step("read",   {F.RECEIVED}, F.READ,         {R.SYSTEM}),
    step("refuse", {F.RECEIVED}, F.UNREADABLE,   {R.SYSTEM}),
))  # fmt: skip

DISCREPANCY = Lifecycle("discrepancy", start=D.OPEN, steps=(
    #    step         from                  to            by
    step("propose",   {D.OPEN},             D.PROPOSED,   ACCOUNTANTS, decides=True),
    step("contest",   {D.PROPOSED},         D.OPEN,       ACCOUNTANTS),
    step("reconcile", {D.OPEN, D.PROPOSED}, D.RECONCILED, ACCOUNTANTS, decides=True),
    step("lift",      {D.OPEN, D.PROPOSED}, D.LIFTED,     {R.SYSTEM}),
))  # fmt: skip
