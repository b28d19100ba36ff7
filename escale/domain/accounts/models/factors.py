"""With what somebody proves that they are the owner of an account, besides a password."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models.account import Account


class Provider(models.TextChoices):
    """The services of the State that say who somebody is."""

    FRANCECONNECT = "franceconnect", "FranceConnect"
    PROCONNECT = "proconnect", "ProConnect"


class Passkey(models.Model):
    """A key that a device or a token keeps, and that no fake page can use (WebAuthn level 3)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys", verbose_name=_("compte"))
    credential_id = models.BinaryField(_("identifiant"), max_length=1023, unique=True)
    public_key = models.BinaryField(_("clé publique"))
    sign_count = models.PositiveBigIntegerField(_("compteur"), default=0)
    name = models.CharField(_("nom"), max_length=60)
    added_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)
    used_at = models.DateTimeField(_("utilisée le"), null=True)

    class Meta:
        verbose_name = _("clé d’accès")

    def __str__(self) -> str:
        return self.name


class TotpKey(models.Model):
    """The secret that an application of the account's owner shares with us (RFC 6238), sealed."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="totp", verbose_name=_("compte"))
    sealed = models.BinaryField(_("secret scellé"))
    last_step = models.BigIntegerField(_("dernier pas accepté"), default=0)
    added_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("application d’authentification")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class RecoveryCode(models.Model):
    """A code to be used once, when the other proofs are out of reach; kept as a digest."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes", verbose_name=_("compte"))
    digest = models.CharField(_("empreinte"), max_length=64)
    used_at = models.DateTimeField(_("utilisé le"), null=True)

    class Meta:
        verbose_name = _("code de secours")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_is_drawn_once"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Identity(models.Model):
    """The name under which a service of the State knows the owner of an account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="identities", verbose_name=_("compte"))
    provider = models.CharField(_("service"), max_length=16, choices=Provider.choices)
    subject = models.CharField(_("identifiant"), max_length=255)
    bound_at = models.DateTimeField(_("lié le"), auto_now_add=True)

    class Meta:
        verbose_name = _("identité reconnue")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["provider", "subject"], name="identity_is_of_one_account"),
            models.UniqueConstraint(fields=["account", "provider"], name="account_has_one_identity_of_each"),
        ]

    def __str__(self) -> str:
        return self.get_provider_display()


class PendingAddress(models.Model):
    """An e-mail address that an account wants, until a message sent to it was read."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="pending_address", verbose_name=_("compte"))
    address = models.EmailField(_("adresse e-mail"), max_length=254)
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("adresse à confirmer")

    def __str__(self) -> str:
        return self.address
