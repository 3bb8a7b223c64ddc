"""The project works on any data: its stages, and what the rows held out allow to say."""

import itertools

import matplotlib.pyplot as plt
import pytest
import torch
from answers import said

from helpers.data import two_columns
from helpers.exercises import ALL
from helpers.exercises.conclusion import held_out
from helpers.judge import NOT_STARTED, NOT_YET, RIGHT
from helpers.losses import mse
from helpers.models import linear

STAGES = [name for name in ALL if name.startswith("project_")]


def test_six_stages_then_what_may_be_said():
    titles = [ALL[name].title for name in STAGES]
    assert [title[:7] for title in titles[:6]] == [f"Stage {number}" for number in range(1, 7)]
    assert len(titles) == 7 and sum(ALL[name].minutes for name in STAGES) == 60


# What may be said


def data(kind):
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(20, generator=generator) * 9 + 1
    noise = torch.randn(20, generator=generator)
    return x, {
        "a line": 3 * x - 1 + 0.1 * noise,
        "nothing": noise,
        "a parabola": (x - 4) ** 2 + 0.1 * noise,
    }[kind]


def concluded(x, y, letters):
    return said("project_conclusion", {"x": x, "y": y, "allowed": letters})


@pytest.mark.parametrize(
    ("kind", "must", "must_not"),
    [("a line", {*"AD"}, {*"BCEH"}), ("nothing", set(), {*"AEH"}), ("a parabola", {"F"}, {*"GEH"})],
)
def test_the_rows_held_out_decide(kind, must, must_not):
    x, y = data(kind)
    allowed = held_out(x, y).allowed()
    assert allowed >= must and not allowed & must_not
    assert len(allowed & {*"ABC"}) == 1  # one of the three, whatever the data
    assert concluded(x, y, allowed).startswith(RIGHT)
    assert concluded(x, y, allowed ^ {"E"}).startswith(f"{NOT_YET} Not yet: not E")
    assert "splits with 4 rows held out" in concluded(x, y, "H")


def test_the_crickets_are_judged_as_the_lesson_says():
    x, y = two_columns()
    found = held_out(x, y)
    assert (found.splits, found.splits - found.line) == (455, 64)
    assert found.allowed() == ALL["project_conclusion"].reference["allowed"]
    ahead = 0
    for val in itertools.combinations(range(15), 3):
        train = [i for i in range(15) if i not in val]
        line, mean = ALL["project_split"].reference(x, y, train, list(val))
        ahead += (line < mean).item()
    assert found.line == ahead


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1.0] * 8, range(8), '"x" is constant, 1 in each row'),
        (range(8), [2.5] * 8, '"y" is constant, 2.5 in each row'),
        (range(5), range(5), "at least six"),
        (range(8), range(7), "of the same length"),
        (range(8), [*range(7), float("nan")], '"y" holds NaN'),
        ("text", range(8), "columns of numbers"),
    ],
)
def test_columns_that_will_not_do_are_refused_with_a_word(x, y, words):
    if not isinstance(x, str):
        x = torch.tensor([*x], dtype=torch.float64)
    sentence = concluded(x, torch.tensor([*y], dtype=torch.float64), "A")
    assert sentence.startswith(NOT_YET) and words in sentence


def test_without_letters_it_is_not_started():
    x, y = two_columns()
    assert concluded(x, y, ...).startswith(NOT_STARTED)
    assert said("project_conclusion", {"x": x}).startswith(NOT_YET)
    assert concluded(x, y, {"Z"}).startswith(f"{NOT_YET} Not yet: 'Z' is none of the options")


# The stages


@pytest.fixture(autouse=True)
def no_figures():
    plt.close("all")
    yield
    plt.close("all")


def scattered(x, y):
    _fig, ax = plt.subplots()
    ax.scatter(y=y.numpy(), x=x.numpy())
    ax.set(xlabel="chirps/s", ylabel="temperature (°F)")
    return ax


