"""Who may enter: accounts, the hats that they may wear, and the attempts at the door."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The hats of the house; the system wears one too."""

    INSURED = "insured", _("Assuré")
    AGENT = "agent", _("Gestionnaire")
    PHYSICIAN = "physician", _("Médecin-conseil")
    ACCOUNTANT = "accountant", _("Agent comptable")
    SUPERVISOR = "supervisor", _("Superviseur")
    SYSTEM = "system", _("Système")


class AccountManager(BaseUserManager["Account"]):
    def create_account(self, *, email: str, password: str | None, name: str, roles: tuple[str, ...] = ()) -> "Account":
        """Create an account that may wear these hats; without a password nobody can sign in to it."""
        account = self.model(email=email.strip().lower(), name=name)
        account.set_password(password)
        account.save(using=self._db)
        Hat.objects.bulk_create(Hat(account=account, role=role) for role in roles)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """The key with which someone enters; what they may do depends on the hat that they wear."""

    email = models.EmailField(_("adresse e-mail"), max_length=254, unique=True)
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


class SignInAttempt(models.Model):
    """A failed try at the door, kept for a day so that guessing is slowed for all web processes alike."""

    email_digest = models.CharField(_("empreinte de l’adresse e-mail"), max_length=64)
    ip_digest = models.CharField(_("empreinte de l’adresse IP"), max_length=64)
    at = models.DateTimeField(_("date"), auto_now_add=True)

    class Meta:
        verbose_name = _("tentative de connexion")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ip_digest", "at"], name="attempt_by_ip"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
