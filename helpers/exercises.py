"""The exercises of the series and the self-test at its end. How they are judged: judge.py.

    exercises.central_difference.check(central_difference)    says whether the answer is right
    exercises.central_difference.hint()                       gives a hint, each time a bigger one
    exercises.central_difference.solution()                   prints a right answer
    exercises.progress()                                      shows what is solved

A function under `@exercise` is the right answer itself. Below `wrong=` stand the known mistakes:
the sentence that the learner reads, and the change of the right answer that makes the mistake.
"""

import torch
from torch import Tensor

from .judge import CLUE, COPIED, NOT_STARTED, RIGHT, Exercise, Unusable, exercise, solved
from .judge import numbers as _numbers
from .losses import mse
from .models import linear


def _random(*shape: int, seed: int, low: float = -3.0, high: float = 3.0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    numbers = low + (high - low) * torch.rand(*shape, generator=generator, dtype=torch.float64)
    return numbers.round(decimals=2)


def _thermometers() -> list[tuple[Tensor, Tensor]]:
    """Readings and temperatures of three other thermometers, with 3, 11 and 24 readings."""
    readings = [_random(n, seed=n, low=1.0, high=9.0) for n in (3, 11, 24)]
    return [
        (t_u, (4.0 * t_u - 11.0 + _random(len(t_u), seed=99)).round(decimals=1)) for t_u in readings
    ]


# 01 Learning from data


@exercise(
    notebook="01",
    title="The mean squared error",
    question="""\
Write the loss of this notebook again, without looking: the mean squared error between
predictions `t_p` and measurements `t_c`, two tensors of the same shape. It has to work for
any number of readings.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Go in three steps: the difference, its square, the mean.",
        "A tensor t has t**2 and t.mean().",
        "difference = t_p - t_c; then return the mean of difference**2.",
    ],
    cases=lambda: [
        (_random(n, seed=1), _random(n, seed=2) + shift) for n, shift in ((5, 1), (11, 9), (2, 0))
    ],
    wrong={
        "this is the sum of the squares: divide it by their number": {".mean()": ".sum()"},
        "this is the mean absolute error: square the differences": {
            "difference**2": "difference.abs()"
        },
        "this is the mean of the raw errors, in which opposite signs cancel: square them first": {
            "difference**2": "difference"
        },
        "you squared the mean: take the mean of the squares": {
            "(difference**2).mean()": "difference.mean() ** 2"
        },
        "this is the root of it, the RMSE": {".mean()": ".mean().sqrt()"},
        "this is one squared error for each reading: take their mean": {".mean()": ""},
        "you added prediction and measurement: take the difference": {"t_p - t_c": "t_p + t_c"},
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            ".mean()": ".sum() / 11"
        },
        COPIED: {"(difference**2).mean()": "torch.tensor(1763.8845)"},
    },
)
def mean_squared_error(t_p, t_c):
    difference = t_p - t_c
    return (difference**2).mean()


broadcast_shapes = Exercise(
    "broadcast_shapes",
    notebook="01",
    title="Read the shapes",
    question="""\
Two tensors are subtracted. Which shape has the result? Answer with a tuple such as `(3, 4)`,
or with the text `"error"` if PyTorch refuses.

| pair | shape of the first | shape of the second |
|---|---|---|
| a | `(4,)` | `(3, 4)` |
| b | `(3,)` | `(3, 1)` |
| c | `(2, 1, 5)` | `(4, 1)` |
| d | `(3, 2)` | `(3,)` |
| e | `(7, 1)` | `(1,)` |""",
    difficulty=1,
    minutes=5,
    hints=[
        "Write both shapes below each other, lined up at their right ends.",
        "Go from right to left: equal sizes stay, a 1 (or a missing size) takes the other size.",
        "Different sizes of which none is 1 are an error, as at the right end of d.",
    ],
    reference={"a": (3, 4), "b": (3, 3), "c": (2, 4, 5), "d": "error", "e": (7, 1)},
    wrong={
        "in a, the missing size on the left is taken from the other shape: nothing is lost": {
            "a": (4,)
        },
        "a does work: (4,) counts as (1, 4), and the 1 is repeated": {"a": "error"},
        "in b, (3,) counts as (1, 3), not as (3, 1): the shapes are lined up at the right": {
            "b": (3, 1)
        },
        "b is the trap of this notebook: both are repeated, to a whole table": {"b": (3,)},
        "b does work: (3,) counts as (1, 3), and each 1 meets a 3": {"b": "error"},
        "c does work: line up at the right, 5 over 1, then 1 over 4, then 2 alone": {"c": "error"},
        "in c, lined up at the right, the 4 meets the 1 in the middle": {"c": (2, 1, 5)},
        "in d, the 3 of the second shape meets the 2, not the 3, of the first": {"d": (3, 2)},
        "in d, 2 meets 3 and neither is 1, so nothing can be repeated": {"d": (3, 3)},
        "e does work: the only size of (1,) is a 1 and meets a 1; the 7 stands alone": {
            "e": "error"
        },
        "in e, a 1 that meets a 1 stays a 1": {"e": (7, 7)},
        "in e, no size is lost: the 1 at the right end stays": {"e": (7,)},
    },
    stub="""\
broadcast_shapes = {
    "a": ...,
    "b": ...,
    "c": ...,
    "d": ...,
    "e": ...,
}""",
)


# 02 Gradients by hand


def parabola(x):
    return 3 * x**2 - 2 * x + 1


def cubic(x):
    return x**3 + x


def hyperbola(x):
    return 5 / x


@exercise(
    notebook="02",
    title="The central difference",
    question="""\
Write the central difference for *any* function `f` of one number: its slope at `x`, measured
at a distance of `delta` to both sides.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Two values of f are needed: a little to the right of x and as far to the left.",
        "How far apart are the two points? Divide the change by that.",
        "(f(x + delta) - f(x - delta)) divided by (2 * delta). Count the parentheses.",
    ],
    cases=lambda: [(parabola, 2.0, 0.5), (cubic, -1.5, 0.25), (hyperbola, 3.0, 1.0)],
    wrong={
        "this is the forward difference: look to both sides of x": {
            "f(x - delta)) / (2 * delta)": "f(x)) / delta"
        },
        "this is the backward difference: look to both sides of x": {
            "f(x + delta) - f(x - delta)) / (2 * delta)": "f(x) - f(x - delta)) / delta"
        },
        "you divided by delta, not by 2 delta": {"(2 * delta)": "delta"},
        "parentheses are missing: only the second value is divided": {
            "(f(x + delta) - f(x - delta))": "f(x + delta) - f(x - delta)"
        },
        "/ 2 * delta divides by 2 and then multiplies by delta: write / (2 * delta)": {
            "(2 * delta)": "2 * delta"
        },
        "the sign is the wrong way round: right minus left": {
            "f(x + delta) - f(x - delta)": "f(x - delta) - f(x + delta)"
        },
        "this is the change of f, not yet its rate: divide by the distance": {" / (2 * delta)": ""},
        "delta = 0.1 is built in: use the argument": {"delta": "0.1"},
        "x = 1 is built in: use the argument": {"x ": "1.0 "},
        COPIED: {"(f(x + delta) - f(x - delta)) / (2 * delta)": "4517.2964"},
    },
    moral="You can now measure the slope of anything that can be evaluated.",
)
def central_difference(f, x, delta):
    return (f(x + delta) - f(x - delta)) / (2 * delta)


