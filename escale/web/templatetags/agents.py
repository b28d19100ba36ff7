"""The tags and filters of the pages behind the counter."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escale.domain.claims import medical, queries, waiting
from escale.domain.claims.models import Attachment, Claim, ClaimLine, PaperVerdict, PauseReason
from escale.domain.desk.models import AlertKind, Holding
from escale.domain.documents.models import Field
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Posting
from escale.gateways import inspection
from escale.rules import deadlines, identity, parameters, scope
from escale.rules.clock import Clock, Standing
from escale.rules.intake import Care
from escale.rules.scope import Stay
from escale.web import corrections
from escale.web.agents.screens import Card, Sheet
from escale.web.templatetags.escale import euros

register = template.Library()


@register.filter
def due_words(day: date) -> str:
    """Say how far a date due is: « en retard de 2 jours », « aujourd’hui », « dans 3 jours ouvrés »."""
    today = timezone.localdate()
    if day == today:
        return _("aujourd’hui")
    if day < today:
        late = (today - day).days
        return ngettext("en retard de %(n)d jour", "en retard de %(n)d jours", late) % {"n": late}
    left = max(1, deadlines.working_days_between(today, day))
    return ngettext("dans %(n)d jour ouvré", "dans %(n)d jours ouvrés", left) % {"n": left}


@register.filter
def due_colour(day: date) -> str:
    """Return the colour of the badge of a date due."""
    today = timezone.localdate()
    return "error" if day < today else "warning" if day == today else "info"


@register.filter
def in_side(balance: Decimal) -> str:
    """Write the balance of an account with its side: « 12,00 € D » in debit, « 12,00 € C » in credit."""
    side = "\N{NO-BREAK SPACE}D" if balance > 0 else "\N{NO-BREAK SPACE}C" if balance else ""
    return f"{euros(abs(balance))}{side}"


@register.simple_tag
def clock(claim: Claim) -> str:
    """Draw both clocks of a claim: how it stands, the insured person's day, the agent's; a new date if one was told."""
    read = waiting.clock_of(claim, claim.pauses.all())
    if read is None:
        return ""
    told = [_("due le %s") % day(claim.due_on), _net(read), _excuse(claim, read)]
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon fr-badge--{} house-status">{}</span>\n'
        '<span class="house-quiet own-under">{}</span>',
        _COLOURS[read.standing], _stands(read), " · ".join(words for words in told if words),
    )  # fmt: skip


def _stands(read: Clock) -> str:
    last = int(parameters.value("payment_working_days", on=timezone.localdate()))
    if (late := read.gross - last) > 0:
        return ngettext("en retard de %(n)d jour ouvré", "en retard de %(n)d jours ouvrés", late) % {"n": late}
    said = {"day": read.gross, "last": last, "words": read.standing.label}
    return _("jour %(day)d sur %(last)d : %(words)s") % said


def _net(read: Clock) -> str:
    if read.waits:
        why = ", ".join(str(PauseReason(wait.reason).label).lower() for wait in read.waits)
        return _("délai net arrêté au jour %(net)d (%(why)s)") % {"net": read.net, "why": why}
    if read.net == read.gross:
        return ""
    return _("délai net : jour %(net)d, dû le %(on)s") % {"net": read.net, "on": day(read.net_due_on)}


def _excuse(claim: Claim, read: Clock) -> str:
    if read.gross < parameters.value("excuse_day", on=timezone.localdate()):
        return ""
    made = (one for one in claim.alerts.all() if one.kind == AlertKind.EXCUSE and one.clock_from == claim.reopened_on)
    excuse = next(made, None)
    return _("nouvelle date annoncée : %s") % day(excuse.promised_on) if excuse else ""


@register.filter
def day(at: date | datetime | None) -> str:
    """Write a day as French does, « 14/03/2026 »: that of a moment is the day that it was here."""
    if isinstance(at, datetime):
        at = timezone.localtime(at)
    return f"{at:%d/%m/%Y}" if at else ""


@register.simple_tag
def opinion_clock(since: datetime) -> str:
    """Say for how many hours a physician is waited for, and whether that is within what is aimed at."""
    most = medical.hours_aimed_at()
    hours = int((timezone.now() - since).total_seconds() // 3600)
    words = ngettext("attend depuis %(n)d heure", "attend depuis %(n)d heures", hours) % {"n": hours}
    words = words if hours else _("attend depuis moins d’une heure")
    aim = _("objectif de %(n)d heures dépassé") if hours >= most else _("objectif : %(n)d heures")
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon fr-badge--{} house-status">{}, {}</span>',
        "error" if hours >= most else "info", words, aim % {"n": most},
    )  # fmt: skip


_COLOURS = {
    Standing.EARLY: "success", Standing.AGENT: "warning", Standing.SUPERVISOR: "warning", Standing.LAST: "error",
    Standing.LATE: "error", Standing.PAUSED: "info",
}  # fmt: skip


@register.filter
def cares(claim: Claim) -> str:
    """Name the kinds of care of a claim, each once."""
    return ", ".join(Care(care).label for care in claim.cares)


@register.filter
def held(claim: Claim) -> Holding | None:
    """Return who has a claim in hand now, if anybody has."""
    holding: Holding | None = getattr(claim, "holding", None)
    if holding is None:
        return None
    holding.claim = claim
    return holding if holding.is_live() else None


@register.filter
def place(claim: Claim) -> str:
    """Return the French name of the country or territory of a claim."""
    return queries.place(claim).name


@register.filter
def stay(claim: Claim) -> str:
    """Return why somebody was there."""
    return Stay(claim.stay).label


@register.filter
def where(posting: Posting) -> str:
    """Return the French name of the territory of a posting."""
    return scope.territory(posting.territory, on=posting.valid_from).name


@register.filter
def alerts(competent: scope.Scope, cards: list[Card]) -> list[str]:
    """Return what to look at before deciding: the place, and the bills that the Fund may have paid already."""
    told = list(competent.alerts)
    cares: dict[tuple[str, str], set[Care]] = {}
    for card in cards:
        bill = card.line.bill
        cares.setdefault((bill.claim.territory, bill.provider), set()).add(Care(card.line.care))
    for (territory, provider), billed in cares.items():
        told.append(scope.third_party_alert(territory=territory, provider=provider, cares=frozenset(billed)))
    return [alert for alert in told if alert]


@register.filter
def called(labels: dict[str, str], file: Attachment) -> str:
    """Return the name of the paper that a file is: its appeal, that under which it was asked for, or by its code."""
    if file.appeal:
        return _("Pièce du recours %s") % file.appeal
    return file.answers.label if hasattr(file, "answers") else labels.get(file.paper) or _("Autre pièce")


@register.filter
def mark(sheet: Sheet) -> str:
    """Return the icon that tells from afar what became of a paper; nothing for one that waits to be read."""
    if sheet.is_news:
        return "fr-icon-refresh-line"
    return {"": "", PaperVerdict.ACCEPTED: "fr-icon-check-line"}.get(sheet.attachment.verdict, "fr-icon-time-line")


@register.filter
def verdict_colour(attachment: Attachment) -> str:
    """Return the colour of the badge of what was found of a paper."""
    return "success" if attachment.verdict == PaperVerdict.ACCEPTED else "warning"


@register.simple_tag
def refusals() -> list[PaperVerdict]:
    """Return the verdicts that ask for another paper."""
    return [verdict for verdict in PaperVerdict if verdict.refuses]


@register.filter
def active_content(removed: list[str]) -> str:
    """Name what was active in a file, and is not in its images."""
    return ", ".join(inspection.REMOVED[code] for code in removed)


@register.filter
def plain(number: Decimal) -> str:
    """Write a rate with all its digits and no others: « 655,957 », « 30 412,5 »."""
    return f"{number.normalize():,f}".replace(",", "\u202f").replace(".", ",")


@register.filter
def as_read(value: str, field: str) -> str:
    """Write what a machine read as people do: « 85 000 », « 02/11/2026 »; what it could not make out stays as it is."""
    with suppress(ValueError, InvalidOperation):
        match field:
            case Field.TOTAL:
                return f"{Decimal(value):,f}".replace(",", "\u202f").replace(".", ",")
            case Field.GIVEN_ON | Field.PAID_ON:
                return f"{date.fromisoformat(value):%d/%m/%Y}"
    return value


@register.filter
def articles(line: ClaimLine) -> list[str]:
    """Return the articles on which an amount stands, each once."""
    return list(dict.fromkeys(step["article"] for step in line.explanation))


@register.filter
def masked_nir(nir: str) -> str:
    """Show just enough of a NIR to tell two people apart."""
    return identity.masked_nir(nir)


@register.filter
def said(entry: Entry) -> str:
    """Say in French what an entry of the journal tells of a claim."""
    if entry.facts.get("verdict") == PaperVerdict.ACCEPTED:
        return _("Pièce acceptée après tout")
    if entry.event == "claim.settle_stay":
        return _("Séjour corrigé d’après %(grounds)s : %(changes)s") % corrections.told(entry)
    if entry.event == "claim.ask_papers":
        asked = entry.facts["papers"]
        return ngettext("Pièce demandée à l’assuré", "%(n)d pièces demandées à l’assuré", asked) % {"n": asked}
    sentences = {
        "claim.submit": _("Demande envoyée"),
        "claim.set_aside": _("Demande non exploitable : une pièce contient un virus ou est perdue"),
        "claim.receive": _("Demande reçue, pièces contrôlées"),
        "claim.judge_paper": _("Pièce à remplacer demandée à l’assuré"),
        "claim.forgo_paper": _("Pièce demandée à l’assuré : plus attendue"),
        "claim.provide_paper": _("Pièce demandée envoyée par l’assuré"),
        "claim.join_to_appeal": _("Pièce jointe à un recours par l’assuré"),
        "claim.replace_paper": _("Pièce remplacée par l’assuré"),
        "claim.ask_opinion": _("Avis médical demandé"),
        "claim.give_opinion": _("Avis médical rendu"),
        "claim.consider_papers": _("Avis médical rendu sur des pièces sous pli confidentiel"),
        "claim.refuse_line": _("Ligne refusée"),
        "claim.propose": _("Décision proposée, à relire par un autre gestionnaire"),
        "claim.send_back": _("Décision renvoyée par la relecture"),
        "claim.decide_part": _("Décidée en partie, le reste est ouvert"),
        "claim.approve": _("Demande acceptée, paiement ordonné"),
        "claim.refuse": _("Demande refusée"),
        "claim.deposit_letter": _("Courrier de décision déposé dans le compte"),
        "claim.read_letter": _("Courrier de décision lu pour la première fois par l’assuré"),
        "claim.reopen": _("Demande rouverte : l’agent comptable a refusé le visa"),
        "claim.reopen_part": _("Part rouverte : l’agent comptable a refusé le visa"),
        "claim.take_up": _("Décision reprise après un recours"),
        "claim.remark": _("Annotation ajoutée"),
        "claim.hold_papers": _("Conservation des pièces prolongée"),
        "claim.release_papers": _("Prolongation de la conservation levée"),
        "claim.keep_from_family": _("Soins ou pièce gardés de la famille"),
        "claim.tell_family": _("Soins ou pièce à nouveau lisibles par la famille"),
        "claim.destroy_papers": _("Pièces détruites, leur durée de conservation étant passée"),
    }
    return sentences[entry.event]
