"""Slips that are told by computing what they would give, and what is said when nothing else is."""

from helpers.judge import Function, Value


def double(a):
    return 2 * a, a + 10


def _slips(seen, a):
    yield from ["this is the argument"] * (seen[0] == a)
    yield "one of the two is not right"


DOUBLE = Function(
    name="double",
    reference=double,
    cases=lambda: [(1,), (5,)],
    slips=_slips,
    otherwise=lambda seen, a: ["too small" if seen[0] < 2 * a else "too large"],
    kin=False,
)


def test_a_slip_is_told_if_it_is_true_of_all_data_sets():
    assert DOUBLE.verdict(lambda a: (a, a + 10)).text.startswith("this is the argument\n")
    one_of_them = DOUBLE.verdict(lambda a: (a**3, a + 10)).text  # 1 is 1 cubed
    assert one_of_them.startswith("one of the two is not right\n")


def test_what_is_true_of_any_wrong_answer_comes_last(monkeypatch):
    monkeypatch.setattr(DOUBLE, "slips", None)
    assert DOUBLE.verdict(lambda a: (a**3, a + 10)).text.startswith("value 1 is not right")
    assert DOUBLE.verdict(lambda a: (a / 7 + a**0.5 / 9, a + 10)).text.startswith("too small\n")
    assert DOUBLE.verdict(lambda a: (7 * a, a + 10)).text.startswith("value 1 is 3.5 times")


def test_a_value_may_say_its_own_last_word():
    value = Value(reference=3.0, otherwise="count the corners", wrong={"one too many": 4.5})
    assert value.verdict(7.7).text.startswith("count the corners\n")
    assert value.verdict(4.5).text.startswith("one too many\n")
