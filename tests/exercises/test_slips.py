"""Slips that are told by computing what they would give, and what is said when nothing else is."""

import pytest
import torch
from answers import said

from helpers.exercises import ALL
from helpers.judge import NOT_YET, Function, Value
from helpers.losses import mse
from helpers.models import linear, quadratic
from helpers.theory import least_squares


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


# The stages of the project


def fitted(columns, y):
    return columns @ torch.linalg.lstsq(columns, y).solution


def floors(change):
    def answer(x, y):
        return change(((y - y.mean()) ** 2).mean(), least_squares(x, y)[1], x, y)

    return answer


def judged(fit="train", where="val", mean=None, change=lambda line, mean: (line, mean)):
    def answer(x, y, train_part, val_part):
        parts = {"train": train_part, "val": val_part, "all": slice(None)}
        (w, b), _ = least_squares(x[parts[fit]], y[parts[fit]])
        true, rows = y[parts[where]], x[parts[where]]
        said_always = y[parts[mean or "train"]].mean()
        return change(mse(linear(rows, w, b), true), ((true - said_always) ** 2).mean())

    return answer


def parabola(x, y, *powers):
    return ((fitted(torch.stack([x**power for power in powers], dim=1), y) - y) ** 2).mean()


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("project_floor", floors(lambda t, f, x, y: (y.std(), f.sqrt())), "standard deviation"),
        ("project_floor", floors(lambda t, f, x, y: (t, t - f)), "the gain over the trivial"),
        (
            "project_floor",
            floors(lambda t, f, x, y: (t, f * len(y) / (len(y) - 2))),
            "not by n - 2",
        ),
        ("project_floor", floors(lambda t, f, x, y: (f, f)), "this is the floor of the line"),
        ("project_floor", floors(lambda t, f, x, y: (t, 1.01 * f + 1)), "comes out too high"),
        ("project_floor", floors(lambda t, f, x, y: (t - 1 / f, f)), "comes out too low"),
        ("project_scaling", lambda x: (standard(x), 0.37 + x[0] / 1e4), "still converges"),
        ("project_scaling", lambda x: (standard(x), 1.37 + x[0] / 1e4), "diverges already"),
        ("project_scaling", lambda x: (standard(x) ** 3, 1.0), "does not have the mean 0"),
        ("project_scaling", lambda x: ((x + x.mean()) / x.std(), 1.0), "added, not subtracted"),
        ("project_split", judged(fit="all", mean="val"), "fitted to all the rows"),
        ("project_split", judged(where="train", mean="all"), "that on the training part"),
        (
            "project_split",
            judged(change=lambda line, mean: (line, 0.1 * mean)),
            "value 2 is 0.1 times the true one",
        ),
        (
            "project_split",
            judged(change=lambda line, mean: (line + 1 / line, mean)),
            "that of the line is higher",
        ),
        ("project_richer", lambda x, y: (parabola(x, y, 1, 0), parabola(x, y, 2, 1)), "ones is"),
        ("project_richer", lambda x, y: (parabola(x, y, 1), parabola(x, y, 2, 1, 0)), "has no b"),
        (
            "project_richer",
            lambda x, y: (parabola(x, y, 1, 0), 0.5 * sum(parabola(x, y, 1, 0, k) for k in (1, 2))),
            "below the floor of the line, and another parabola leaves less",
        ),
        (
            "project_richer",
            lambda x, y: (parabola(x, y, 1, 0), mse(x**2 + x, y)),
            "higher than that of the line, which is one of the parabolas",
        ),
    ],
)
def test_a_slip_in_the_project_is_told(name, answer, words):
    sentence = said(name, answer)
    assert sentence.startswith(f"{NOT_YET} Not yet: ") and words in sentence


def standard(x):
    return (x - x.mean()) / x.std()


@pytest.mark.parametrize("name", ["project_floor", "project_scaling", "project_split"])
def test_no_slip_is_told_of_a_right_answer(name):
    stage = ALL[name]
    for arguments in stage.cases():
        came = stage.reference(*arguments)
        assert [*stage.slips(came, *arguments)] == [*stage.otherwise(came, *arguments)] == []


# Loops


