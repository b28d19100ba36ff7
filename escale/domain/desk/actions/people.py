"""What supervisors say of who treats what, and the views that everybody keeps for themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Claim
from escale.domain.desk.filters import Filters
from escale.domain.desk.models import Assignment, SavedView, Skill, SkillKind
from escale.domain.journal import actions as journal
from escale.rules.lifecycle import StepRefused

MOST_VIEWS = 12
NOT_THEIRS = "Cette personne ne peut pas traiter ce dossier : choisissez quelqu’un d’autre."


@transaction.atomic
def give_skill(*, account: Account, kind: SkillKind, value: str, by: Actor) -> Skill:
    """
    Say that an agent is skilled in something; said twice, it is said once.

    :raises Unacceptable: if nobody can be skilled in that, or if the account treats no claims.
    """
    read = {"territory": "territory", "zone": "zone", "language": "language", "care": "care"}[kind]
    if not value or getattr(Filters.read({read: value}), read) != value:
        raise Unacceptable({"value": _("Choisissez une valeur de la liste.")})
    if not account.hats.filter(role=Role.AGENT).exists():
        raise Unacceptable({"account": _("Cette personne n’est pas gestionnaire.")})
    skill, is_new = Skill.objects.get_or_create(account=account, kind=kind, value=value)
    if is_new:
        journal.record("skill.give", subject=account, actor=by.account, hat=by.role, kind=kind.value, value=value)
    return skill


@transaction.atomic
def withdraw_skill(*, skill: Skill, by: Actor) -> None:
    """Say that an agent is no longer skilled in something."""
    told = {"kind": str(skill.kind), "value": skill.value}
    journal.record("skill.withdraw", subject=skill.account, actor=by.account, hat=by.role, **told)
    skill.delete()


@transaction.atomic
def save_view(*, name: str, filters: Filters, is_default: bool = False, by: Actor) -> SavedView:
    """
    Keep filters under a name, in the place of those that had it.

    :raises Unacceptable: if the name is empty, or if there are too many views.
    """
    name = " ".join(name.split())
    others = SavedView.objects.select_for_update().filter(account=by.account)
    if not name:
        raise Unacceptable({"name": _("Donnez un nom à cette vue.")})
    if others.exclude(name=name).count() >= MOST_VIEWS:
        raise Unacceptable({"name": _("Vous avez déjà douze vues : retirez-en une.")})
    if is_default:
        others.exclude(name=name).update(is_default=False)
    kept = {"filters": filters.kept(), "is_default": is_default}
    view, _is_new = SavedView.objects.update_or_create(account=by.signatory, name=name, defaults=kept)
    return view


def forget_view(*, view: SavedView) -> None:
    """Keep a view no longer."""
    view.delete()


@transaction.atomic
def assign(*, claim: Claim, to: Account | None, by: Actor) -> Account | None:
    """
    Say who is to treat a claim, or that nobody in particular is; return who was to do so before.

    :raises StepRefused: if this person must not treat it: it is about somebody close to them.
    """
    Claim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if to and claim.insured.is_close_to(to):
        raise StepRefused(NOT_THEIRS)
    known = Assignment.objects.select_related("account").filter(claim=claim).first()
    former = known.account if known else None
    if former == to:
        return former
    told = {"agent": to.pk if to else None, "before": former.pk if former else None}
    journal.record("assignment.change", subject=claim, actor=by.account, hat=by.role, **told)
    if to is None:
        Assignment.objects.filter(claim=claim).delete()
    else:
        Assignment.objects.update_or_create(claim=claim, defaults={"account": to, "given_by": by.signatory})
    return former
