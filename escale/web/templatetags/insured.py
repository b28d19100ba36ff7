"""What the insured person reads of a claim, in the words of the service."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim, PaperVerdict
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal.models import Entry
from escale.rules import currency as currencies
from escale.rules.currency import Quote
from escale.web import corrections

register = template.Library()

# What a status means, what comes next, and who has to act: in the words of the service where it has some.
_STATUSES = {
    Status.UNUSABLE: (
        _("La demande comprend des pièces avec un virus ou les données ont été perdues à la suite d’un incident"),
        _("Reprenez cette demande : tout est déjà rempli, il ne reste qu’à joindre à nouveau la pièce en cause."),
        _("de votre part"),
    ),
    Status.DRAFT: (
        _("La demande est enregistrée mais encore modifiable avant envoi"),
        _("Complétez-la, puis envoyez-la quand vous êtes prêt."),
        _("de votre part"),
    ),
    Status.SENT: (
        _("La demande a été envoyée à la CNMSS et n’est plus modifiable"),
        _("Vos fichiers passent le contrôle antivirus, puis la demande est confiée à un gestionnaire."),
        _("de la CNMSS"),
    ),
    Status.IN_PROGRESS: (
        _("La demande a été réceptionnée par la CNMSS"),
        _("Un gestionnaire étudie vos factures. Un avis vous sera envoyé par e-mail à la fin du traitement."),
        _("de la CNMSS"),
    ),
    Status.MEDICAL_OPINION: (
        _("La demande est en cours d’étude au service médical de la CNMSS"),
        _("Le service médical donne son avis, puis un gestionnaire prend la décision."),
        _("de la CNMSS"),
    ),
    Status.PROCESSED: (
        _("La demande a été validée par la CNMSS et le paiement est en cours"),
        _("L’agent comptable vérifie le paiement, puis le virement part vers votre compte bancaire."),
        _("de la CNMSS"),
    ),
    Status.REFUSED: (
        _(
            "La demande a été refusée et un message explicatif est envoyé à votre adresse e-mail (prestations non "
            "remboursables, droits non ouverts, documents hors périmètre du téléservice)"
        ),
        _("Lisez l’explication ci-dessous. En cas de désaccord, vous pouvez la contester."),
        "",
    ),
}
_FAILURES = {
    DocumentStatus.INFECTED: _(
        "Ce fichier contient un virus. Photographiez ou numérisez à nouveau le papier, "
        "sur un appareil sain si possible."
    ),
    DocumentStatus.UNSCANNABLE: _(
        "Ce fichier ne peut pas être contrôlé. Photographiez ou numérisez à nouveau le papier, "
        "puis envoyez cette copie."
    ),
    DocumentStatus.LOST: _(
        "Ce fichier a été perdu à la suite d’un incident de notre côté. Veuillez nous en excuser "
        "et l’envoyer à nouveau."
    ),
}
_EVENTS = {
    "claim.judge_paper": _("Une pièce est à remplacer."),
    "claim.replace_paper": _("Vous avez remplacé une pièce."),
    "claim.forgo_paper": _("Une pièce qui vous était demandée n’est plus nécessaire."),
    "claim.provide_paper": _("Vous avez envoyé une pièce demandée."),
    "claim.join_to_appeal": _("Vous avez joint un fichier à votre recours."),
    "claim.set_aside": _("Une pièce ne peut pas être utilisée : la demande est non exploitable."),
    "claim.receive": _("La CNMSS a réceptionné votre demande."),
    "claim.ask_opinion": _("L’avis du service médical a été demandé."),
    "claim.give_opinion": _("Le service médical a rendu son avis."),
    "claim.consider_papers": _("Le service médical a lu des pièces envoyées sous pli confidentiel."),
    "claim.decide_part": _("Une partie de votre demande a reçu sa réponse."),
    "claim.approve": _("Votre demande a été validée."),
    "claim.refuse": _("Votre demande a été refusée."),
    "claim.deposit_letter": _("Le courrier de cette décision a été déposé dans votre compte."),
    "claim.read_letter": _("Vous avez lu ce courrier pour la première fois."),
    "claim.reopen": _("Le paiement n’a pas pu être fait : un gestionnaire reprend votre demande."),
    "claim.reopen_part": _("Un paiement n’a pas pu être fait : un gestionnaire reprend cette partie."),
    "claim.take_up": _("Votre demande est reprise après votre recours."),
    "claim.hold_papers": _("Vos fichiers seront gardés plus longtemps que prévu."),
    "claim.release_papers": _("Vos fichiers seront gardés le temps prévu."),
    "claim.destroy_papers": _("Vos fichiers, gardés le temps prévu, ont été détruits."),
}
_IN_ANOTHERS_NAME = {
    "claim.replace_paper": _("Une pièce a été remplacée."),
    "claim.provide_paper": _("Une pièce demandée a été envoyée."),
    "claim.join_to_appeal": _("Un fichier a été joint au recours."),
}


@register.filter(expects_localtime=True)
def day(value: date) -> str:
    """Write a day: « 1er septembre 2026 »."""
    return date_format(value, "j F Y").replace("1 ", "1er ", 1) if value.day == 1 else date_format(value, "j F Y")


@register.filter
def weekday(value: date) -> str:
    """Write a day with its name: « vendredi 27 novembre 2026 »."""
    return f"{date_format(value, 'l')} {day(value)}"


@register.filter(expects_localtime=True)
def moment(value: datetime, clock: str) -> str:
    """Write a day and an hour: « 1er septembre 2026 à 9:05 »."""
    return f"{day(value)} à {date_format(value, clock)}"


@register.filter
def place(claim: Claim) -> str:
    """Return the country or territory of care."""
    return queries.place(claim).name


@register.filter
def means(claim: Claim) -> Any:
    """Return what the status of a claim means."""
    return _STATUSES[Status(claim.status)][0]


@register.filter
def comes_next(claim: Claim) -> Any:
    """Return what will happen, or what to do."""
    return _STATUSES[Status(claim.status)][1]


@register.filter
def waits_on(claim: Claim) -> Any:
    """Return on whom a claim waits, if it waits."""
    return _STATUSES[Status(claim.status)][2]


@register.filter
def told(entry: Entry) -> Any:
    """Say what happened, without saying who did it."""
    if entry.event == "claim.submit":
        files = entry.facts["files"]
        sentence = ngettext(
            "Vous avez envoyé votre demande, avec %d fichier.",
            "Vous avez envoyé votre demande, avec %d fichiers.",
            files,
        )
        return sentence % files
    if entry.event == "claim.ask_papers":
        asked = entry.facts["papers"]
        return ngettext("Une pièce vous est demandée.", "%(n)d pièces vous sont demandées.", asked) % {"n": asked}
    if entry.event == "claim.settle_stay":
        return _("La CNMSS a corrigé votre séjour d’après %(grounds)s : %(changes)s.") % corrections.told(entry)
    if entry.facts.get("verdict") == PaperVerdict.ACCEPTED:
        return _("Une pièce qui était à remplacer est acceptée après tout.")
    return (_IN_ANOTHERS_NAME if "mandate" in entry.facts else _EVENTS)[entry.event]


@register.filter
def found(file: Attachment) -> Any:
    """Return in a few words what is wrong with a file to replace."""
    return file.get_verdict_display() or file.document.get_status_display()


@register.filter
def why_replace(file: Attachment) -> Any:
    """Return why a file is to be replaced: what the agent wrote, or what became of it."""
    return file.verdict_words or _FAILURES[DocumentStatus(file.document.status)]


@register.filter
def named(file: Attachment, labels: dict[str, str]) -> Any:
    """Return the name of the paper that a file is: its appeal, that under which it was asked for, or by its code."""
    if file.appeal:
        return _("Pièce du recours %s") % file.appeal
    return file.answers.label if hasattr(file, "answers") else labels.get(file.paper, _("Autre pièce"))


@register.filter
def in_euros(amount: Decimal, quote: Quote) -> Decimal:
    """Return an amount in euros at this rate."""
    return currencies.euros(amount, quote)


@register.filter
def rate(units: Decimal) -> str:
    """Write units of a currency for one euro: « 655,957 »."""
    return f"{units.normalize():f}".replace(".", ",")


@register.filter
def day_before(end: date) -> date:
    """Return the last day of a period of which we keep the day after."""
    return end - timedelta(days=1)


@register.filter
def last_day(claim: Claim) -> date | None:
    """Return the last day of the stay: we keep the day after it."""
    return claim.stay_until and claim.stay_until - timedelta(days=1)