def loop(model=linear, loss_of=mse, start=(1.0, 0.0), extra=lambda optimizer: None, factor=1.0):
    def answer(n_epochs, learning_rate, t_u, t_c):
        params = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.SGD([params], lr=factor * learning_rate)
        losses = []
        for _ in range(n_epochs):
            loss = loss_of(model(t_u, *params), t_c)
            optimizer.zero_grad()
            loss.backward()
            extra(optimizer)
            optimizer.step()
            losses.append(loss.item())
        return (params.detach(), losses) if len(start) == 2 else params.detach()

    return answer


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("three_bugs", loop(lambda t, w, b: w * t), "b plays no part"),
        ("three_bugs", loop(loss_of=lambda p, c: ((p - c) ** 2).sum() / 11), "divided by 11"),
        ("three_bugs", loop(start=(0.0, 1.0), model=lambda t, w, b: w * t), "(0, 1), and b plays"),
        ("three_bugs", loop(lambda t, w, b: w * t.sin() + b), "the first loss, before any update"),
        ("three_bugs", loop(factor=0.3), "the one after the first update is not"),
        ("three_bugs", loop(extra=torch.optim.SGD.step), "each step is twice as long"),
        (
            "parabola_loop",
            loop(lambda t, a, b, c: b * t**2 + a * t + c, start=(1.0, 1.0, 0.0)),
            "w1 and",
        ),
        ("parabola_loop", loop(quadratic, start=(0.0, 1.0, 1.0), factor=0.5), "(0, 1, 1)"),
        ("parabola_loop", loop(quadratic, start=(1.0, 1.0, 0.0), factor=0.37), "which line knows"),
    ],
)
def test_a_slip_in_a_loop_is_told(name, answer, words):
    sentence = said(name, answer)
    assert sentence.startswith(f"{NOT_YET} Not yet: ") and words in sentence


# Steps, splits, counts


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("first_step", lambda p, g, rate: p - rate * g / g.sum(), "divides by the sum"),
        ("first_step", lambda p, g, rate: p - rate * g.cos().sign(), "right length, and not each"),
        ("first_step", lambda p, g, rate: p - rate * g.sign() * 1.7, "1.7 times as far"),
        ("first_step", lambda p, g, rate: p - rate * g.sin(), "how far does each"),
        (
            "momentum_step",
            lambda p, v, g, rate, m: (p - rate * m * (m * v + g), m * v + g),
            "for the new params, momentum comes once more",
        ),
        (
            "momentum_step",
            lambda p, v, g, rate, m: (p - rate * (m * v.cos() + g), m * v.cos() + g),
            "the step follows your velocity, as it should",
        ),
        (
            "prepare",
            lambda t, v: ((t - t.mean()) / t.std(), (v - t.mean()) / v.std()),
            "for the validation part, the standard deviation is that of the validation part",
        ),
        ("prepare", lambda t, v: ((t - 50) / 15, (v - 50) / 15), "does not have the mean 0"),
        ("prepare", lambda t, v: ((t - 50) / 15, (v - 40) / 15), "not prepared with the same two"),
        (
            "early_stopping",
            lambda losses, path: (len(path) // 2, path[1]),
            "another epoch has a lower loss",
        ),
        ("learn_from", lambda train, val: (val - train).backward(), "-1 times the gradient of"),
        ("learn_from", lambda train, val: (train * val).backward(), "is in this gradient"),
        ("bytes_kept", lambda function, *arguments: 8 * len(arguments), "this is"),
        ("as_columns", lambda t: t.sort().values[:, None], "changed their order"),
        ("trivial_loss", lambda c: (c**2).mean() - c.mean(), "square of the mean was meant"),
        ("trivial_loss", lambda c: c.var() + 1 / c.max(), "another number leaves less"),
        ("self_test_10", lambda w, b: (0.1 * w, b - 0.1 * w), "b has moved with w"),
        ("self_test_10", lambda w, b: (w**0.1, b) if w > 0 else (1, b), "if the dial moves by 1"),
        ("self_test_1", 33.0, "by how many was the sum divided"),
        ("self_test_3", 1.0, "1 to the left of 2"),
        ("self_test_4", 0.03, "still converges"),
        ("self_test_2", (8, 1), "neither added nor multiplied"),
    ],
)
def test_another_slip_is_told(name, answer, words):
    sentence = said(name, answer)
    assert sentence.startswith(f"{NOT_YET} Not yet: ") and words in sentence


def only_the_training_part_is_shuffled(n_samples, n_val, seed):
    generator = torch.Generator().manual_seed(seed)
    train = torch.randperm(n_samples - n_val, generator=generator)
    return train, torch.arange(n_samples - n_val, n_samples)


def the_last_rows(x, y, train_part, val_part):
    n = len(x) - len(val_part)
    (w, b), _ = least_squares(x[:n], y[:n])
    return mse(linear(x[n:], w, b), y[n:]), ((y[n:] - y[:n].mean()) ** 2).mean()


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("reproducible_split", only_the_training_part_is_shuffled, "is the same for each seed"),
        ("project_split", the_last_rows, "the end of the rows was held out"),
    ],
)
def test_a_part_that_does_not_change_is_seen(name, answer, words):
    assert words in said(name, answer)
