"""The social security number as it is kept: sealed, and found again by a digest that only the house can make."""

import logging
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from escale.domain.journal.actions import name_of
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
        return findable.opened(bytes(self.nir_sealed), digest=self.nir_digest, keys=_keys()) if self.nir_digest else ""

    @nir.setter
    def nir(self, number: str) -> None:
        self.nir_digest = digest(number) if number else ""
        self.nir_sealed = seal(number, digest=self.nir_digest) if number else b""

    @property
    def legible_nir(self) -> str:
        """The number, or nothing where its seal does not open: the log then says whose."""
        try:
            return self.nir
        except (Altered, keyring.NoKey) as fault:
            log.error("%s: its number does not open (%r)", name_of(self), fault)
            return ""


Row = TypeVar("Row", bound=Numbered)


def digest(number: str) -> str:
    """Return the digest under which a number is kept."""
    return findable.digests(number, keys=_keys())[-1]


def digests(typed: str) -> list[str]:
    """Return the digests under which a number may be found: while the keys turn, several; none if it cannot be one."""
    try:
        return findable.digests(identity.nir(typed), keys=_keys())
    except identity.Invalid:
        return []


def seal(number: str, *, digest: str) -> bytes:
    """Seal a number beside its digest."""
    return findable.seal(number, digest=digest, keys=_keys())


def under_older_keys(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Keep the rows whose number the current key did not seal."""
    return rows.exclude(_current() | Q(nir_digest=""))


def under_current_key(rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Keep the rows whose number the current key sealed."""
    return rows.filter(_current())


def damaged(row: Numbered) -> bool:
    """Tell whether what is kept of a number does not open any more; raises keyring.NoKey if its key is not held."""
    try:
        return not row.nir and bool(row.nir_sealed)
    except Altered:
        return True


def _current() -> Exact:
    mark = _keys().mark(medical=False)
    return Exact(Substr("nir_sealed", 1, len(mark), output_field=models.BinaryField()), mark)


def _keys() -> keyring.Keyring:
    return keyring.held(settings.VAULT_KEYS)
