"""Random nonsense gets a sentence, is never right and never a traceback."""

import itertools
import math
import string

import numpy as np
import pytest
import torch
from answers import EACH, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.judge import NOT_STARTED, NOT_YET


def lazy(value):
    return lambda *arguments: value


class Awkward:
    """An object that objects to everything."""

    def __getattribute__(self, name):
        raise RuntimeError("leave me alone")

    def __eq__(self, other):
        raise SystemExit

    __hash__ = None

    def __repr__(self):
        raise ValueError


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.complex_numbers())
SHAPES = st.lists(st.integers(0, 3), max_size=3)
DTYPES = st.sampled_from([torch.float16, torch.float32, torch.int64, torch.bool, torch.complex64])
TENSORS = st.builds(lambda shape, dtype: torch.zeros(shape, dtype=dtype), SHAPES, DTYPES)
SPECIAL = st.builds(
    lambda v, n: torch.full((n,), v), st.sampled_from([math.nan, math.inf]), SHAPES.map(len)
)
ATOMS = st.one_of(
    st.none(),
    NUMBERS,
    st.text(st.characters(exclude_characters=string.ascii_letters), max_size=5),
    st.binary(max_size=3),
    TENSORS,
    SPECIAL,
    st.sampled_from([object(), int, len, torch, np.zeros(2), np.float32(1), np.array("x")]),
    st.builds(Awkward),
    st.builds(lambda: (n for n in range(3))),
    st.builds(lambda: itertools.count()),
    st.builds(lambda: torch.sparse_coo_tensor([[0]], [1.0], (2,))),
    st.builds(lambda: torch.empty(2, device="meta")),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from("abcdef"), inner, max_size=6),
    ),
    max_leaves=5,
)


def raises(error):
    def answer(*arguments):
        raise error("äöü \ud800 \n second line")

    return answer


def answers_generator(*arguments):
    yield 1


async def answers_later(*arguments):
    return 1


FUNCTION_ANSWERS = st.one_of(
    VALUES.map(lazy),
    st.sampled_from([ValueError, SystemExit, KeyboardInterrupt, StopIteration, MemoryError]).map(
        raises
    ),
    st.sampled_from([lambda: 1, lambda a: a, lambda *, a: a, lambda a, b, c, d, e, f, g: 1]),
    st.sampled_from([answers_generator, Awkward, print, dict, torch.add, max]),
    VALUES.map(lambda value: lambda first, *rest: first if value is None else value),
    st.just(lambda *arguments: arguments),
)


@pytest.mark.filterwarnings("ignore")
@EACH
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(answer=st.one_of(VALUES, FUNCTION_ANSWERS))
def test_nonsense_gets_a_sentence_and_is_never_right(name, answer):
    sentence = said(name, answer)
    assert sentence[0] in (NOT_YET, NOT_STARTED) and sentence[1] == " "
    assert "Traceback" not in sentence
    assert len(sentence) < 2500
