"""Who is insured: people, those for whom they answer, their rights, postings and addresses."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.registry.models import closeness, numbers
from escale.domain.registry.models.folding import Folded
from escale.domain.registry.models.numbers import Numbered
from escale.rules.deadlines import Residence


class Category(models.TextChoices):
    """The categories of affiliation (CSS, art. L. 713-1 and D. 713-1)."""

    ACTIVE = "active", _("Militaire en activité")
    RETIRED = "retired", _("Militaire retraité")
    DEPENDANT = "dependant", _("Ayant droit assuré en son nom")
    OTHER = "other", _("Autre assuré")


class Basis(models.TextChoices):
    """On what the affiliation rests."""

    SERVICE = "service", _("Militaire de carrière ou sous contrat (L. 713-1, 1°)")
    PENSION = "pension", _("Titulaire d’une pension de retraite militaire (L. 713-1, 2°)")
    REVERSION = "reversion", _("Pension de réversion (D. 713-1, 3°)")
    FAMILY = "family", _("Membre majeur de la famille, sur demande (L. 713-1, 3°)")
    INVALIDITY = "invalidity", _("Invalidité")
    MAINTAINED = "maintained", _("Maintien de droits")
    STAFF = "staff", _("Fonctionnaire de la Caisse (L. 713-22)")


class Link(models.TextChoices):
    """What ties a beneficiary to the insured person."""

    SELF = "self", _("Moi-même")
    SPOUSE = "spouse", _("Conjoint")
    CHILD = "child", _("Enfant mineur")
    ADULT_CHILD = "adult_child", _("Enfant majeur")
    OTHER = "other", _("Autre ayant droit")


def period_ends_after_it_starts(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")), name=name)


class PeriodQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        """Keep the periods that hold on this day (the end is excluded)."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)


class InsuredPersonQuerySet(models.QuerySet["InsuredPerson"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep oneself for the insured; for those who treat their requests, all but whom they are close to."""
        match actor.role:
            case Role.INSURED:
                return self.filter(account=actor.owner)
            case Role.AGENT | Role.PHYSICIAN | Role.ACCOUNTANT | Role.COUNTER:
                return self.exclude(pk__in=InsuredPerson.objects.close_to(actor.account))
            case Role.SYSTEM:
                return self
        return self.none()

    def bearing(self, number: str) -> Self:
        """Keep whoever bears this social security number, however it is typed; nobody if it cannot be one."""
        return self.filter(nir_digest__in=numbers.digests(number))

    def close_to(self, *accounts: Account | None) -> Self:
        """Keep those whom one of these accounts is close to, its owner first of all: see `closeness`."""
        return self.filter(pk__in=closeness.of(InsuredPerson.objects.all(), *accounts))

    def shut_to(self, account: Account | None) -> Self:
        """Keep those whose file is protected, unless this account said why it opens it and its time is not over."""
        opened = InsuredPerson.objects.filter(openings__by=account, openings__until__gt=timezone.now())
        return self.filter(protection__isnull=False).exclude(pk__in=opened.values("pk"))


Row = TypeVar("Row", bound=models.Model)


class OfInsuredQuerySet(models.QuerySet[Row]):
    """Rows about an insured person, whose file may be protected."""

    def saying_if_shut_to(self, actor: Actor) -> Self:
        """Say of each whether its file is `shut`: protected, and not opened by this actor."""
        shut = InsuredPerson.objects.shut_to(actor.account).filter(pk=models.OuterRef("insured"))
        return self.annotate(shut=models.Exists(shut))


class InsuredPerson(Numbered):
    """A person affiliated to the Fund."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="insured",
        verbose_name=_("compte"),
    )
    birth_name = models.CharField(_("nom de naissance"), max_length=100)
    used_name = models.CharField(_("nom d’usage"), max_length=100, blank=True)
    first_names = models.CharField(_("prénoms"), max_length=100)
    folded_name = models.CharField(_("nom de recherche"), max_length=310, db_collation="C")
    born_on = models.DateField(_("date de naissance"))
    category = models.CharField(_("catégorie"), max_length=16, choices=Category.choices)
    basis = models.CharField(_("fondement de l’affiliation"), max_length=16, choices=Basis.choices)
    residence = models.CharField(
        _("résidence"),
        max_length=16,
        choices=[(place.value, place.label) for place in Residence],
        default=Residence.FRANCE.value,
    )

    objects = InsuredPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("assuré")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["nir_digest"], name="insured_bears_a_number_of_their_own")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["folded_name", "id"], name="insured_by_name")]

    def __str__(self) -> str:
        return f"{self.first_names.split()[0]} {self.used_name or self.birth_name}"

    def is_close_to(self, account: Account) -> bool:
        """Tell whether this account's owner must not treat the case of this person now: see `closeness`."""
        return self.account_id == account.pk or self.pk in closeness.of_now(InsuredPerson.objects.all(), account)


