"""What a service of the State says is believed only after every check; a liar, a slow one, a thief get nothing."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc.jwk import ECKey

from escale.gateways import bounded
from escale.gateways.openid import Declined, Unavailable, Untrue, ask, identify, leave
from tests import oidc
from tests.gateways import hostile
from tests.gateways.hostile import Liar


@pytest.fixture
def liar() -> Iterator[Liar]:
    with hostile.lying() as provider:
        yield provider


def comes_back(liar: Liar, *, terms: dict[str, Any] | None = None, **changes: str) -> Any:
    asked = liar.ask(**terms or {})
    return identify(liar.registration(**terms or {}), liar.back(asked, **changes), asked)


def refusal(liar: Liar, **more: Any) -> str:
    with pytest.raises(Untrue) as fault:
        comes_back(liar, **more)
    return fault.value.code


def test_what_is_right_is_believed(liar: Liar):
    claims = comes_back(liar)
    assert (claims.subject, claims.told["family_name"]) == ("sujet", "X")


def test_what_is_asked_is_what_franceconnect_wants(liar: Liar):
    asked = liar.ask()
    assert liar.asked["acr_values"] == "eidas1"
    assert len(liar.asked["nonce"]) >= 22
    assert liar.asked["code_challenge_method"] == "S256"
    assert {asked.state, asked.nonce, asked.verifier} & set(liar.asked.values()) == {asked.state, asked.nonce}


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ({"nonce": "un autre nonce, de plus de 22 signes"}, "nonce"),
        ({"nonce": ...}, "nonce"),
        ({"aud": "une autre"}, "aud"),
        ({"aud": ["escale", "une autre"]}, "azp"),
        ({"azp": "une autre"}, "azp"),
        ({"iss": "https://ailleurs.invalid"}, "iss"),
        ({"exp": 1_000_000_000}, "exp"),
        ({"exp": ...}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 9e99}, "exp"),
        ({"iat": 9_000_000_000}, "iat"),
        ({"nbf": 9_000_000_000}, "nbf"),
        ({"acr": "eidas0"}, "acr"),
        ({"acr": ...}, "acr"),
        ({"acr": ["eidas1"]}, "acr"),
        ({"sub": 7}, "sub"),
        ({"sub": "s\u0000"}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 300}, "sub"),
    ],
)
def test_a_lie_in_the_token_is_found(liar: Liar, lie: dict[str, Any], code: str):
    liar.id_token = lie
    assert refusal(liar) == code


@pytest.mark.parametrize("nonfinite", ["NaN", "Infinity", "1e999"])
def test_a_time_that_is_no_number_is_refused(liar: Liar, nonfinite: str):
    liar.id_token = {"exp": float(nonfinite)}
    assert refusal(liar) in {"exp", "token"}


def test_a_higher_level_than_asked_is_accepted(liar: Liar):
    liar.id_token = {"acr": "eidas2"}
    assert comes_back(liar).subject == "sujet"


def test_another_key_under_the_same_name_signs_nothing(liar: Liar):
    liar.key = ECKey.generate_key("P-256", parameters={"kid": "1"})
    assert refusal(liar) == "signature"
    assert liar.heard.count("/jwks") == 2


def test_a_new_key_is_looked_for_once(liar: Liar):
    assert comes_back(liar).subject == "sujet"
    liar.key = liar.published = ECKey.generate_key("P-256", parameters={"kid": "2"})
    liar.header, liar.type = {"alg": "ES256", "kid": "2"}, "application/json"
    liar.codes = {"code"}
    assert comes_back(liar, terms={"jwt_only": False}).subject == "sujet"


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "HS256", "kid": "1"}])
@pytest.mark.filterwarnings("ignore")
def test_an_unsigned_token_or_one_signed_with_what_is_public_is_refused(liar: Liar, header: dict[str, str]):
    liar.header = header
    assert refusal(liar) in {"token", "signature"}


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.b.c.d.e", ".." * 9, "é", None, 7, {}, "e30.e30.e30", "\x00"])
def test_a_token_that_is_none_is_refused(liar: Liar, token: Any):
    liar.answers["/token"] = lambda: hostile._json({"access_token": "j", "token_type": "Bearer", "id_token": token})
    assert refusal(liar) in {"token", "tokens", "signature"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "un autre"}, "state"),
        ({"state": ""}, "state"),
        ({"state": "é\ud800"}, "state"),
        ({"iss": "https://ailleurs.invalid"}, "iss"),
        ({"code": ""}, "code"),
        ({"code": "un code volé"}, "code"),
    ],
)
def test_what_comes_back_with_somebody_is_checked(liar: Liar, changes: dict[str, str], code: str):
    assert refusal(liar, **changes) == code


def test_who_comes_back_without_naming_the_service_that_promised_to_is_refused(liar: Liar):
    asked = liar.ask()
    with pytest.raises(Untrue, match="iss"):
        identify(liar.registration(), {"code": "code", "state": asked.state}, asked)


def test_a_code_serves_once(liar: Liar):
    comes_back(liar)
    assert refusal(liar) == "code"


@pytest.mark.parametrize(
    ("lie", "code"),
    [({"sub": "un autre"}, "sub"), ({"iss": "https://x.invalid"}, "userinfo"), ({"aud": "une autre"}, "userinfo")],
)
def test_userinfo_of_somebody_else_or_for_somebody_else_is_refused(liar: Liar, lie: dict[str, Any], code: str):
    liar.userinfo = lie
    assert refusal(liar) == code


def test_an_unsigned_userinfo_is_refused_unless_it_was_agreed(liar: Liar):
    liar.type = "application/json; charset=utf-8"
    assert refusal(liar) == "userinfo_unsigned"
    liar.codes = {"code"}
    assert comes_back(liar, terms={"jwt_only": False}).told["family_name"] == "X"
    liar.codes, liar.userinfo = {"code"}, {"sub": "un autre"}
    assert refusal(liar, terms={"jwt_only": False}) == "sub"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b'{"sub":NaN}', b"[" * 100_000])
def test_a_userinfo_that_is_none_is_refused(liar: Liar, body: bytes):
    liar.answers["/userinfo"] = lambda: (200, "application/json", body)
    assert refusal(liar, terms={"jwt_only": False}) == "json"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/userinfo", lambda: (200, "application/json", b" " * 1_000_000)),
        ("/token", lambda: (200, "application/json", b" " * 1_000_000)),
        ("/jwks", lambda: (302, "http://localhost:9/", b"")),
        ("/token", lambda: (302, "http://localhost:9/", b"")),
        ("/userinfo", lambda: (500, "text/html", b"")),
        ("/token", lambda: (200, "slow", b" " * 100_000)),
        ("/userinfo", lambda: (200, "slow", b" " * 100_000)),
    ],
    ids=["huge", "huge token", "elsewhere", "token elsewhere", "broken", "slow token", "slow"],
)
def test_a_huge_slow_broken_or_wandering_answer_is_no_answer(
    liar: Liar, monkeypatch: pytest.MonkeyPatch, path: str, answer: Callable[[], hostile.Answer]
):
    monkeypatch.setattr(bounded, "SECONDS", 0.4)
    liar.answers[path] = answer
    began = time.monotonic()
    with pytest.raises(Unavailable):
        comes_back(liar)
    assert time.monotonic() - began < 30


def test_a_service_that_is_down_is_unavailable(liar: Liar):
    with pytest.raises(Unavailable):
        ask(liar.registration(issuer="http://localhost:9"))


def test_a_service_that_calls_itself_otherwise_is_not_asked(liar: Liar):
    with pytest.raises(Unavailable):
        ask(liar.registration(issuer=f"{liar.issuer}/"))


def test_without_tls_nobody_is_sent_outside_a_demonstration(liar: Liar):
    with pytest.raises(Unavailable):
        ask(liar.registration(plain=False))


@pytest.mark.parametrize(
    ("error", "raised"), [("access_denied", Declined), ("temporarily_unavailable", Unavailable), ("?", Declined)]
)
def test_what_the_service_refuses_is_told(liar: Liar, error: str, raised: type[Exception]):
    with pytest.raises(raised):
        comes_back(liar, error=error)


@pytest.mark.parametrize("client", list(oidc.CLIENTS))
def test_a_real_provider_is_understood(openid_provider: oidc.Provider, client: str):
    openid_provider.knows(alix={"family_name": "HAUTERIVE", "given_name": None, "birthdate": 7})
    registration = openid_provider.registration(client)
    asked = ask(registration)
    came = openid_provider.back(openid_provider.sign_in(asked.address, "alix"))
    claims = identify(registration, came, asked)
    assert claims.told["family_name"] == "HAUTERIVE"
    with pytest.raises(Untrue, match="code"):
        identify(registration, came, asked)
    address = leave(registration, id_token=claims.id_token, back_to=oidc.LEFT, state="e")
    assert openid_provider.sign_out(address) == f"{oidc.LEFT}?state=e"