def _starts() -> list[tuple]:
    places = [(1.0, 0.0), (-0.5, 2.0), (3.0, -7.0)]
    return [(*data, w, b) for data, (w, b) in zip(_thermometers(), places, strict=True)]


@exercise(
    notebook="02",
    title="The gradient by hand",
    question="""\
Write the gradient of the mean squared error of the line `w * t_u + b`, by the chain rule, as
a pair `(dw, db)`. No finite differences this time, and nothing imported: only the arguments.""",
    difficulty=2,
    minutes=10,
    hints=[
        "First the prediction, then the error of each reading: w * t_u + b - t_c.",
        "The slope of a squared error is 2 * error, times what the error changes by: t_u for w, 1 "
        "for b.",
        "The loss is a mean, so both slopes are means over the readings.",
    ],
    cases=_starts,
    wrong={
        "your db is twice too large: is the 2 in twice?": {"2 * error.mean()": "4 * error.mean()"},
        "your dw is twice too large: is the 2 in twice?": {
            "2 * (error * t_u)": "4 * (error * t_u)"
        },
        "the 2 is missing: the slope of e² is 2e": {"2 * ": ""},
        "these are sums: the loss is a mean, so divide by the number of readings": {
            ".mean()": ".sum()"
        },
        "the mean is taken twice": {"mean()": "mean() / len(t_u)"},
        "your dw lacks the factor t_u: that is how much a prediction changes with w": {
            "(error * t_u)": "error"
        },
        "in dw you multiplied two means: take the mean of the products": {
            "(error * t_u).mean()": "error.mean() * t_u.mean()"
        },
        "both signs are wrong: the error is prediction minus measurement": {
            "w * t_u + b - t_c": "t_c - w * t_u - b"
        },
        "dw and db have changed places": {"return dw, db": "return db, dw"},
        "b is missing in the prediction": {"w * t_u + b": "w * t_u"},
        "the 11 of the thermometer is built in: divide by the number of readings that came": {
            "mean()": "sum() / 11"
        },
        COPIED: {"return dw, db": "return 4517.2964, 82.6"},
    },
    moral="Notebook 04 lets PyTorch do this, and you will know what it does.",
)
def line_gradient(t_u, t_c, w, b):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return dw, db