class Beneficiary(models.Model):
    """A person whose care the insured person may claim for; the insured person is the first of them."""

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="beneficiaries", verbose_name=_("assuré"))
    link = models.CharField(_("lien"), max_length=16, choices=Link.choices)
    last_name = models.CharField(_("nom"), max_length=100)
    first_names = models.CharField(_("prénoms"), max_length=100)
    born_on = models.DateField(_("date de naissance"))
    person = models.ForeignKey(
        InsuredPerson,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="known_as",
        verbose_name=_("assuré en son nom"),
        help_text=_("Majeur, ou mineur qui l’a demandé à l’âge que dit la loi : il a alors son propre compte."),
    )
    valid_from = models.DateField(_("depuis le"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)
    folded_name = models.GeneratedField(
        verbose_name=_("nom de recherche"),
        expression=Folded("last_name", "first_names"),
        output_field=models.CharField(max_length=310, db_collation="C"),
        db_persist=True,
    )

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("bénéficiaire")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["folded_name", "id"], name="relative_by_name", condition=~Q(link=Link.SELF)),
        ]
        constraints: ClassVar[list[Any]] = [
            period_ends_after_it_starts("beneficiary_period_is_ordered"),
            models.UniqueConstraint(
                fields=["insured", "link", "first_names", "born_on"], name="beneficiary_is_known_once"
            ),
            models.UniqueConstraint(
                fields=["insured"], condition=Q(link=Link.SELF), name="beneficiary_is_oneself_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_names.split()[0]} {self.last_name}"


class Entitlement(models.Model):
    """Rights open for a beneficiary between two days, and why they opened and closed."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, related_name="entitlements", verbose_name=_("bénéficiaire")
    )
    valid_from = models.DateField(_("ouverts le"))
    valid_until = models.DateField(_("fermés le (exclu)"), null=True, blank=True)
    opened_because = models.CharField(_("motif d’ouverture"), max_length=100)
    closed_because = models.CharField(_("motif de fermeture"), max_length=100, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("droits ouverts")
        constraints: ClassVar[list[Any]] = [
            period_ends_after_it_starts("entitlement_period_is_ordered"),
            models.UniqueConstraint(fields=["beneficiary", "valid_from"], name="entitlement_opens_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} – {self.valid_until or '…'}"


class Posting(models.Model):
    """A posting outside metropolitan France, as the administration signalled it (CSS, art. R. 761-14)."""

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="postings", verbose_name=_("assuré"))
    territory = models.CharField(_("territoire"), max_length=8)
    valid_from = models.DateField(_("depuis le"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)
    with_family = models.BooleanField(_("famille accompagnante"), default=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("affectation")
        constraints: ClassVar[list[Any]] = [
            period_ends_after_it_starts("posting_period_is_ordered"),
            models.UniqueConstraint(fields=["insured", "valid_from"], name="posting_starts_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.valid_from} – {self.valid_until or '…'}"


class PostalAddress(models.Model):
    """Where a letter reaches an insured person: the address that the administration or a counter knows."""

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="addresses", verbose_name=_("assuré"))
    lines = models.TextField(_("lignes de l’adresse"), help_text=_("Six lignes au plus, de 38 caractères."))
    valid_from = models.DateField(_("depuis le"))
    valid_until = models.DateField(_("jusqu’au (exclu)"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse postale")
        constraints: ClassVar[list[Any]] = [
            period_ends_after_it_starts("address_period_is_ordered"),
            models.UniqueConstraint(fields=["insured", "valid_from"], name="address_starts_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.lines
