"""The same act on many claims: prepared, shown, done one claim after another, and undone where it can be."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims import asking, waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Claim
from escale.domain.desk import queries
from escale.domain.desk.actions import people, taking
from escale.domain.desk.lifecycle import GroupedStatus
from escale.domain.desk.models import (
    Assignment,
    GroupedAct,
    GroupedKind,
    GroupedLine,
    GroupedResult,
    Holding,
)
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused

MOST = 500
OF = {
    GroupedKind.ASSIGN: {Role.SUPERVISOR},
    GroupedKind.GIVE_BACK: {Role.SUPERVISOR},
    GroupedKind.ASK_PAPER: {Role.AGENT},
    GroupedKind.FORGO_PAPER: {Role.AGENT},
}
"""Under which hat each act is done."""


@transaction.atomic
def prepare(
    *,
    kind: GroupedKind,
    numbers: Iterable[str],
    request_key: UUID,
    by: Actor,
    to: Account | None = None,
    paper: str = "",
    words: str = "",
) -> GroupedAct:
    """
    Prepare an act on these claims, and say of each whether it will be refused, and why; with the same key, once.

    :raises Unacceptable: if there is none or too many, if the hat does not do it, or if something is not said.
    """
    Account.objects.select_for_update(no_key=True).get(pk=by.signatory.pk)  # sent twice at once, one waits
    known = GroupedAct.objects.filter(request_key=request_key, by=by.account).first()
    if known:
        return known
    wanted = list(dict.fromkeys(numbers))
    _check(kind, wanted, by=by, to=to, paper=paper, words=words)
    found = list(queries.chosen(wanted, actor=by))
    if not found:
        raise Unacceptable({"claims": _("Aucune de ces demandes n’est plus à traiter.")})
    said = {"to": to, "paper": paper, "words": words.strip(), "hat": by.role}
    act = GroupedAct.open(by=by, request_key=request_key, kind=kind, **said | {"by_id": by.signatory.pk})
    close = set(InsuredPerson.objects.close_to(to).values_list("pk", flat=True)) if to else set()
    asked = {one.claim_id for one in AskedPaper.objects.awaited().filter(claim__in=found, paper=paper)}
    GroupedLine.objects.bulk_create(
        GroupedLine(
            act_id=act.pk, claim_id=claim.pk, result=GroupedResult.REFUSED if why else GroupedResult.WAITING, why=why
        )
        for claim in found
        for why in [_refusal(kind, claim, by=by, to=to, is_asked=claim.pk in asked, is_close=claim.insured_id in close)]
    )
    return act


def _check(
    kind: GroupedKind, wanted: list[str], *, by: Actor, to: Account | None, paper: str, words: str
) -> None:  # fmt: skip
    if by.role not in OF[kind]:
        raise Unacceptable({"kind": _("Cet acte n’est pas ouvert à votre casquette.")})
    if not wanted:
        raise Unacceptable({"claims": _("Cochez au moins une demande.")})
    if len(wanted) > MOST:
        raise Unacceptable({"claims": _("%(most)d demandes au plus à la fois.") % {"most": MOST}})
    if kind == GroupedKind.ASSIGN and not (to and to.is_active and to.hats.filter(role=Role.AGENT).exists()):
        raise Unacceptable({"to": _("Choisissez un gestionnaire.")})
    if kind in {GroupedKind.ASK_PAPER, GroupedKind.FORGO_PAPER} and not paper:
        raise Unacceptable({"paper": _("Choisissez une pièce.")})
    if kind == GroupedKind.ASK_PAPER and not words.strip():
        raise Unacceptable({"words": _("Dites à l’assuré ce que cette pièce doit montrer.")})


def _refusal(
    kind: GroupedKind, claim: Claim, *, by: Actor, to: Account | None, is_asked: bool, is_close: bool
) -> str:  # fmt: skip
    """Say why a claim will be left out, as far as it is known beforehand; nothing if it will not be."""
    holding = getattr(claim, "holding", None)
    if holding:
        holding.claim = claim
    if by.role == Role.AGENT and holding and holding.is_live() and holding.account_id != by.signatory.pk:
        return taking.words(holding)
    if kind == GroupedKind.ASSIGN and getattr(claim, "assignment", None) and claim.assignment.account_id == to.pk:  # type: ignore[union-attr]
        return _("Déjà attribuée à cette personne.")
    if kind == GroupedKind.ASSIGN and is_close:
        return people.NOT_THEIRS
    if kind == GroupedKind.ASK_PAPER and claim.status != Status.IN_PROGRESS:
        return _("L’avis du service médical est attendu.")
    if kind == GroupedKind.ASK_PAPER and is_asked:
        return _("Cette pièce est déjà demandée.")
    if kind == GroupedKind.FORGO_PAPER and not is_asked:
        return _("Cette pièce n’est pas attendue.")
    return ""


def launch(*, act: GroupedAct, by: Actor) -> None:
    """Have a prepared act done; said twice, it is said once."""
    if act.status == GroupedStatus.READY:
        act.advance("launch", by=by, claims=act.lines.filter(result=GroupedResult.WAITING).count())


def undo(*, act: GroupedAct, by: Actor) -> None:
    """
    Have what was done put back.

    :raises StepRefused: if this act cannot be undone, or is not done yet.
    """
    if not GroupedKind(act.kind).can_be_undone:
        raise StepRefused("Une pièce à laquelle la Caisse a renoncé n’est pas redemandée d’un coup.")
    act.advance("undo", by=by)


def go_on(*, act: GroupedAct, most: int = MOST) -> bool:
    """Do an act, or undo it, on some more claims, each by itself; tell whether any is left. Run again, it goes on."""
    if act.status not in {GroupedStatus.RUNNING, GroupedStatus.UNDOING}:
        return False
    for line in list(_left(act)[:most]):
        _do(line, undoing=act.status == GroupedStatus.UNDOING)
    if _left(act).exists():
        return True
    act.advance("finish", by=SYSTEM)
    return False


def _left(act: GroupedAct) -> QuerySet[GroupedLine]:
    wanted = GroupedResult.DONE if act.status == GroupedStatus.UNDOING else GroupedResult.WAITING
    lines = act.lines.filter(result=wanted, why="").order_by("pk")
    return lines.select_related("act__by", "act__to", "claim__insured", "former")


@transaction.atomic
def _do(line: GroupedLine, *, undoing: bool) -> None:
    act = line.act
    by = Actor(Role(act.hat), act.by)
    try:
        with transaction.atomic():
            (_UNDO if undoing else _DO)[GroupedKind(act.kind)](line, by)
        line.result = GroupedResult.UNDONE if undoing else GroupedResult.DONE
    except (StepRefused, claims.Unexplained) as refusal:
        line.why = str(refusal)[:300]
        line.result = line.result if undoing else GroupedResult.REFUSED
    line.save()


def _refuse_strangers(line: GroupedLine, by: Actor) -> None:
    """Refuse what was taken meanwhile, or is no longer this person's to see."""
    if not Claim.objects.visible_to(by).filter(pk=line.claim_id).exists():
        raise StepRefused("Cette demande n’est plus dans vos mains.")
    taken = Holding.objects.live().filter(claim=line.claim_id).exclude(account=by.account).select_related("account")
    if by.role == Role.AGENT and (holding := taken.first()):
        raise StepRefused(taking.words(holding))


