"""The life of a debt: proposed by one, signed by another, told, contested or not, then paid back or given up."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import ENDS, STAYS, Lifecycle, step


class Status(TextChoices):
    """Where a debt stands."""

    PROPOSED = "proposed", _("À signer")
    DROPPED = "dropped", _("Écarté")
    NOTIFIED = "notified", _("Notifié")
    CONTESTED = "contested", _("Rectification demandée")
    CONFIRMED = "confirmed", _("Confirmé")
    RECTIFIED = "rectified", _("Rectifié")
    SPREAD = "spread", _("Échelonné")
    CALLED = "called", _("Mis en demeure")
    CONSTRAINED = "constrained", _("Contrainte délivrée")
    RECOVERED = "recovered", _("Recouvré")
    CANCELLED = "cancelled", _("Annulé")
    ABANDONED = "abandoned", _("Abandonné")


S, R = Status, Role
TOLD = {S.NOTIFIED, S.CONTESTED, S.CONFIRMED, S.RECTIFIED, S.SPREAD, S.CALLED, S.CONSTRAINED}
PAYABLE = TOLD - {S.CONTESTED}
TO_SPREAD = {S.NOTIFIED, S.CONFIRMED, S.RECTIFIED, S.CALLED}
GIVEN_UP = {S.DROPPED, S.CANCELLED, S.ABANDONED}
WRITTEN_UNDER = TOLD | {S.RECOVERED, S.CANCELLED, S.ABANDONED}
OVER = {S.DROPPED, S.RECOVERED, S.CANCELLED, S.ABANDONED}

LIFECYCLE = Lifecycle("debt", start=S.PROPOSED, steps=(
    #    step             from                to             by
    step("drop",          {S.PROPOSED},       S.DROPPED,     {R.SUPERVISOR}, decides=True),
    step("sign",          {S.PROPOSED},       S.NOTIFIED,    {R.SUPERVISOR}, decides=True),
    step("note_receipt",  TOLD,               STAYS,         {R.AGENT}, decides=True),
    step("contest",       {S.NOTIFIED},       S.CONTESTED,   {R.INSURED}),
    step("confirm",       {S.CONTESTED},      S.CONFIRMED,   {R.SUPERVISOR}, decides=True),
    step("rectify",       {S.CONTESTED},      S.RECTIFIED,   {R.SUPERVISOR}, decides=True),
    step("rectify_on_appeal", TOLD - {S.SPREAD}, S.RECTIFIED, {R.SUPERVISOR}, decides=True),
    step("rectify_on_appeal", {S.SPREAD, S.RECOVERED}, STAYS, {R.SUPERVISOR}, decides=True),
    step("lapse",         {S.CONTESTED},      S.CONFIRMED,   {R.SYSTEM}),
    step("ask_plan",      TO_SPREAD,          STAYS,         {R.INSURED}),
    step("spread",        TO_SPREAD | {S.SPREAD}, S.SPREAD,  {R.AGENT}, decides=True),
    step("record",        TOLD,               STAYS,         {R.AGENT}, decides=True),
    step("settle",        TOLD,               S.RECOVERED,   {R.AGENT, R.SUPERVISOR}, decides=True),
    step("correct",       WRITTEN_UNDER,      STAYS,         {R.SUPERVISOR}, decides=True),
    step("reopen",        {S.RECOVERED},      S.NOTIFIED,    {R.SUPERVISOR}, decides=True),
    step("give_back",     WRITTEN_UNDER,      STAYS,         {R.SUPERVISOR}, decides=True),
    step("call",          PAYABLE - {S.CALLED, S.CONSTRAINED}, S.CALLED, {R.SUPERVISOR}, decides=True),
    step("constrain",     {S.CALLED},         S.CONSTRAINED, {R.SUPERVISOR}, decides=True),
    step("cancel",        TOLD | {S.RECOVERED}, S.CANCELLED,   {R.SUPERVISOR}, decides=True),
    step("abandon",       TOLD,               S.ABANDONED,   {R.SUPERVISOR}, decides=True),
    step("forget",        OVER,               ENDS,          {R.SYSTEM}),
))  # fmt: skip
