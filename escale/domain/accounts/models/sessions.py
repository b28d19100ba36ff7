"""What an account has open: its sessions, the devices that it came from, and the tries that failed at the door."""

import hashlib
from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models.account import Account


class Session(AbstractBaseSession):
    """An open session, which its owner sees in a list and may close from anywhere."""

    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name=_("compte")
    )
    device = models.CharField(_("appareil"), max_length=100, blank=True)
    began_at = models.DateTimeField(_("ouverte le"), default=timezone.now)
    seen_at = models.DateTimeField(_("vue le"), auto_now=True)

    class Meta:
        verbose_name = _("session")

    def __str__(self) -> str:
        return self.device

    @property
    def reference(self) -> str:
        """What names a session in a page, and opens nothing."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


class Device(models.Model):
    """A browser that an account came from, known again by a token that it keeps: a new one is told by e-mail."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="devices", verbose_name=_("compte"))
    token_digest = models.CharField(_("empreinte du jeton"), max_length=64)
    label = models.CharField(_("appareil"), max_length=100)
    first_seen_at = models.DateTimeField(_("vu la première fois le"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("vu la dernière fois le"), auto_now=True)

    class Meta:
        verbose_name = _("appareil connu")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "token_digest"], name="device_is_known_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Attempt(models.Model):
    """A try that may be a guess, kept for a day so that guessing is slowed for all web processes alike."""

    purpose = models.CharField(_("de quoi"), max_length=32)
    key_digest = models.CharField(_("empreinte de ce qui est compté"), max_length=64)
    at = models.DateTimeField(_("date"), auto_now_add=True)

    class Meta:
        verbose_name = _("tentative")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key_digest", "at"], name="attempt_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.at:%F %T}"
