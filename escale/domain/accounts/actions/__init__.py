"""What is done at the door."""

from escale.domain.accounts.actions import addresses
from escale.domain.accounts.actions.closing import StillServes, close, erase
from escale.domain.accounts.actions.copies import take_copy
from escale.domain.accounts.actions.factors import (
    LastProof,
    WrongProof,
    add_application,
    add_passkey,
    draw_codes,
    prove_by_code,
    prove_by_passkey,
    remove_application,
    remove_factors,
    remove_passkey,
    reseal,
    user_handle,
)
from escale.domain.accounts.actions.grants import (
    GIVEN_BY_TWO,
    NotGiven,
    WithdrawalReason,
    decline,
    give,
    invite_first,
    propose_hat,
    propose_reset,
    take_up,
    withdraw_hat,
)
from escale.domain.accounts.actions.identities import OnlyWayIn, Taken, Unknown, bind_identity, unbind_identity, welcome
from escale.domain.accounts.actions.limits import TooManyAttempts, forget_attempts, knock, spend
from escale.domain.accounts.actions.passwords import WeakPassword, is_long, judge_password, set_password
from escale.domain.accounts.actions.passwords import length as password_length
from escale.domain.accounts.actions.sessions import close_sessions, end_sessions, forget_device
from escale.domain.accounts.actions.signing_in import (
    WrongCredentials,
    arrive,
    prove_by_password,
    sign_in,
    sign_out,
)

__all__ = [
    "GIVEN_BY_TWO",
    "LastProof",
    "NotGiven",
    "OnlyWayIn",
    "StillServes",
    "Taken",
    "TooManyAttempts",
    "Unknown",
    "WeakPassword",
    "WithdrawalReason",
    "WrongCredentials",
    "WrongProof",
    "add_application",
    "add_passkey",
    "addresses",
    "arrive",
    "bind_identity",
    "close",
    "close_sessions",
    "decline",
    "draw_codes",
    "end_sessions",
    "erase",
    "forget_attempts",
    "forget_device",
    "give",
    "invite_first",
    "is_long",
    "judge_password",
    "knock",
    "password_length",
    "propose_hat",
    "propose_reset",
    "prove_by_code",
    "prove_by_passkey",
    "prove_by_password",
    "remove_application",
    "remove_factors",
    "remove_passkey",
    "reseal",
    "set_password",
    "sign_in",
    "sign_out",
    "spend",
    "take_copy",
    "take_up",
    "unbind_identity",
    "user_handle",
    "welcome",
    "withdraw_hat",
]
