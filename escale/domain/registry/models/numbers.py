"""The numbers that are kept sealed, and found again by a digest that only the house can make: NIR and IBAN."""

import logging

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.journal.actions import name_of
from escale.domain.registry.models import sealed
from escale.gateways import findable, keyring
from escale.gateways.cipher import Altered
from escale.rules import identity

log = logging.getLogger(__name__)


class Numbered(models.Model):
    """Whoever bears a number, or says so: `nir` is read and written in clear, and never kept so."""

    nir_digest = models.CharField(
        _("empreinte du numéro de sécurité sociale"), max_length=findable.DIGEST_SIGNS, blank=True
    )
    nir_sealed = models.BinaryField(_("numéro de sécurité sociale"), blank=True)

    class Meta:
        abstract = True

    @property
    def nir(self) -> str:
        """
        The number, opened each time it is read: lists do without.

        :raises keyring.NoKey, cipher.Altered: if it is not as it was sealed.
        """
        return sealed.opened(self.nir_sealed, digest=self.nir_digest)

    @nir.setter
    def nir(self, number: str) -> None:
        self.nir_digest, self.nir_sealed = sealed.sealed(number)

    @property
    def legible_nir(self) -> str:
        """The number, or nothing where its seal does not open: the log then says whose."""
        try:
            return self.nir
        except (Altered, keyring.NoKey) as fault:
            log.error("%s: its number does not open (%r)", name_of(self), fault)
            return ""


class OnAccount(models.Model):
    """Whatever names a bank account: `iban` is read and written in clear, and never kept so; lists show it masked."""

    iban_digest = models.CharField(_("empreinte de l’IBAN"), max_length=findable.DIGEST_SIGNS)
    iban_sealed = models.BinaryField(_("IBAN"))
    masked_iban = models.CharField(_("IBAN masqué"), max_length=identity.MASKED_IBAN_LENGTH)

    class Meta:
        abstract = True

    @property
    def iban(self) -> str:
        """
        The IBAN, opened each time it is read: lists show it masked.

        :raises keyring.NoKey, cipher.Altered: if it is not as it was sealed.
        """
        return sealed.opened(self.iban_sealed, digest=self.iban_digest)

    @iban.setter
    def iban(self, iban: str) -> None:
        self.iban_digest, self.iban_sealed = sealed.sealed(iban)
        self.masked_iban = identity.masked_iban(iban)

    @property
    def legible_iban(self) -> str:
        """The IBAN, or nothing where its seal does not open: the log then says whose."""
        try:
            return self.iban
        except (Altered, keyring.NoKey) as fault:
            log.error("%s: its IBAN does not open (%r)", name_of(self), fault)
            return ""

    @property
    def iban_as_shown(self) -> str:
        """The IBAN that those who decided saw masked, or nothing where it does not open, or is another."""
        number = self.legible_iban
        return number if identity.masked_iban(number) == self.masked_iban else ""


def tables() -> list[tuple[type[models.Model], str]]:
    """Return every table that keeps numbers, with the name of its own: a new one has nothing to remember."""
    kinds = ((Numbered, "nir"), (OnAccount, "iban"))
    return [(model, of) for model in apps.get_models() for kind, of in kinds if issubclass(model, kind)]


def digests(typed: str) -> list[str]:
    """Return the digests under which a NIR may be found: while the keys turn, several; none if it cannot be one."""
    try:
        return sealed.digests(identity.nir(typed))
    except identity.Invalid:
        return []
