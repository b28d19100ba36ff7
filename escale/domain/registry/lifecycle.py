"""The life of a bank account that the house knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class AccountStatus(models.TextChoices):
    """Where a bank account stands; what the administration says of it is known at once."""

    TO_CHECK = "to_check", _("À vérifier")
    KNOWN = "known", _("Connu")
    REFUSED = "refused", _("Écarté")
    DENIED = "denied", _("Signalé par l’assuré")


A, R = AccountStatus, Role

BANK_ACCOUNT = Lifecycle("bank_account", start=A.TO_CHECK, steps=(
    #    step         from                   to         by
    step("recognise", {A.TO_CHECK},          A.KNOWN,   {R.SYSTEM}),
    step("accept",    {A.TO_CHECK},          A.KNOWN,   {R.COUNTER}, decides=True),
    step("refuse",    {A.TO_CHECK},          A.REFUSED, {R.COUNTER}, decides=True),
    step("deny",      {A.TO_CHECK, A.KNOWN}, A.DENIED,  {R.INSURED, R.SYSTEM}),
))  # fmt: skip
