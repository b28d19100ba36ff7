"""The life of a request for an account, or for the way back into one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import STAYS, Lifecycle, step


class Status(TextChoices):
    """How far somebody has come towards their account."""

    ASKED = "asked", _("Adresse e-mail à confirmer")
    CONFIRMED = "confirmed", _("À rapprocher du registre")
    RECOGNISED = "recognised", _("Reconnue, sans code")
    DOUBTFUL = "doubtful", _("À vérifier à un guichet")
    CODED = "coded", _("Code remis ou posté")
    DONE = "done", _("Compte ouvert")
    REFUSED = "refused", _("Sans suite")
    EXPIRED = "expired", _("Expirée")


S, R = Status, Role

OPEN = frozenset({S.ASKED, S.CONFIRMED, S.RECOGNISED, S.DOUBTFUL, S.CODED})
KNOWN = frozenset({S.RECOGNISED, S.CODED})
"""Whose owner the registry knows: a code may be posted to them."""

AT_COUNTER = KNOWN | {S.DOUBTFUL}
"""Those for whom a counter may draw a code, once it checked an identity: the number, at least, is somebody's."""

LIFECYCLE = Lifecycle("enrolment", start=S.ASKED, steps=(
    #    step          from           to            by
    step("confirm",    {S.ASKED},     S.CONFIRMED,  {R.SYSTEM}),
    step("restore",    {S.ASKED},     S.DONE,       {R.SYSTEM}),
    step("recognise",  {S.CONFIRMED}, S.RECOGNISED, {R.SYSTEM}),
    step("doubt",      {S.CONFIRMED}, S.DOUBTFUL,   {R.SYSTEM}),
    step("refuse",     {S.CONFIRMED}, S.REFUSED,    {R.SYSTEM}),
    step("post",       KNOWN,         S.CODED,      {R.SYSTEM}),
    step("post_again", KNOWN,         STAYS,        {R.COUNTER}, decides=True),
    step("hand",       AT_COUNTER,    S.CODED,      {R.COUNTER}, decides=True),
    step("miss",       {S.CODED},     STAYS,        {R.SYSTEM}),
    step("complete",   {S.CODED},     S.DONE,       {R.SYSTEM}),
    step("expire",     OPEN,          S.EXPIRED,    {R.SYSTEM}),
))  # fmt: skip
