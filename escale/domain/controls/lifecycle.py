"""The lives of a sign that somebody has to look at, of a control of originals, and of a draw by lot."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import ENDS, STAYS, Lifecycle, step


class SignalStatus(TextChoices):
    """What came of a sign: it warns, and blocks nothing."""

    RAISED = "raised", _("À regarder")
    CONFIRMED = "confirmed", _("Confirmé")
    HARMLESS = "harmless", _("Sans suite")
    UNCLEAR = "unclear", _("Indécis")


class ControlStatus(TextChoices):
    """How far the control of a paid claim has come."""

    OPENED = "opened", _("À commencer")
    ASKED = "asked", _("Originaux demandés")
    RECEIVED = "received", _("Originaux reçus")
    COMPARED = "compared", _("Comparé")
    CLOSED = "closed", _("Clos")


class DrawStatus(TextChoices):
    """Whether the lot was drawn."""

    ANNOUNCED = "announced", _("Annoncé")
    DRAWN = "drawn", _("Tiré")


S, C, D, R = SignalStatus, ControlStatus, DrawStatus, Role
THE_FUND = {R.AGENT, R.SUPERVISOR}
SETTLED = {S.CONFIRMED, S.HARMLESS, S.UNCLEAR}

SIGNAL = Lifecycle("signal", start=S.RAISED, steps=(
    #    step        from                    to            by
    step("confirm",  {S.RAISED, S.UNCLEAR},  S.CONFIRMED,  {R.AGENT}, decides=True),
    step("clear",    {S.RAISED, S.UNCLEAR},  S.HARMLESS,   {R.AGENT}, decides=True),
    step("leave",    {S.RAISED},             S.UNCLEAR,    {R.AGENT}, decides=True),
    step("review",   SETTLED,                S.RAISED,     {R.SUPERVISOR}, decides=True),
    step("forget",   SETTLED | {S.RAISED},   ENDS,         {R.SYSTEM}),
))  # fmt: skip

CONTROL = Lifecycle("control", start=C.OPENED, steps=(
    #    step        from                    to           by
    step("ask",      {C.OPENED},             C.ASKED,     THE_FUND, decides=True),
    step("post",     {C.ASKED},              STAYS,       {R.INSURED}),
    step("prolong",  {C.ASKED},              STAYS,       THE_FUND, decides=True),
    step("expire",   {C.ASKED},              STAYS,       {R.SYSTEM}),
    step("receive",  {C.ASKED, C.COMPARED},  C.RECEIVED,  THE_FUND, decides=True),  # late ones too, if none had come
    step("give_up",  {C.ASKED},              C.COMPARED,  THE_FUND, decides=True),
    step("compare",  {C.RECEIVED},           C.COMPARED,  THE_FUND, decides=True),
    step("withdraw", {C.OPENED, C.ASKED},    C.CLOSED,    {R.SUPERVISOR}, decides=True),
    step("close",    {C.COMPARED},           C.CLOSED,    THE_FUND, decides=True),
    step("forget",   {C.CLOSED},             ENDS,        {R.SYSTEM}),
))  # fmt: skip

DRAW = Lifecycle("draw", start=D.ANNOUNCED, steps=(
    #    step      from                   to         by
    step("draw",   {D.ANNOUNCED},         D.DRAWN,   {R.SUPERVISOR}),
    step("forget", {D.ANNOUNCED, D.DRAWN}, ENDS,     {R.SYSTEM}),
))  # fmt: skip
