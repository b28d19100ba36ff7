"""The originals of a paid claim: asked for by name, received, compared, and what comes of it."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims import queries as of_claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import Claim, HoldReason
from escale.domain.controls import queries
from escale.domain.controls.models import Control, ControlPaper, ControlReason, Finding, Outcome
from escale.rules import parameters
from escale.rules.lifecycle import StepRefused

_FARTHEST = timedelta(days=366)


@transaction.atomic
def open_control(*, claim: Claim, reason: ControlReason, words: str, by: Actor) -> Control:
    """
    Choose a paid claim for a control, with a reason; asked twice, it is opened once.

    :raises Unacceptable: if it is not said why.
    :raises StepRefused: if the claim is not paid, or if its originals need not be kept any more; or if it is one's own.
    """
    claim.lock()
    if standing := Control.objects.standing().filter(claim=claim).first():
        return standing
    if not words.strip():
        raise Unacceptable({"words": _("Dites en une phrase pourquoi cette demande est contrôlée.")})
    if claim.belongs_to(by.signatory):
        raise StepRefused("Nul ne contrôle sa propre demande, ni celle d’un proche.")
    if not queries.may_be_controlled(claim):
        raise StepRefused("Seule une demande payée, dont les originaux sont encore à garder, peut être contrôlée.")
    control = Control.open(by=by, claim=claim, reason=reason, words=words.strip()[:300], opened_by=by.signatory)
    name_originals(control)
    keep_papers(control, by=by)
    return control


def keep_papers(control: Control, *, by: Actor) -> None:
    """Have no paper of the claim destroyed until the end, unless somebody saw to it before; its claim is locked."""
    if not upkeep.holds(control.claim).filter(reason=HoldReason.CONTROL).exists():
        control.hold = claims.hold(claim=control.claim, reason=HoldReason.CONTROL, by=by)
        control.save(update_fields=["hold"])


def name_originals(control: Control) -> None:
    """Write by its name each paper of the claim; what physicians or the beneficiary alone read is not."""
    claim = control.claim
    labels = of_claims.paper_labels(claim)
    files = [one for one in of_claims.joined(claim) if not one.medical and not one.kept_from_family]
    ControlPaper.objects.bulk_create(
        ControlPaper(
            control=control,
            attachment=file,
            label=labels.get(file.paper, file.paper),
            name=file.document.name,
            size=file.document.size,
            sha256=file.document.sha256,
            came_on=timezone.localdate(file.document.received_at),
        )
        for file in files
    )


@transaction.atomic
def ask(*, control: Control, by: Actor) -> None:
    """
    Ask for the originals: the insured person is told, and no paper of the claim is destroyed until the end.

    :raises StepRefused: if they were asked for already, if there is none to ask for, or if they need not be kept any
        more; or if the claim is one's own or of somebody close.
    """
    today = timezone.localdate()
    control.advance("ask", by=by, papers=control.papers.count())
    control.claim.lock()
    if not control.papers.exists():
        raise StepRefused("Cette demande n’a aucun original que l’on puisse demander : ce contrôle est à abandonner.")
    if not queries.may_be_controlled(control.claim):
        raise StepRefused("Les originaux de cette demande ne sont plus à garder : ce contrôle est à abandonner.")
    control.asked_at = timezone.now()
    control.answer_by = today + timedelta(days=int(parameters.value("control_originals_days", on=today)))
    control.save(update_fields=["asked_at", "answer_by"])
    keep_papers(control, by=by)


@transaction.atomic
def post(*, control: Control, proof: str, by: Actor) -> None:
    """
    Write the number by which the post follows what was sent; another may replace it until the originals are there.

    :raises Unacceptable: if there is none.
    :raises StepRefused: if they are no longer waited for.
    """
    number = "".join(sign for sign in proof.upper() if sign.isalnum())
    if not 5 <= len(number) <= 40:
        raise Unacceptable({"proof": _("Recopiez le numéro de suivi qui est sur le reçu de la poste.")})
    control.advance("post", by=by)
    control.proof, control.posted_on = number, control.posted_on or timezone.localdate()
    control.save(update_fields=["proof", "posted_on"])


@transaction.atomic
def prolong(*, control: Control, answer_by: date, by: Actor) -> None:
    """
    Give more time to send the originals.

    :raises Unacceptable: if the day is not after the one that was given, or too far.
    """
    control.lock()
    first = max(control.answer_by or timezone.localdate(), timezone.localdate())
    if not first < answer_by <= first + _FARTHEST:
        raise Unacceptable({"answer_by": _("Donnez un jour plus lointain que celui d’aujourd’hui, d’un an au plus.")})
    control.advance("prolong", by=by, until=answer_by)
    control.answer_by, control.overdue_at = answer_by, None
    control.save(update_fields=["answer_by", "overdue_at"])


@transaction.atomic
def expire(*, control: Control) -> bool:
    """Note, once for each delay, that the originals did not come within it; tell whether it was noted now."""
    control.lock()
    if control.overdue_at or not queries.may_give_up(control):
        return False
    control.advance("expire", by=SYSTEM, until=control.answer_by)
    control.overdue_at = timezone.now()
    control.save(update_fields=["overdue_at"])
    return True


@transaction.atomic
def receive(*, control: Control, on: date, by: Actor) -> None:
    """
    Note that the originals came, be it after the Fund had noted that they had not.

    :raises Unacceptable: if the day is before they were asked for, or to come.
    :raises StepRefused: if they are not waited for.
    """
    control.lock()
    if "receive" not in queries.steps(control, actor=by):
        raise StepRefused("Les originaux de ce contrôle ne sont pas attendus.")
    if on > timezone.localdate() or (control.asked_at and on < timezone.localdate(control.asked_at)):
        raise Unacceptable({"received_on": _("Ce jour n’est pas possible : entre celui de la demande et aujourd’hui.")})
    control.advance("receive", by=by, on=on, late=bool(control.outcome))
    control.received_on, control.outcome = on, ""
    control.save(update_fields=["received_on", "outcome"])
    control.papers.update(finding="")


@transaction.atomic
def compare(*, control: Control, findings: Mapping[int, tuple[Finding, str]], by: Actor) -> None:
    """
    Say of each paper what its original is, by its key; what differs is said in a sentence.

    :raises Unacceptable: if a paper has no finding, or a difference no words: `finding-KEY`, `words-KEY`.
    :raises StepRefused: if there is nothing to compare.
    """
    control.lock()
    errors, papers = {}, list(control.papers.order_by("pk"))
    if not papers:
        raise StepRefused("Aucun original n’a été demandé : il n’y a rien à comparer.")
    for paper in papers:
        finding, words = findings.get(paper.pk, (None, ""))
        if finding is None:
            errors[f"finding-{paper.pk}"] = _("Dites ce qu’est cet original.")
        elif finding == Finding.DIFFERENT and not words.strip():
            errors[f"words-{paper.pk}"] = _("Dites en une phrase ce qui diffère.")
    if errors:
        raise Unacceptable(errors)
    outcome = Outcome.CONFORM
    for paper in papers:
        paper.finding, words = findings[paper.pk]
        paper.words = words.strip()[:300]
        if paper.finding != Finding.CONFORM:
            outcome = Outcome.NONCONFORM
    ControlPaper.objects.bulk_update(papers, ["finding", "words"])
    _conclude(control, "compare", outcome, by)


@transaction.atomic
def give_up(*, control: Control, by: Actor) -> None:
    """
    Note that the originals did not come in time.

    :raises StepRefused: if the delay is not over, or if what was posted may still be on its way.
    """
    control.lock()
    if not queries.is_late(control):
        raise StepRefused("Le délai pour envoyer les originaux n’est pas écoulé.")
    if not queries.may_give_up(control):
        raise StepRefused("L’assuré a noté son envoi : laissez à la poste le temps de l’apporter.")
    control.papers.update(finding=Finding.MISSING)
    _conclude(control, "give_up", Outcome.NOT_RECEIVED, by)


def _conclude(control: Control, step: str, outcome: Outcome, by: Actor) -> None:
    control.outcome = outcome
    control.save(update_fields=["outcome"])
    control.advance(step, by=by, outcome=outcome)


@transaction.atomic
def close(*, control: Control, result: str, by: Actor) -> None:
    """
    Tell the insured person what the control found: one closes nothing without a word.

    :raises Unacceptable: if nothing is said.
    :raises StepRefused: if the originals were not compared.
    """
    if not result.strip():
        raise Unacceptable({"result": _("Écrivez ce que l’assuré lira : ce qui est constaté, et ce qui va suivre.")})
    control.advance("close", by=by, outcome=control.outcome)
    control.result = result.strip()[:500]
    _end(control, by)


@transaction.atomic
def withdraw(*, control: Control, by: Actor) -> None:
    """
    Give a control up; whoever was asked for originals is told that they need send none.

    :raises StepRefused: if they came already.
    """
    control.outcome = Outcome.WITHDRAWN
    control.save(update_fields=["outcome"])
    control.advance("withdraw", by=by)
    _end(control, by)


@transaction.atomic
def forget(*, control: Control) -> None:
    """Delete a control that has had its time."""
    control.advance("forget", by=SYSTEM)


def _end(control: Control, by: Actor) -> None:
    control.closed_at = timezone.now()
    control.save(update_fields=["result", "closed_at"])
    if control.hold:
        claims.release(hold=control.hold, by=by)
