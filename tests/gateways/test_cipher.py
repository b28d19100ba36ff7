import os
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.gateways import cipher
from escale.gateways.cipher import FRAME, SEALED_FRAME, Altered, Frames

KEY = bytes(range(32))
SIZES = st.one_of(
    st.integers(0, 64),
    st.builds(lambda frames, more: max(0, frames * FRAME + more), st.integers(0, 3), st.integers(-2, 2)),
    st.integers(0, 3 * FRAME),
)


def seal(content, key=KEY):
    return b"".join(cipher.seal(key, [content]))


def unseal(sealed, key=KEY):
    frames = Frames(key, len(sealed))
    opened = [
        frames.open(number, sealed[number * SEALED_FRAME : (number + 1) * SEALED_FRAME])
        for number in range(frames.last + 1)
    ]
    assert sum(map(len, opened)) == frames.size
    return b"".join(opened)


@given(size=SIZES, cuts=st.lists(st.integers(0, 3 * FRAME), max_size=5))
def test_any_content_in_any_chunks_comes_back(size, cuts):
    content = os.urandom(size)
    edges = [0, *sorted(cuts), size]
    chunks = [content[start:end] for start, end in zip(edges, edges[1:], strict=False)]
    assert unseal(b"".join(cipher.seal(KEY, chunks))) == content


@given(size=SIZES, data=st.data())
def test_any_bit_flipped_is_found(size, data):
    sealed = bytearray(seal(os.urandom(size)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Altered):
        unseal(bytes(sealed))


@given(size=SIZES, data=st.data())
def test_any_end_cut_off_is_found(size, data):
    sealed = seal(os.urandom(size))
    lengths = st.integers(0, len(sealed) - 1)
    at_a_frame = st.integers(0, (len(sealed) - 1) // SEALED_FRAME).map(lambda frames: frames * SEALED_FRAME)
    with pytest.raises(Altered):
        unseal(sealed[: data.draw(lengths | at_a_frame)])


@given(size=SIZES, more=st.binary(min_size=1, max_size=200))
def test_anything_added_at_the_end_is_found(size, more):
    with pytest.raises(Altered):
        unseal(seal(os.urandom(size)) + more)


@given(order=st.permutations(range(4)).filter(lambda order: order != [0, 1, 2, 3]))
def test_frames_in_another_order_are_found(order):
    sealed = seal(os.urandom(4 * FRAME))
    frames = [sealed[start : start + SEALED_FRAME] for start in range(0, len(sealed), SEALED_FRAME)]
    with pytest.raises(Altered):
        unseal(b"".join(frames[number] for number in order))


@pytest.mark.parametrize("number", range(3))
def test_a_frame_of_another_file_is_found(number):
    ours, theirs = (seal(os.urandom(3 * FRAME), key) for key in (KEY, bytes(32)))
    cut = slice(number * SEALED_FRAME, (number + 1) * SEALED_FRAME)
    with pytest.raises(Altered):
        unseal(ours[: cut.start] + theirs[cut] + ours[cut.stop :])


def test_a_large_file_passes_in_the_memory_of_a_few_frames():
    tracemalloc.start()
    try:
        for _ in cipher.seal(KEY, (bytes(1024 * 1024) for _ in range(50))):
            pass
        assert tracemalloc.get_traced_memory()[1] < 2_500_000
    finally:
        tracemalloc.stop()
