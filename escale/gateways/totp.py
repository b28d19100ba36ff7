"""Codes of six digits that an application draws every thirty seconds from a shared secret (RFC 6238)."""

import hmac
from datetime import UTC, datetime

import pyotp
import segno

PERIOD = 30
_LENGTH = 32  # signs of base 32: 160 bits, as RFC 4226 advises


def draw() -> str:
    """Draw a new secret, in base 32."""
    return pyotp.random_base32(_LENGTH)


def step_at(moment: datetime) -> int:
    """Return the number of the thirty seconds in which this moment lies, since 1970."""
    return int(moment.timestamp()) // PERIOD


def code(secret: str, step: int) -> str:
    """Return the code of a step."""
    return pyotp.TOTP(secret).at(datetime.fromtimestamp(step * PERIOD, UTC))


def accepted(secret: str, typed: str, *, at: datetime, after: int) -> int | None:
    """
    Return the step of which this is the code, the one before and the one after now being accepted too; else None.

    A step no later than `after` was used already and is refused (RFC 6238, § 5.2).
    """
    digits = "".join(typed.split())
    now = step_at(at)
    for step in (now - 1, now, now + 1):
        if step > after and hmac.compare_digest(code(secret, step).encode(), digits.encode()):
            return step
    return None


def address(secret: str, *, account: str, service: str) -> str:
    """Return the address that an application reads, typed or drawn: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=service)


def drawing(address: str) -> str:
    """Return this address as a QR code, an SVG picture in a data: address."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4)