def sorted_points(x, y):
    fig = plt.figure()
    order = x.argsort()
    plt.plot(x[order].tolist(), y[order].tolist(), "x")
    plt.xlabel("chirps a second")
    plt.ylabel("T (°F)")
    return fig


def with_a_line(x, y):
    ax = scattered(x, y)
    ax.plot([min(x), max(x)], [min(y), max(y)], label="by eye")
    ax.axhline(y.mean())
    return ax


def without_a_unit(x, y):
    return named("year (no unit)", "°F, noon")(x, y)


def both(x, y):
    ax = scattered(x, y)
    return ax.figure, ax


@pytest.mark.parametrize("answer", [scattered, sorted_points, with_a_line, without_a_unit, both])
def test_other_ways_to_draw_the_points_are_right(answer):
    assert said("project_plot", answer).startswith(RIGHT)
    assert plt.get_fignums() == []  # or Jupyter would show what the check has drawn


def test_figures_of_the_reader_stay_open():
    fig = plt.figure()
    said("project_plot", ALL["project_plot"].reference)
    assert plt.get_fignums() == [fig.number]


def named(horizontal, vertical):
    def answer(x, y):
        ax = scattered(x, y)
        ax.set(xlabel=horizontal, ylabel=vertical)
        return ax.figure

    return answer


def draws_and_returns_nothing(x, y):
    plt.plot(x, y, "o")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            draws_and_returns_nothing,
            "a figure of matplotlib or its axes were expected, None came: return fig",
        ),
        (lambda x, y: plt.subplots(1, 2)[0], "one panel was expected"),
        (lambda x, y: scattered(x[:10], y[:10]), "10 points are drawn (a line counts"),
        (lambda x, y: plt, "plt, the module that draws, came: return plt.gcf()"),
        (lambda x, y: scattered(x, y).collections[0], "type PathCollection came: return fig"),
        (lambda x, y: x, "a figure of matplotlib or its axes were expected, a tensor"),
        (lambda x, y: scattered(x.sort().values, y.sort().values), "these points are not the rows"),
        (named("chirps", "temperature"), "one word on each axis"),
        (named("chirps", "temperature (°F)"), "one word on the horizontal axis"),
        (named("chirps/s", "temperature"), "one word on the vertical axis"),
        (named("x axis", "the y values"), "x and y are names of variables"),
        (named("chirps per second", "Y"), "y is the name of a variable"),
        (named("(1/s)", "(°F)"), "both axes need a name"),
        (named("chirps ()", "temperature []"), "one word on each axis"),
        (named("chirps (1/s)", "°F"), "the vertical axis has no name"),
        (named("", "year"), "the horizontal axis does not say what was measured"),
        (named("temperature (°F)", "chirps per second"), "the names have changed places"),
    ],
)
def test_what_is_no_picture_is_told_so(answer, words):
    assert words in said("project_plot", answer)


def by_adam(x, y):
    mean, std = x.mean(), x.std(correction=0)
    params = torch.zeros(2, dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([params], lr=0.5)
    for _ in range(600):
        optimizer.zero_grad()
        mse(linear((x - mean) / std, *params), y).backward()
        optimizer.step()
    w, b = (params[0] / std).item(), (params[1] - params[0] / std * mean).item()
    return [w, b]


def test_training_has_arrived_within_a_thousandth_of_the_variance():
    assert said("project_train", by_adam).startswith(RIGHT)
    reference = ALL["project_train"].reference

    def off_by(share):
        def answer(x, y):
            w, b = reference(x, y)
            return w, b + (share * ((y - y.mean()) ** 2).mean()).sqrt()  # adds that to the loss

        return answer

    assert said("project_train", off_by(0.9e-3)).startswith(RIGHT)
    assert said("project_train", off_by(1.1e-3)).startswith(NOT_YET)
    assert "2 values were expected" in said("project_train", lambda x, y: y.mean())