@exercise(
    notebook="02",
    title="One step of gradient descent",
    question="""\
Take one step of gradient descent by hand: from `w` and `b` to the next pair, which is
returned. (The optimizer `SGD` of notebook 05 does the same.) You may call functions that you
have written above.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Gradient first, both parts of it; only then the update.",
        "New value = old value - learning rate * slope.",
        "Do not overwrite w before the slope of b is computed.",
    ],
    cases=lambda: [
        (*start, rate) for start, rate in zip(_starts(), (0.01, 0.02, 0.005), strict=True)
    ],
    wrong={
        "b's slope was taken after w had moved: take both slopes at the same point": {
            "    db =": "    w = w - learning_rate * dw\n    error = w * t_u + b - t_c\n    db =",
            "return w - learning_rate * dw": "return w",
        },
        "w's slope was taken after b had moved: take both slopes at the same point": {
            "    dw = 2 * (error * t_u).mean()\n": "",
            "    return": "    b = b - learning_rate * db\n    return",
            "w - learning_rate * dw, b - learning_rate * db": (
                "w - learning_rate * 2 * ((w * t_u + b - t_c) * t_u).mean(), b"
            ),
        },
        "you stepped uphill: subtract the gradient": {
            "w - learning_rate * dw, b - learning_rate * db": (
                "w + learning_rate * dw, b + learning_rate * db"
            )
        },
        "the learning rate is missing": {"learning_rate * ": ""},
        "w did not move": {"w - learning_rate * dw": "w"},
        "b did not move": {"b - learning_rate * db": "b"},
        "this is the gradient, not the new place": {
            "w - learning_rate * dw, b - learning_rate * db": "dw, db"
        },
        "this is the step alone: subtract it from where you were": {
            "w - learning_rate * dw, b - learning_rate * db": "learning_rate * dw, learning_rate "
            "* db"
        },
        "a product in the place of a difference: w - learning_rate * dw": {
            "w - learning_rate": "w * learning_rate",
            "b - learning_rate": "b * learning_rate",
        },
        "the learning rate 1e-2 is built in: use the argument": {"learning_rate": "1e-2"},
        COPIED: {
            "w - learning_rate * dw, b - learning_rate * db": "0.5483, -0.0083",
        },
    },
)
def gradient_step(t_u, t_c, w, b, learning_rate):
    error = w * t_u + b - t_c
    dw = 2 * (error * t_u).mean()
    db = 2 * error.mean()
    return w - learning_rate * dw, b - learning_rate * db


# 03 The learning rate


@exercise(
    notebook="03",
    title="How large may the learning rate be?",
    question="""\
A colleague brings readings of another instrument. Write a function that says, before any
training, from which learning rate on gradient descent diverges for a line and the mean
squared error.""",
    difficulty=2,
    minutes=10,
    hints=[
        "The curvature decides: which matrix holds it, and which of its two numbers is dangerous?",
        "H = 2 [[mean of t_u², mean of t_u], [mean of t_u, 1]].",
        "torch.linalg.eigvalsh gives the eigenvalues, the largest last. The rate is 2 over that "
        "one.",
    ],
    cases=lambda: (
        [(t_u,) for t_u, _ in _thermometers()]
        + [(_random(8, seed=5),), (_random(6, seed=6, high=60.0),)]
    ),
    wrong={
        "this is half of it: 2, not 1, over the largest eigenvalue": {"return 2 /": "return 1 /"},
        "you took the smallest eigenvalue: the steepest direction runs away first": {"[-1]": "[0]"},
        "this is the best learning rate, 2 over the sum of the eigenvalues, not the largest": {
            "[-1]": ".sum()"
        },
        "this is twice too large: the 2 in the second derivative is missing": {
            "curvature = 2 *": "curvature ="
        },
        "you looked at the curvature in w alone: the steepest direction lies between w and b": {
            "torch.linalg.eigvalsh(curvature)[-1]": "curvature[0, 0]"
        },
        "this is the largest eigenvalue itself": {"2 / torch": "torch"},
        "these are sums: the loss is a mean, so its curvature is one, too": {
            "2 * torch.stack": "2 * len(t_u) * torch.stack"
        },
        "the readings enter squared: mean of t_u², not the square of the mean": {
            "(t_u**2).mean()": "t_u.mean() ** 2"
        },
        "after standardising it is 1 for every instrument; asked are the readings as they come": {
            "mean, mean_square": "t_u = (t_u - t_u.mean()) / t_u.std()\n    mean, mean_square"
        },
        COPIED: {"2 / torch.linalg.eigvalsh(curvature)[-1]": "3.399e-4"},
    },
)
def critical_rate(t_u):
    mean, mean_square = t_u.mean(), (t_u**2).mean()
    curvature = 2 * torch.stack([mean_square, mean, mean, torch.ones_like(mean)]).reshape(2, 2)
    return 2 / torch.linalg.eigvalsh(curvature)[-1]


@exercise(
    notebook="03",
    title="Undo a normalisation",
    question="""\
A line was trained on readings that were standardised with `mean` and `std`; its parameters
are `w_n` and `b_n`. Return the pair `(w, b)` of the same line for readings straight from the
dial.""",
    difficulty=2,
    minutes=5,
    hints=[
        "Insert (t_u - mean) / std for the standardised reading and multiply out.",
        "What stands in front of t_u is w. All the rest is b.",
        "w = w_n / std, and b loses w * mean.",
    ],
    cases=lambda: [(9.0, 10.5, 51.8, 16.8), (-2.0, 3.0, -4.0, 0.5), (0.7, 0.0, 12.0, 3.0)],
    wrong={
        "you multiplied by std: a step of 1 on the dial is a step of only 1 / std": {
            "w_n / std": "w_n * std"
        },
        "your w is still that of the standardised readings": {"return w, b": "return w_n, b"},
        "your b is still that of the standardised readings": {"b_n - w * mean": "b_n"},
        "in b you used w_n: it is the new w that is multiplied by the mean": {
            "w * mean": "w_n * mean"
        },
        "in b the sign is wrong: the mean was subtracted from the readings": {"b_n -": "b_n +"},
        "you converted w and b as if they were readings: insert the formula for t_n instead": {
            "return w, b": "return w_n * std + mean, b_n * std + mean"
        },
        "you normalised once more: w and b are numbers of the line, not readings": {
            "return w, b": "return (w_n - mean) / std, (b_n - mean) / std"
        },
        "w and b have changed places": {"return w, b": "return b, w"},
        COPIED: {"return w, b": "return 0.5368, -17.3048"},
    },
)
def undo_standardize(w_n, b_n, mean, std):
    w = w_n / std
    b = b_n - w * mean
    return w, b


# 04 Autograd


def bowl(params):
    return (params**2).sum()


def valley(params):
    return (params[0] - 3) ** 2 + 10 * (params[1] + params[0]) ** 2


def wave(params):
    return (params.sin() * params).mean()


@exercise(
    notebook="04",
    title="Ask for a gradient",
    question="""\
`loss_of` is a function that turns a tensor of parameters into a loss, `values` a list of
numbers such as `[1.0, 0.0]`. Return the gradient of `loss_of` at `values`, computed by
autograd.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Make a tensor from the list. Which flag does it need?",
        "Compute the loss, and send it backward.",
        "backward() returns nothing. Where does it put what it found?",
    ],
    cases=lambda: [(bowl, [1.0, -2.0]), (valley, [1.0, 0.5]), (wave, [0.5, 2.0, -1.0])],
    wrong={
        "no tensor asked for gradients: is requires_grad=True missing?": {
            ", requires_grad=True": ""
        },
        "None: only backward() fills params.grad, and backward() itself returns nothing": {
            "    loss_of(params).backward()\n": ""
        },
        "backward() ran twice, and gradients add up": {
            "loss_of(params).backward()": (
                "loss_of(params).backward()\n    loss_of(params).backward()"
            )
        },
        "these are the parameters, not the gradient": {"params.grad": "params"},
        "this is the loss, not the gradient": {"params.grad": "loss_of(params)"},
        "this is the way downhill, the negative gradient": {"params.grad": "-params.grad"},
        "this is only the length of the gradient: return all its parts": {
            "params.grad": "params.grad.norm()"
        },
        COPIED: {"params.grad": "torch.tensor([4517.2964, 82.6])"},
    },
)
def autograd_gradient(loss_of, values):
    params = torch.tensor(values, requires_grad=True)
    loss_of(params).backward()
    return params.grad


def _after_the_update(answer, values, learning_rate):
    params = torch.tensor(values, requires_grad=True)
    (params**3).sum().backward()
    answer(params, learning_rate)
    return {
        "params": params.detach().clone(),
        "params requires gradients": params.requires_grad,
        "the gradient is cleared": params.grad is None or not bool(params.grad.any()),
    }


@exercise(
    notebook="04",
    title="An update that autograd accepts",
    question="""\
`params` requires gradients, and `params.grad` holds one. Change `params` **in place** by one
step of gradient descent and clear the gradient afterwards. Nothing is returned.""",
    difficulty=2,
    minutes=5,
    hints=[
        "An operation that autograd watches may not overwrite a leaf. Ask it to look away.",
        "with torch.no_grad(): and, inside, an operator that changes the tensor itself.",
        "params -= ... changes the tensor; params = params - ... makes another one.",
    ],
    cases=lambda: [([1.0, -2.0], 0.1), ([0.5, 3.0, 2.0], 0.01)],
    probe=_after_the_update,
    wrong={
        "autograd is watching params: its update belongs inside with torch.no_grad(), and what is "
        "cleared is params.grad": {"with torch.no_grad():": "if True:"},
        "params itself has not moved: params = ... only gives the name to a new tensor": {
            "params -= learning_rate": "params = params - learning_rate"
        },
        "the gradient is still there: the next backward() would add to it": {
            "    params.grad = None": ""
        },
        "there is no gradient here: it was cleared too early, or asked of a copy (detach() makes "
        "one)": {"    with": "    params.grad = None\n    with"},
        "you stepped uphill: subtract the gradient": {"-=": "+="},
        "the learning rate is missing": {"learning_rate * ": ""},
        "params does not require gradients any more: the next epoch could not learn": {
            "    params.grad = None": "    params.grad = None\n    params.requires_grad_(False)"
        },
        "a product in the place of a difference: params -= learning_rate * gradient": {
            "-= learning_rate": "*= learning_rate"
        },
        "the gradient is cleared, but params has not moved": {
            "params -= learning_rate * params.grad": "params - learning_rate * params.grad"
        },
    },
)
def in_place_update(params, learning_rate):
    with torch.no_grad():
        params -= learning_rate * params.grad
    params.grad = None


