"""Which claims the skills of an agent cover: theirs, and those for which nobody is skilled."""

from collections.abc import Iterable

from django.db.models import Q

from escale.domain.accounts.models import Account, Role
from escale.domain.desk.filters import of_language, of_zone
from escale.domain.desk.models import Skill, SkillKind


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
