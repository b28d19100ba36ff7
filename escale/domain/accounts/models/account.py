"""Who may enter: accounts, the hats that they may wear, and how a hat is given."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The hats of the house; the system wears one too."""

    INSURED = "insured", _("Assuré")
    AGENT = "agent", _("Gestionnaire")
    PHYSICIAN = "physician", _("Médecin-conseil")
    ACCOUNTANT = "accountant", _("Agent comptable")
    SECOND_ACCOUNTANT = "accountant_2", _("Second comptable")
    SUPERVISOR = "supervisor", _("Superviseur")
    COUNTER = "counter", _("Agent d’accueil")
    AUDITOR = "auditor", _("Auditeur")
    PARTNER = "partner", _("Partenaire")
    SYSTEM = "system", _("Système")


class AccountManager(BaseUserManager["Account"]):
    def create_account(
        self, *, email: str | None, password: str | None, name: str, roles: tuple[str, ...] = ()
    ) -> "Account":
        """Create an account that may wear these hats; without a password nobody can sign in to it by one."""
        account = self.model(email=email.strip().lower() if email else None, name=name)
        account.set_password(password)
        account.save(using=self._db)
        Hat.objects.bulk_create(Hat(account=account, role=role) for role in roles)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """The key with which someone enters; what they may do depends on the hat that they wear."""

    email = models.EmailField(
        _("adresse e-mail"),
        max_length=254,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Celle dont la lecture d’un message a été prouvée ; aucune avant."),
    )
    name = models.CharField(
        _("nom affiché"),
        max_length=200,
        help_text=_("Pour un agent, un identifiant de service peut remplacer le nom (CRPA, art. L. 111-2)."),
    )
    is_active = models.BooleanField(_("actif"), default=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = _("compte")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="account_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.name


class Hat(models.Model):
    """A role that an account may take, one at a time."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="hats", verbose_name=_("compte"))
    role = models.CharField(_("rôle"), max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("casquette")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "role"], name="hat_is_given_once"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Grant(models.Model):
    """A hat that somebody proposed to give, and what somebody else answered: no hat of the Fund is given by one."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants", verbose_name=_("compte"))
    role = models.CharField(_("rôle"), max_length=16, choices=Role.choices)
    why = models.CharField(_("raison"), max_length=200)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("proposée par"))
    proposed_at = models.DateTimeField(_("proposée le"), auto_now_add=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True, verbose_name=_("tranchée par"))
    settled_at = models.DateTimeField(_("tranchée le"), null=True)
    given = models.BooleanField(_("donnée"), null=True)

    class Meta:
        verbose_name = _("attribution d’une casquette")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True)
                | (~Q(settled_by=models.F("proposed_by")) & ~Q(settled_by=models.F("account"))),
                name="grant_is_settled_by_another",
            ),
            models.CheckConstraint(condition=~Q(proposed_by=models.F("account")), name="grant_is_for_another"),
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(given__isnull=True), name="grant_is_proposed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} : {self.account}"
