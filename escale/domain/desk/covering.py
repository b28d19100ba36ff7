"""Which claims an agent is to be given: those that their skills cover, and those that are no other's by name."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from escale.domain.accounts.models import Account, Role
from escale.domain.claims.lifecycle import Status
from escale.domain.desk.filters import of_language, of_zone
from escale.domain.desk.models import Assignment, Skill, SkillKind
from escale.domain.registry.models import InsuredPerson


def condition(account: Account) -> Q:
    """
    Return what a claim must be for an agent to be given it (1 query).

    Without a skill in places, they treat every place; with some, these and those of nobody. It is the same for cares.
    """
    skills = list(Skill.objects.filter(account__is_active=True, account__hats__role=Role.AGENT))
    mine = [skill for skill in skills if skill.account_id == account.pk]
    places, cares = _places(mine), _cares(mine)
    covered = Q()
    if places:
        covered &= Q(territory__in=places) | ~Q(territory__in=_places(skills))
    if cares:
        covered &= Q(cares__overlap=cares) | ~Q(cares__overlap=_cares(skills))
    return covered


def given_elsewhere(by: Account) -> Exists:
    """
    Return whether a claim was given by name to another who may still treat it (2 queries).

    Who left, lost the hat, or is close to the insured person keeps it from nobody. Few are close to somebody whose
    claim they were given: each of them is looked at by itself.
    """
    others = list(Account.objects.filter(is_active=True, hats__role=Role.AGENT).exclude(pk=by.pk).order_by("pk"))
    theirs = Assignment.objects.filter(account__in=others)
    near = theirs.filter(claim__status=Status.IN_PROGRESS, claim__insured__in=InsuredPerson.objects.close_to(*others))
    aside = [one.pk for one in near.select_related("claim__insured", "account").order_by("pk")
             if one.claim.insured.is_close_to(one.account)]  # fmt: skip
    return Exists(theirs.exclude(pk__in=aside).filter(claim=OuterRef("pk")))


def _places(skills: Iterable[Skill]) -> list[str]:
    found: set[str] = set()
    for skill in skills:
        match skill.kind:
            case SkillKind.TERRITORY:
                found.add(skill.value)
            case SkillKind.ZONE:
                found.update(of_zone(skill.value))
            case SkillKind.LANGUAGE:
                found.update(of_language(skill.value))
    return sorted(found)


def _cares(skills: Iterable[Skill]) -> list[str]:
    return sorted({skill.value for skill in skills if skill.kind == SkillKind.CARE})
