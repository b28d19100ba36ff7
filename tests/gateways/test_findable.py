"""Words that are sealed and found again: who has the database and not the keys learns nothing of them."""

import hashlib

import pytest

from escale.gateways import findable
from escale.gateways.keyring import Altered, Keyring, NoKey

OLD, NEW = b"\1" * 32, b"\2" * 32
KEYS = Keyring(ordinary={"2025": OLD, "2026": NEW})
BEFORE, AFTER = Keyring(ordinary={"2025": OLD}), Keyring(ordinary={"2026": NEW})
WORDS = "255081416802538"


def test_words_open_beside_their_own_digest_only():
    mine, other = (findable.digests(words, keys=KEYS)[-1] for words in (WORDS, "155081416802538"))
    sealed = findable.seal(WORDS, digest=mine, keys=KEYS)
    assert findable.opened(sealed, digest=mine, keys=KEYS) == WORDS
    with pytest.raises(Altered):
        findable.opened(sealed, digest=other, keys=KEYS)
    assert sealed != findable.seal(WORDS, digest=mine, keys=KEYS)


def test_while_keys_turn_words_are_found_under_each_and_the_last_one_seals():
    [older, newer] = findable.digests(WORDS, keys=KEYS)
    assert [older] == findable.digests(WORDS, keys=BEFORE)
    assert [newer] == findable.digests(WORDS, keys=AFTER)
    sealed = findable.seal(WORDS, digest=newer, keys=KEYS)
    assert sealed.startswith(KEYS.mark(medical=False))
    with pytest.raises(NoKey):
        findable.opened(sealed, digest=newer, keys=BEFORE)


def test_the_digest_is_made_by_a_key_of_its_own():
    [digest] = findable.digests(WORDS, keys=AFTER)
    assert len(digest) == findable.DIGEST_SIGNS
    tried = [hashlib.sha256(WORDS.encode()), hashlib.sha256(NEW + WORDS.encode())]
    assert digest not in {one.hexdigest() for one in tried}
    assert digest != hashlib.new("sha256", NEW).hexdigest()


def test_nobody_is_looked_for_without_a_key():
    with pytest.raises(NoKey):
        findable.digests(WORDS, keys=Keyring())