# 05 Optimizers


def sgd(params):
    return torch.optim.SGD([params], lr=0.01)


def sgd_with_momentum(params):
    return torch.optim.SGD([params], lr=0.002, momentum=0.9)


def adam(params):
    return torch.optim.Adam([params], lr=0.5)


def _training_run(answer, n_epochs, make_optimizer, values, t_u, t_c):
    params = torch.tensor(values, requires_grad=True)
    passes = []
    params.register_hook(lambda gradient: passes.append(1))
    losses = answer(n_epochs, make_optimizer(params), params, t_u, t_c)
    several = losses if isinstance(losses, tuple | list) else [losses]
    return {
        "losses": losses,
        "params": params.detach().clone(),
        "some loss still holds its graph": any(
            isinstance(loss, Tensor) and loss.requires_grad for loss in several
        ),
        CLUE + "backward passes": len(passes),
        CLUE + "stuck beside a gradient": params.grad is not None and params.tolist() == values,
    }


@exercise(
    notebook="05",
    title="A training loop with an optimizer",
    question="""\
Write the training loop from memory: `n_epochs` full batches for the line `linear` and the
loss `mse`, any `optimizer` (which holds `params`). Return the losses, each measured before
that epoch's update.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Five things happen in each epoch: predict and compare, clear, backward, step, note the "
        "loss.",
        "zero_grad() may stand anywhere after step() and before the next backward().",
        "Note the number loss.item(); the tensor would keep its graph alive.",
    ],
    cases=lambda: [
        (n_epochs, optimizer, [1.0, 0.0], *data)
        for n_epochs, optimizer, data in zip(
            (4, 6, 5), (sgd, sgd_with_momentum, adam), _thermometers(), strict=True
        )
    ],
    probe=_training_run,
    wrong={
        "gradients add up from epoch to epoch: zero_grad() has to run in each of them": {
            "        optimizer.zero_grad()\n": ""
        },
        "zero_grad() comes between backward() and step(), so step() finds no gradient": {
            "        optimizer.zero_grad()\n": "",
            "optimizer.step()": "optimizer.zero_grad()\n        optimizer.step()",
        },
        "params never moves, although backward() runs: is step() missing?": {
            "        optimizer.step()\n": "        params.grad.sum()\n"
        },
        "params never moves, and no backward pass reached it: is backward() missing, or did you "
        "make other params?": {"        loss.backward()\n": ""},
        "your losses are those after the updates: measure the loss before step()": {
            "loss.item()": "mse(linear(t_u, *params), t_c).item()"
        },
        "one epoch is missing: range(1, n) ends before n": {
            "range(n_epochs)": "range(1, n_epochs)"
        },
        "there is one epoch too many": {"range(n_epochs)": "range(n_epochs + 1)"},
        "only the last loss came back: collect them all": {"torch.tensor(losses)": "loss.item()"},
        "the numbers are right, but each loss still holds its graph: take loss.item()": {
            "loss.item()": "loss",
            "torch.tensor(losses)": "losses",
        },
        COPIED: {"torch.tensor(losses)": "[7.8601, 3.8285, 3.0922]"},
    },
)
def train(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for _ in range(n_epochs):
        loss = mse(linear(t_u, *params), t_c)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses)


@exercise(
    notebook="05",
    title="Momentum by hand",
    question="""\
Write one step of SGD with momentum, as `torch.optim.SGD` takes it. Return the new `params`
and the new `velocity`, and leave the tensors that came in as they are.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Two lines: first the velocity, then the parameters.",
        "The old velocity fades by the factor momentum; the gradient is added in full.",
        "The parameters follow the new velocity, times the learning rate.",
    ],
    cases=lambda: [
        (_random(n, seed=n), _random(n, seed=n + 1), _random(n, seed=n + 2), rate, momentum)
        for n, rate, momentum in ((2, 0.1, 0.9), (2, 0.01, 0.5), (5, 0.3, 0.0))
    ],
    wrong={
        "you moved along the old velocity: update it first, then follow the new one": {
            "    velocity =": "    old, velocity = velocity,",
            "learning_rate * velocity": "learning_rate * old",
        },
        "you took a running mean: here the gradient is added in full, without (1 - momentum)": {
            "+ gradient": "+ (1 - momentum) * gradient"
        },
        "momentum belongs to the old velocity, not to the gradient": {
            "momentum * velocity + gradient": "velocity + momentum * gradient"
        },
        "the learning rate belongs to the step, not into the velocity": {
            "+ gradient": "+ learning_rate * gradient",
            "- learning_rate * velocity": "- velocity",
        },
        "this is plain gradient descent: the velocity is not used in the step": {
            "learning_rate * velocity": "learning_rate * gradient"
        },
        "you stepped uphill: subtract": {"params - learning": "params + learning"},
        "this is Nesterov's variant: follow the velocity alone": {
            "learning_rate * velocity": "learning_rate * (gradient + momentum * velocity)"
        },
        "the old velocity does not fade: multiply it by momentum": {
            "momentum * velocity": "velocity"
        },
        "params and velocity have changed places": {
            "return params, velocity": "return velocity, params"
        },
        "the velocity that came back is the old one: the next step needs the new one": {
            "    velocity =": "    old, velocity = velocity,",
            "return params, velocity": "return params, old",
        },
        "momentum = 0.9 is built in: use the argument": {"momentum *": "0.9 *"},
    },
)
def momentum_step(params, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    params = params - learning_rate * velocity
    return params, velocity


# 06 Overfitting


def _indices(result):
    """The two parts of a split as lists of whole numbers."""
    if not isinstance(result, tuple | list) or len(result) != 2:
        came = "None came back: is a return missing?" if result is None else "something else came"
        raise Unusable(f"a pair (train, val) of index tensors was expected, {came}")
    parts = []
    for part in result:
        values = _numbers(part)
        if values is None or values.ndim != 1 or not torch.equal(values, values.round()):
            raise Unusable("each part of the split must be a list or tensor of whole numbers")
        parts.append(values.int().tolist())
    return parts


def _about_the_split(answer, n_samples, n_val, seed):
    first, *again = (_indices(answer(n_samples, n_val, seed)) for _ in range(4))
    others = [_indices(answer(n_samples, n_val, seed + k)) for k in (1, 2, 3)]
    train, val = first
    return {
        "training samples": len(train),
        "validation samples": len(val),
        "every sample is in exactly one part": all(
            sorted(one + other) == list(range(n_samples)) for one, other in (first, *others)
        ),
        "the same seed gives the same split": all(split == first for split in again),
        "other seeds give other splits": any(split != first for split in others),
        CLUE + "nothing was shuffled": train + val == list(range(n_samples)),
        CLUE + "every sample is used": set(train + val) == set(range(n_samples)),
        CLUE + "a part holds a sample twice": len(set(train)) < len(train),
    }


@exercise(
    notebook="06",
    title="A split that can be repeated",
    question="""\
Split the indices `0 ... n_samples - 1` at random into training and validation, `n_val` of
them for validation. Return the pair `(train, val)`. The same seed must give the same split
again, another seed another one.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Shuffle all indices once, then cut the result in two.",
        "torch.randperm(n_samples, generator=...) shuffles.",
        "torch.Generator().manual_seed(seed) makes a generator that begins the same way every "
        "time.",
    ],
    cases=lambda: [(11, 2, 0), (20, 6, 7), (50, 10, 123)],
    probe=_about_the_split,
    wrong={
        "the same seed gave two different splits: hand the seeded generator to randperm": {
            ", generator=generator": ""
        },
        "every seed gives the same split: is a number built in where seed should be?": {
            "manual_seed(seed)": "manual_seed(0)"
        },
        "nothing was shuffled: the last samples may differ from the others": {
            "torch.randperm(n_samples, generator=generator)": "torch.arange(n_samples)"
        },
        "the validation samples are also in the training part: cut them off": {
            "shuffled[:-n_val], ": "shuffled, "
        },
        "the parts have changed places: (train, val)": {
            "shuffled[:-n_val], shuffled[-n_val:]": "shuffled[-n_val:], shuffled[:-n_val]"
        },
        "the parts were shuffled separately: some samples are in both, some in neither": {
            "shuffled[-n_val:]": "torch.randperm(n_samples, generator=generator)[-n_val:]"
        },
        "samples are drawn again and again: randint is no shuffling, randperm is": {
            "torch.randperm(n_samples, generator=generator)": (
                "torch.randint(n_samples, (n_samples,), generator=generator)"
            )
        },
        "a fixed share is built in: n_val says how many validation samples there are": {
            "-n_val": "-int(0.4 * n_samples)"
        },
        "a sample is lost between the two parts": {"shuffled[:-n_val]": "shuffled[: -n_val - 1]"},
    },
)
def reproducible_split(n_samples, n_val, seed):
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(n_samples, generator=generator)
    return shuffled[:-n_val], shuffled[-n_val:]


@exercise(
    notebook="06",
    title="Standardise without a leak",
    question="""\
Standardise the readings of both parts of a split, without letting anything of the validation
part reach the training. Return the pair of prepared readings, training first.""",
    difficulty=1,
    minutes=5,
    hints=[
        "Mean and standard deviation are learned from data. From which data may one learn?",
        "Both parts are prepared with the same two numbers.",
        "mean, std = t_train.mean(), t_train.std(), and these for t_val too.",
    ],
    cases=lambda: [
        (_random(n, seed=n, low=20, high=80), _random(k, seed=n + 1, low=30, high=120))
        for n, k in ((9, 2), (5, 5), (30, 8))
    ],
    wrong={
        "the mean and std are those of all readings: the validation part has leaked in": {
            "t_train.mean(), t_train.std()": (
                "torch.cat([t_train, t_val]).mean(), torch.cat([t_train, t_val]).std()"
            )
        },
        "the validation part was prepared with its own mean and std": {
            "(t_val - mean) / std": "(t_val - t_val.mean()) / t_val.std()"
        },
        "the validation part was left as it was: the model would not recognise it": {
            "(t_val - mean) / std": "t_val"
        },
        "your mean and std are those of the validation part": {
            "t_train.mean(), t_train.std()": "t_val.mean(), t_val.std()"
        },
        "the mean is subtracted, but nothing is divided by the standard deviation": {" / std": ""},
        "the mean was not subtracted": {" - mean": ""},
        "you divided by the variance, the square of the standard deviation": {"/ std": "/ std**2"},
        "your std divides by n; the series, like t.std(), divides by n - 1": {
            "t_train.std()": "t_train.std(correction=0)"
        },
        "a parenthesis is missing: only the mean is divided": {
            "(t_train - mean) / std": "t_train - mean / std",
            "(t_val - mean) / std": "t_val - mean / std",
        },
        "the mean and std of split A are built in: compute those of t_train": {
            "t_train.mean(), t_train.std()": "53.33, 17.59"
        },
    },
)
def prepare(t_train, t_val):
    mean, std = t_train.mean(), t_train.std()
    return (t_train - mean) / std, (t_val - mean) / std


def _validation_runs():
    losses = [
        [9.0, 5.0, 3.0, 3.5, 2.8, 4.0, 6.0],
        [4.0, 3.0, 3.2, 2.0, 1.5, 1.7],
        [1.0, 2.0, 0.5, 3.0],
        [6.0, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 1.0, 5.0],  # patience would not help
    ]
    return [(torch.tensor(run), _random(len(run) + 1, 2, seed=len(run))) for run in losses]


@exercise(
    notebook="06",
    title="Early stopping",
    question="""\
A finished run left its validation losses, shape `(n_epochs,)`, and its `path`: the parameters
before the first update and after each, shape `(n_epochs + 1, 2)`. Return the epoch whose
validation loss is lowest (epochs count from 1) and the parameters to which that loss belongs.""",
    difficulty=2,
    minutes=10,
    hints=[
        "argmin gives an index. Indices count from 0.",
        "The loss of epoch e was measured before the e-th update.",
        "path[0] is the start, so it belongs to the loss of epoch 1.",
    ],
    cases=_validation_runs,
    wrong={
        "epochs count from 1, indices from 0": {".item() + 1": ".item()", "[epoch - 1]": "[epoch]"},
        "the epoch is right, but these are the parameters after its update: one too late": {
            "[epoch - 1]": "[epoch]"
        },
        "the epoch is right, but these are the last parameters, those of the end of the run": {
            "path[epoch - 1]": "path[-1]"
        },
        "you stopped at the first rise: a loss may rise for a moment and fall again": {
            "val_losses.argmin().item()": "(val_losses.diff() > 0).int().argmax().item()"
        },
        "this is the epoch with the highest loss": {"argmin": "argmax"},
        "this is the last epoch, not the best one": {
            "val_losses.argmin().item() + 1": "len(val_losses)"
        },
        "you returned the lowest loss; the epoch at which it occurs was asked for": {
            "return epoch": "return val_losses.min()"
        },
        "epoch and parameters have changed places": {
            "return epoch, path[epoch - 1]": "return path[epoch - 1], epoch"
        },
        COPIED: {"return epoch, path[epoch - 1]": "return 578, torch.tensor([4.326, -11.533])"},
    },
)
def early_stopping(val_losses, path):
    epoch = val_losses.argmin().item() + 1
    return epoch, path[epoch - 1]


# 07 Switching autograd off


may_call_backward = Exercise(
    "may_call_backward",
    notebook="07",
    title="Which of these losses may call backward?",
    question="""\
For each of the losses `a` to `f`: does `.backward()` run without an error? Answer `True` or
`False`, without running it.

```python
params = torch.tensor([1.0, 0.0], requires_grad=True)
a = mse(linear(t_u, *params), t_c)
with torch.no_grad():
    b = mse(linear(t_u, *params), t_c)
    fresh = torch.tensor([1.0, 0.0], requires_grad=True)
    with torch.enable_grad():
        c = mse(linear(t_u, *params), t_c)
d = mse(linear(t_u, *fresh), t_c)
e = a.detach()
f = mse(linear(t_u, *params.detach()), t_c)
```""",
    difficulty=1,
    minutes=5,
    hints=[
        "backward needs a graph: at least one operation was recorded, from a tensor with the flag.",
        "Two things to ask: was autograd on when the loss was computed, and did its inputs have "
        "the flag?",
        "The innermost block decides, and what is asked for by requires_grad=True gets the flag "
        "anywhere.",
    ],
    reference={"a": True, "b": False, "c": True, "d": True, "e": False, "f": False},
    wrong={
        "a is the ordinary case: autograd is on and params has the flag": {"a": False},
        "b was computed inside no_grad: nothing was recorded, it has no grad_fn": {"b": True},
        "for c the innermost block counts, and that switches autograd on": {"c": False},
        "fresh asked for gradients itself, which no_grad permits; d is computed outside": {
            "d": False
        },
        "e is the number of a without its graph: detach cuts it off": {"e": True},
        "in f the parameters are cut off before the loss is computed: nothing has the flag": {
            "f": True
        },
    },
    stub="""\
may_call_backward = {
    "a": ...,
    "b": ...,
    "c": ...,
    "d": ...,
    "e": ...,
    "f": ...,
}""",
)


def line_loss(t_u, t_c, params):
    return mse(linear(t_u, *params), t_c)


def square(params):
    return (params * params).sum()


def two_parts(params):
    return (params[:3] * params[3:6]).sum()


def network_loss(x, first, second):
    return torch.tanh(torch.tanh(x @ first) @ second).mean()


def quiet_loss(t_u, t_c, params):
    with torch.no_grad():
        return line_loss(t_u, t_c, params)


def _computations():
    flag = {"requires_grad": True}
    return [
        (line_loss, torch.ones(11), torch.zeros(11), torch.ones(2, **flag)),
        (line_loss, *(torch.ones(n, dtype=torch.float32, requires_grad=n == 2) for n in (7, 7, 2))),
        (square, torch.ones(6, **flag)),
        (two_parts, torch.ones(8, **flag)),
        (network_loss, torch.ones(4, 3), torch.ones(3, 5, **flag), torch.ones(5, 2, **flag)),
        (quiet_loss, torch.ones(11), torch.zeros(11), torch.ones(2, **flag)),
    ]


@exercise(
    notebook="07",
    title="Count the bytes kept",
    question="""\
Write a function that calls `function(*arguments)` and returns how many bytes autograd keeps
for the backward pass. Count each storage once, with its full size.""",
    difficulty=3,
    minutes=15,
    hints=[
        "torch.autograd.graph.saved_tensors_hooks(pack, unpack) shows you each tensor that is "
        "kept.",
        "Two tensors share their memory if tensor.untyped_storage().data_ptr() is the same: use "
        "it as a key.",
        "Hold on to the result of function until you have counted, or an address may be used "
        "twice.",
    ],
    cases=_computations,
    wrong={
        "a storage is counted as often as an operation asks for it: count it once": {
            "sizes[storage.data_ptr()]": "sizes[len(sizes)]"
        },
        "this is the number of numbers: multiply by the bytes of each, or ask the storage": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size()"
        },
        "8 bytes a number are built in: a float32 takes 4": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size() * 8"
        },
        "4 bytes a number are built in: a float64 takes 8": {
            "storage.nbytes()": "storage.nbytes() // tensor.element_size() * 4"
        },
        "this is the number of storages, not their size": {"sum(sizes.values())": "len(sizes)"},
        "a part keeps the whole storage alive: take storage.nbytes(), not that of the tensor": {
            "storage.nbytes()": "tensor.nbytes"
        },
        "two parts of one storage have different addresses: take data_ptr() of the storage": {
            "sizes[storage.data_ptr()]": "sizes[tensor.data_ptr()]"
        },
        "nothing was watched: call the function inside the with block": {
            "lambda saved: saved):": "lambda saved: saved):\n        pass\n    if True:"
        },
        "this is the largest storage alone: add them up": {
            "sum(sizes.values())": "max(sizes.values(), default=0)"
        },
        COPIED: {"sum(sizes.values())": "176"},
    },
)
def bytes_kept(function, *arguments):
    sizes = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        sizes[storage.data_ptr()] = storage.nbytes()
        return tensor.detach()

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda saved: saved):
        result = function(*arguments)
    total = sum(sizes.values())
    del result  # only now: the graph hangs on it
    return total


# 08 Swap the model


swap_the_model = Exercise(
    "swap_the_model",
    notebook="08",
    title="The classic exercise",
    question="""\
Replace the line by the parabola `quadratic(t_u, w2, w1, b)` in this program, which trains on
the readings x0.1.

```python
params = torch.tensor([1.0, 0.0], requires_grad=True)  # A
optimizer = torch.optim.SGD([params], lr=1e-2)         # B
for epoch in range(5000):                              # C
    t_p = linear(t_un, *params)                        # D
    loss = mse(t_p, t_c)                               # E
    optimizer.zero_grad()                              # F
    loss.backward()                                    # G
    optimizer.step()                                   # H
```

- `must_change`: which lines, or the new program does not run at all? A set of letters, such as
  `{"F", "H"}`.
- `should_change`: which line must be adapted besides, or it runs and does not learn? Again a set.
- `lower_at_minimum`: is the loss of the best parabola lower than that of the best line? `True` or
  `False`.
- `lower_after_5000_epochs`: and that of the parabola after 5000 epochs of SGD at learning rate
  1e-4, compared with the best line? `True` or `False`.
- `better`: does the parabola convert *new* readings better, as far as our eleven can tell?
  `"yes"`, `"no"` or `"cannot tell"`.""",
    difficulty=2,
    minutes=10,
    hints=[
        "Which lines know how many parameters there are, and which know what the model looks like?",
        "A line is a parabola with w2 = 0. And a run need not have arrived at its minimum.",
        "Leave-one-out said one thing, the 55 pairs the other.",
    ],
    reference={
        "must_change": {"A", "D"},
        "should_change": {"B"},
        "lower_at_minimum": True,
        "lower_after_5000_epochs": False,
        "better": "cannot tell",
    },
    wrong={
        "a parabola has three parameters: line A starts only two": {"must_change": {"D"}},
        "the new model has to be called somewhere: look at line D": {"must_change": {"A"}},
        "line B stays legal: the program runs with it, well or not": {
            "must_change": {"A", "B", "D"}
        },
        "the loss sees predictions, not the model: line E can stay": {
            "must_change": {"A", "D", "E"}
        },
        "more epochs do not help a run that diverges: look for the step size": {
            "should_change": {"C"}
        },
        "at its minimum the parabola cannot be above the line, which is one of the parabolas": {
            "lower_at_minimum": False
        },
        "after 5000 epochs it is at 3.86, above the line's 2.93: SGD had not arrived": {
            "lower_after_5000_epochs": True
        },
        "a lower training loss does not make it better: compare the losses on held-out readings": {
            "better": "yes"
        },
        "do not claim that it overfits: on held-out readings it is as good as the line": {
            "better": "no"
        },
    },
    stub="""\
swap_the_model = {
    "must_change": ...,
    "should_change": ...,
    "lower_at_minimum": ...,
    "lower_after_5000_epochs": ...,
    "better": ...,
}""",
)


@exercise(
    notebook="08",
    title="Three bugs",
    question="""\
This loop raises no error and learns nothing. Three lines are at fault. Repair it: it should
train the line by plain SGD, starting at (1, 0), and return the final parameters and the
losses.""",
    difficulty=3,
    minutes=15,
    hints=[
        "Go through the checklist: one symptom at a time, beginning with a loss that does not "
        "change.",
        "Which tensor does the optimizer hold? How often are the gradients cleared? Print the "
        "shapes.",
        "The second params = ..., the place of zero_grad(), and [:, None].",
    ],
    cases=lambda: [
        (n_epochs, rate, *data)
        for n_epochs, rate, data in zip((3, 5, 8), (0.01, 0.02, 0.01), _thermometers(), strict=True)
    ],
    wrong={
        "the parameters never move: does the optimizer hold the tensor of the model?": {
            "lr=learning_rate)\n": (
                "lr=learning_rate)\n    params = torch.tensor([1.0, 0.0], requires_grad=True)\n"
            )
        },
        "one bug is left: gradients add up, zero_grad() has to run in each epoch": {
            "        optimizer.zero_grad()\n": "",
            "    losses = []": "    optimizer.zero_grad()\n    losses = []",
        },
        "one bug is left: every prediction is compared with every temperature": {
            "t_p - t_c": "t_p - t_c[:, None]"
        },
        "two bugs are left: gradients add up, and every prediction is compared with everything": {
            "        optimizer.zero_grad()\n": "",
            "t_p - t_c": "t_p - t_c[:, None]",
        },
        "two bugs are left: the parameters never move, and the shapes do not fit": {
            "lr=learning_rate)\n": (
                "lr=learning_rate)\n    params = torch.tensor([1.0, 0.0], requires_grad=True)\n"
            ),
            "t_p - t_c": "t_p - t_c[:, None]",
        },
        "the loss is a sum now: the mean of the squares was right": {".mean()": ".sum()"},
        "the learning rate 1e-2 is built in: use the argument": {"lr=learning_rate": "lr=1e-2"},
    },
    stub="""\
def three_bugs(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer.zero_grad()
    losses = []
    for _ in range(n_epochs):
        t_p = linear(t_u, *params)
        loss = ((t_p - t_c[:, None]) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params.detach(), torch.tensor(losses)""",
    moral="All three would have passed unnoticed: none of them raises an error.",
)
def three_bugs(n_epochs, learning_rate, t_u, t_c):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=learning_rate)
    losses = []
    for _ in range(n_epochs):
        t_p = linear(t_u, *params)
        loss = ((t_p - t_c) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params.detach(), torch.tensor(losses)


# The self-test at the end of 08: paper, pencil and two minutes a question


def _question(number: int, topic: str, question: str, answer, hint: str, wrong: dict) -> Exercise:
    return Exercise(
        f"self_test_{number}",
        notebook="self-test",
        title=f"Question {number}: {topic}",
        question=question,
        difficulty=1,
        minutes=2,
        hints=[hint],
        reference=answer,
        wrong=wrong,
    )


self_test_1 = _question(
    1,
    "a loss",
    "The predictions are off by 1, -7, 5 and -5 degrees. What is the mean squared error?",
    25.0,
    "Notebook 01: square each error, then take the mean.",
    {
        "this is the sum of the squares: divide by 4": 100.0,
        "this is the mean absolute error": 4.5,
        "this is the RMSE, the root of the answer": 5.0,
        "this is the mean of the raw errors": -1.5,
        "you squared the mean: take the mean of the squares": 2.25,
    },
)
self_test_2 = _question(
    2,
    "shapes",
    "A tensor of shape `(4, 1)` minus one of shape `(4,)`: which shape? A tuple, or the text "
    '`"error"`.',
    (4, 4),
    "Notebook 01: line the shapes up at the right.",
    {
        "the second counts as (1, 4): lined up at the right, a 1 meets a 4": (4, 1),
        "the second size comes from the second tensor, the first from the first": (4,),
        "it is legal, and that is the trap: each 1 is repeated": "error",
        "the 4 of the first shape is not lost: the missing size of the second is repeated": (1, 4),
        "nothing is flattened: the result has two dimensions": (16,),
    },
)
self_test_3 = _question(
    3,
    "one step",
    "`w = 2`, the slope there is 12, the learning rate 0.1. What is `w` after one step of "
    "gradient descent?",
    0.8,
    "Notebook 02: new = old - learning rate * slope.",
    {
        "you stepped uphill": 3.2,
        "this is the length of the step: subtract it from w": 1.2,
        "the learning rate is missing": -10.0,
        "a product in the place of a difference": 2.4,
        "multiply by the learning rate, do not divide by it": -118.0,
    },
)
self_test_4 = _question(
    4,
    "the largest rate",
    "The Hessian has the eigenvalues 0.5 and 40. From which learning rate on does gradient "
    "descent diverge?",
    0.05,
    "Notebook 03: the steepest direction decides.",
    {
        "2, not 1, over the largest eigenvalue": 0.025,
        "you took the smallest eigenvalue: the steepest direction runs away first": 4.0,
        "this is the condition number": 80.0,
        "the other way round: 2 over the largest eigenvalue": 20.0,
        "this is twice too large: divide 2 by the largest eigenvalue": 0.1,
    },
)
self_test_5 = _question(
    5,
    "the way of an error",
    "Along an eigenvector with eigenvalue 4 the error is 10. The learning rate is 0.1. What is it "
    "after two epochs?",
    3.6,
    "Notebook 03: each epoch multiplies it by 1 - lr * eigenvalue.",
    {
        "this is the error after one epoch": 6.0,
        "the factor multiplies in each epoch: 0.6 * 0.6, not 1 - 0.8": 2.0,
        "you multiplied by lr * eigenvalue; what is left is 1 minus that": 1.6,
        "the error shrinks: 1 minus lr * eigenvalue, not plus": 19.6,
        "this is how much has gone, not what is left": 6.4,
    },
)
self_test_6 = _question(
    6,
    "backward three times",
    "Without any zeroing, `loss.backward()` runs in three forward-backward rounds at the same "
    "parameters, where the "
    "gradient is `(4, -1)`. What does `params.grad` hold? A pair.",
    (12.0, -3.0),
    "Notebook 04: backward does not store, it ...",
    {
        "backward() adds to what is there, it does not replace it": (4.0, -1.0),
        "three rounds, not two": (8.0, -2.0),
        "gradients add up, they are not multiplied": (64.0, -1.0),
        "nobody cleared it": (0.0, 0.0),
        "this is the negative of it: the minus comes with the update": (-12.0, 3.0),
    },
)
self_test_7 = _question(
    7,
    "momentum",
    "SGD with momentum 0.9 and learning rate 0.1: the parameter is 5, the velocity 2, the "
    "gradient 1. What is the "
    "parameter after the step?",
    4.72,
    "Notebook 05: first the new velocity, 0.9 * 2 + 1.",
    {
        "you moved along the gradient alone: that is plain gradient descent": 4.9,
        "you moved along the old velocity": 4.8,
        "you took a running mean: the gradient is added in full": 4.81,
        "this is the new velocity": 2.8,
        "you stepped uphill": 5.28,
        "the learning rate is missing": 2.2,
    },
)
self_test_8 = _question(
    8,
    "minibatches",
    "1000 training samples, batches of 64, 5 epochs. How many updates?",
    80,
    "Notebook 05: the last batch of an epoch may be smaller.",
    {
        "the last batch of each epoch is smaller, but it counts": 75,
        "this is one epoch": 16,
        "one update for each epoch would be full batches": 5,
        "one update for each sample would be batches of 1": 5000,
        "whole batches only: each epoch begins anew": 79,
        "there is no fraction of an update: round up in each epoch": 78.125,
    },
)
self_test_9 = _question(
    9,
    "when to stop",
    "The validation losses of epochs 1, 2, ... are 9, 5, 3, 3.5, 2.8, 4, 6. From which epoch does "
    "early stopping keep the "
    "parameters?",
    5,
    "Notebook 06: the lowest of them all.",
    {
        "epochs count from 1": 4,
        "a loss may rise for a moment: look further than the first rise": 3,
        "this is the last epoch": 7,
        "this is the lowest loss; the epoch was asked for": 2.8,
        "this is the epoch with the highest loss": 1,
    },
)


@exercise(
    notebook="self-test",
    title="Question 10: back to the dial",
    question="""\
A line was trained on readings that had been multiplied by 0.1, and has the parameters `w_n`
and `b_n`. Return the pair `(w, b)` for readings straight from the dial.""",
    difficulty=1,
    minutes=2,
    hints=["Notebook 02: insert 0.1 * t_u for the reading."],
    cases=lambda: [(5.3677, -17.3048), (2.0, 3.0), (-40.0, 0.5)],
    wrong={
        "the wrong way round: a step of 1 on the dial is only 0.1 for the line": {
            "0.1 * w_n": "10 * w_n"
        },
        "b is not multiplied by a reading: leave it": {"b_n": "0.1 * b_n"},
        "w is still that of the small readings": {"0.1 * w_n": "w_n"},
        "w and b have changed places": {"0.1 * w_n, b_n": "b_n, 0.1 * w_n"},
        COPIED: {"0.1 * w_n, b_n": "0.5368, -17.3048"},
    },
)
def self_test_10(w_n, b_n):
    return 0.1 * w_n, b_n


ALL = {name: thing for name, thing in list(globals().items()) if isinstance(thing, Exercise)}


def progress() -> None:
    """Print which exercises of the series are solved. Nothing but their names is remembered."""
    done = solved()
    lines, counts = [], []
    for part, what in (("series", "exercises of the series"), ("self-test", "self-test questions")):
        names = [n for n, x in ALL.items() if (x.notebook == "self-test") == (part == "self-test")]
        counts.append(f"{sum(n in done for n in names)} of {len(names)} {what}")
        for notebook in dict.fromkeys(ALL[name].notebook for name in names):
            of_this = [name for name in names if ALL[name].notebook == notebook]
            shown = [f"{RIGHT if n in done else NOT_STARTED} {n}" for n in of_this]
            for start in range(0, len(shown), 5):
                label = notebook if start == 0 else ""
                lines.append(f"{label:10} {'   '.join(shown[start : start + 5])}")
    sign = RIGHT if done >= set(ALL) else NOT_STARTED
    print(f"{sign} You have solved {' and '.join(counts)}.", *lines, sep="\n")
