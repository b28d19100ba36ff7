"""The journal: entries that are never changed, and the blocks that seal them."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One fact that happened; a trigger of the database refuses to change or delete it."""

    event = models.CharField(_("événement"), max_length=64)
    subject = models.CharField(_("objet"), max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("auteur"))
    hat = models.CharField(_("casquette"), max_length=16, blank=True)
    facts = models.JSONField(_("faits"), default=dict)
    at = models.DateTimeField(_("date"), auto_now_add=True)

    class Meta:
        verbose_name = _("inscription au journal")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject", "id"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Block(models.Model):
    """A seal on some entries, chained to the seal before it by its hash."""

    entry_ids = ArrayField(models.BigIntegerField(), verbose_name=_("inscriptions"))
    highest = models.BigIntegerField(_("plus haute inscription scellée jusqu’ici"))
    leaves = models.BinaryField(_("empreintes des inscriptions"))
    previous = models.CharField(_("empreinte du bloc précédent"), max_length=64)
    digest = models.CharField(_("empreinte"), max_length=64)
    sealed_at = models.DateTimeField(_("scellé le"))

    class Meta:
        verbose_name = _("bloc scellé")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["previous"], name="block_chain_has_no_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}:{self.digest}"
