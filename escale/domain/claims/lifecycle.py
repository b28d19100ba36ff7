"""The life of a claim: the seven statuses in the words of the service, and the table of steps."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import ENDS, STAYS, Lifecycle, step


class Status(TextChoices):
    """The seven statuses that the insured person reads."""

    UNUSABLE = "unusable", _("Non exploitable")
    DRAFT = "draft", _("Brouillon")
    SENT = "sent", _("Envoyée")
    IN_PROGRESS = "in_progress", _("En cours de traitement")
    MEDICAL_OPINION = "medical_opinion", _("Avis médical demandé")
    PROCESSED = "processed", _("Traitée")
    REFUSED = "refused", _("Refusée")


S, R = Status, Role
WORKED_ON = {S.IN_PROGRESS, S.MEDICAL_OPINION}
CLOSED = {S.PROCESSED, S.REFUSED, S.UNUSABLE}

LIFECYCLE = Lifecycle("claim", start=S.DRAFT, steps=(
    #    step              from                 to                 by
    step("change",         {S.DRAFT},           S.DRAFT,           {R.INSURED}),
    step("discard",        {S.DRAFT},           ENDS,              {R.INSURED, R.SYSTEM}),
    step("submit",         {S.DRAFT},           S.SENT,            {R.INSURED}),
    step("set_aside",      {S.SENT, *WORKED_ON}, S.UNUSABLE,       {R.SYSTEM}),
    step("receive",        {S.SENT},            S.IN_PROGRESS,     {R.SYSTEM}),
    step("judge_paper",    {S.IN_PROGRESS},     S.IN_PROGRESS,     {R.AGENT}, decides=True),
    step("replace_paper",  WORKED_ON,           STAYS,             {R.INSURED}),
    step("ask_papers",     {S.IN_PROGRESS},     S.IN_PROGRESS,     {R.AGENT}, decides=True),
    step("ask_papers",     WORKED_ON,           STAYS,             {R.PHYSICIAN}, decides=True),
    step("forgo_paper",    {S.IN_PROGRESS},     S.IN_PROGRESS,     {R.AGENT}, decides=True),
    step("provide_paper",  WORKED_ON,           STAYS,             {R.INSURED}),
    step("join_to_appeal", WORKED_ON | CLOSED,  STAYS,             {R.INSURED}),
    step("settle_stay",    {S.IN_PROGRESS},     S.IN_PROGRESS,     {R.AGENT}, decides=True),
    step("assess",         WORKED_ON,           STAYS,             {R.AGENT}, decides=True),
    step("ask_opinion",    {S.IN_PROGRESS},     S.MEDICAL_OPINION, {R.AGENT}, decides=True),
    step("give_opinion",   {S.MEDICAL_OPINION}, S.IN_PROGRESS,     {R.PHYSICIAN}, decides=True),
    step("consider_papers", {S.IN_PROGRESS},    S.IN_PROGRESS,     {R.PHYSICIAN}, decides=True),
    step("refuse_line",    WORKED_ON,           STAYS,             {R.AGENT}, decides=True),
    step("propose",        WORKED_ON,           STAYS,             {R.AGENT}, decides=True),
    step("send_back",      WORKED_ON,           STAYS,             {R.AGENT}, decides=True),
    step("decide_part",    WORKED_ON,           STAYS,             {R.AGENT}, decides=True),
    step("approve",        {S.IN_PROGRESS},     S.PROCESSED,       {R.AGENT}, decides=True),
    step("refuse",         {S.IN_PROGRESS},     S.REFUSED,         {R.AGENT}, decides=True),
    step("reopen",         {S.PROCESSED},       S.IN_PROGRESS,     {R.SYSTEM}),
    step("reopen_part",    WORKED_ON,           STAYS,             {R.SYSTEM}),
    step("take_up",        {S.PROCESSED, S.REFUSED}, S.IN_PROGRESS, {R.SUPERVISOR}, decides=True),
    step("remark",         WORKED_ON | CLOSED,  STAYS,             {R.AGENT}, decides=True),
    step("hold_papers",    WORKED_ON | CLOSED,  STAYS,             {R.AGENT, R.SUPERVISOR}, decides=True),
    step("release_papers", WORKED_ON | CLOSED,  STAYS,             {R.AGENT, R.SUPERVISOR, R.SYSTEM}, decides=True),
    step("keep_from_family", WORKED_ON | CLOSED, STAYS,            {R.INSURED}),
    step("keep_from_family", WORKED_ON | CLOSED, STAYS,            {R.AGENT, R.PHYSICIAN}, decides=True),
    step("tell_family",    WORKED_ON | CLOSED,  STAYS,             {R.INSURED}),
    step("tell_family",    WORKED_ON | CLOSED,  STAYS,             {R.AGENT, R.PHYSICIAN}, decides=True),
    step("destroy_papers", CLOSED,              STAYS,             {R.SYSTEM}),
))  # fmt: skip