def _assign(line: GroupedLine, by: Actor) -> None:
    _refuse_strangers(line, by)
    line.former = people.assign(claim=line.claim, to=line.act.to, by=by)


def _put_back(line: GroupedLine, by: Actor) -> None:
    now = Assignment.objects.filter(claim=line.claim).first()
    if (now.account_id if now else None) != line.act.to_id:
        raise StepRefused("L’attribution a changé depuis.")
    people.assign(claim=line.claim, to=line.former, by=by)


def _give_back(line: GroupedLine, by: Actor) -> None:
    _refuse_strangers(line, by)
    line.former = people.assign(claim=line.claim, to=None, by=by)
    Holding.objects.filter(claim=line.claim).delete()


def _ask(line: GroupedLine, by: Actor) -> None:
    _refuse_strangers(line, by)
    wanted = {one.key: line.act.words for one in asking.askable(line.claim, by=by) if one.paper.code == line.act.paper}
    if not wanted:
        raise StepRefused("Cette pièce ne peut pas être demandée ici : elle est là, ou déjà demandée.")
    line.asked.set(claims.ask_papers(claim=line.claim, wanted=wanted, by=by))


def _unask(line: GroupedLine, by: Actor) -> None:
    for asked in line.asked.select_related("claim").order_by("pk"):
        claims.forgo_paper(asked=asked, by=by)


def _forgo(line: GroupedLine, by: Actor) -> None:
    _refuse_strangers(line, by)
    asked = [one for one in waiting.asked(line.claim) if one.paper == line.act.paper]
    if not asked:
        raise StepRefused("Cette pièce n’est plus attendue.")
    for one in asked:
        claims.forgo_paper(asked=one, by=by)


_DO = {
    GroupedKind.ASSIGN: _assign,
    GroupedKind.GIVE_BACK: _give_back,
    GroupedKind.ASK_PAPER: _ask,
    GroupedKind.FORGO_PAPER: _forgo,
}
_UNDO = {GroupedKind.ASSIGN: _put_back, GroupedKind.GIVE_BACK: _put_back, GroupedKind.ASK_PAPER: _unask}
