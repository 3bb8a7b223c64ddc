"""The exercises answer back: right to every reference, and to no wrong answer ever.

The known mistakes are changes of the reference. So that the judge is not only tested with what it
was built from, there are independent wrong answers, written by hand, and random nonsense.
"""

import ast
import contextlib
import io
import itertools
import json
import math
import os
import re
import time

import canonical
import nbformat
import nbgrader_source
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import data, exercises, judge, theory
from helpers.exercises import ALL, nb07
from helpers.judge import COPIED, NOT_STARTED, NOT_YET, RIGHT
from helpers.losses import mse
from helpers.models import linear, quadratic
from helpers.theory import least_squares, predict_path

EACH = pytest.mark.parametrize("name", ALL)
FUNCTIONS = [name for name, exercise in ALL.items() if exercise.is_function]
MISTAKES = [(name, sentence) for name, exercise in ALL.items() for sentence in exercise.wrong]


def said(name, *answer):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        ALL[name].check(*answer)
    assert err.getvalue() == ""
    return out.getvalue()


def run(source, **names):
    """The names that a cell defines, in a namespace of its own."""
    namespace = {"torch": torch, "linear": linear, "mse": mse, "quadratic": quadratic}
    namespace |= {"least_squares": least_squares, **names}
    namespace["critical_learning_rate"] = theory.critical_learning_rate
    exec(source, namespace)
    return namespace


# The collection


def test_there_are_enough_of_them():
    series = [exercise.notebook for exercise in ALL.values() if exercise.notebook != "self-test"]
    assert len(series) >= 16
    assert all(series.count(f"{number:02}") >= 2 for number in range(1, 9))
    assert len(ALL) - len(series) == 10


@EACH
def test_each_is_complete(name):
    exercise = ALL[name]
    assert getattr(exercises, name) is exercise and exercise.name == name
    assert exercise.difficulty in (1, 2, 3) and 1 <= exercise.minutes <= 20
    assert len(exercise.question) > 40 and len(exercise.title) > 4
    assert len(exercise.hints) >= (1 if exercise.notebook == "self-test" else 3)
    assert len(exercise.mistakes) >= (3 if exercise.notebook == "self-test" else 5)
    assert len([line for line in exercise.stub.splitlines() if line.strip()]) <= 15


# Right, not yet, not started


@EACH
def test_the_reference_is_right(name):
    assert said(name, ALL[name].reference).startswith(f"{RIGHT} Right")


@EACH
def test_what_solution_prints_is_right(name, capsys):
    ALL[name].solution()
    source = capsys.readouterr().out
    assert said(name, run(source)[name]).startswith(RIGHT)


@pytest.mark.parametrize("name, sentence", MISTAKES)
def test_each_mistake_gets_its_own_sentence(name, sentence):
    answer = said(name, ALL[name].mistakes[sentence])
    assert answer.startswith(f"{NOT_YET} Not yet: {sentence}")


@EACH
def test_an_untouched_stub_is_not_started(name):
    assert said(name, run(ALL[name].stub)[name]).startswith(NOT_STARTED)
    assert said(name).startswith(NOT_STARTED)
    assert said(name, ...).startswith(NOT_STARTED)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    "body", ["pass", "...", "return ...", '"""A text."""', "raise NotImplementedError()"]
)
def test_other_empty_functions_are_not_started(name, body):
    head = ALL[name].source.split("\n")[0]
    assert said(name, run(f"{head}\n    {body}")[name]).startswith(NOT_STARTED)


def test_a_dict_that_is_half_done():
    half = {**dict.fromkeys("abcde", ...), "a": (3, 4)}
    assert said("broadcast_shapes", half).startswith(f"{NOT_STARTED} So far, so good")
    assert said("broadcast_shapes", {**half, "b": (3,)}).startswith(NOT_YET)


# The references against authorities


@pytest.fixture
def random():
    return torch.Generator().manual_seed(5)


def line_data(random, n):
    return [torch.rand(n, generator=random) * 9 + 1 for _ in range(2)]


def loss_at(t_u, t_c, params):
    return mse(linear(t_u, *params), t_c)


@pytest.mark.parametrize("n", [2, 5, 40])
def test_references_about_the_line_agree_with_autograd_and_sgd(random, n):
    t_u, t_c = line_data(random, n)
    params = torch.rand(2, generator=random).requires_grad_()
    loss = loss_at(t_u, t_c, params)
    by_autograd = torch.autograd.grad(loss, params)[0]
    w, b = params.tolist()
    t_p = linear(t_u, w, b)

    expected = torch.nn.functional.mse_loss(t_p, t_c)
    assert torch.isclose(ALL["mean_squared_error"].reference(t_p, t_c), expected)
    by_hand = torch.stack(ALL["line_gradient"].reference(t_u, t_c, w, b))
    assert torch.allclose(by_hand, by_autograd)
    measured = ALL["central_difference"].reference(
        lambda w: mse(linear(t_u, w, b), t_c).item(), w, 0.1
    )
    assert measured == pytest.approx(by_autograd[0].item())

    params.grad = by_autograd
    torch.optim.SGD([params], lr=0.01).step()
    stepped = torch.stack(ALL["gradient_step"].reference(t_u, t_c, w, b, 0.01))
    assert torch.allclose(stepped, params.detach())

    hessian = torch.autograd.functional.hessian(lambda p: loss_at(t_u, t_c, p), params.detach())
    critical = 2 / torch.linalg.eigvalsh(hessian)[-1]
    assert torch.isclose(ALL["critical_rate"].reference(t_u), critical)


def test_shapes_agree_with_pytorch():
    pairs = [((4,), (3, 4)), ((3,), (3, 1)), ((2, 1, 5), (4, 1)), ((3, 2), (3,)), ((7, 1), (1,))]
    for (one, other), answer in zip(pairs, ALL["broadcast_shapes"].reference.values(), strict=True):
        try:
            assert tuple(torch.broadcast_shapes(one, other)) == answer
        except RuntimeError:
            assert answer == "error"
        assert f"`{one}` | `{other}`" in ALL["broadcast_shapes"].question
    assert tuple((torch.ones(4, 1) - torch.ones(4)).shape) == ALL["self_test_2"].reference


def test_undoing_a_normalisation_gives_the_least_squares_line(random):
    t_u, t_c = line_data(random, 9)
    t_n, mean, std = data.standardize(t_u)
    (w_n, b_n), _ = least_squares(t_n, t_c)
    best, _ = least_squares(t_u, t_c)
    w, b = ALL["undo_standardize"].reference(w_n, b_n, mean, std)
    assert torch.allclose(torch.stack([w, b]), best)
    (w_n, b_n), _ = least_squares(0.1 * t_u, t_c)
    assert torch.allclose(torch.stack(ALL["self_test_10"].reference(w_n, b_n)), best)


def test_autograd_gradient_agrees_with_func(random):
    t_u, t_c = line_data(random, 9)
    at = torch.rand(2, generator=random)
    gradient = ALL["autograd_gradient"].reference(lambda p: loss_at(t_u, t_c, p), at.tolist())
    assert torch.allclose(gradient, torch.func.grad(lambda p: loss_at(t_u, t_c, p))(at))


def test_updates_agree_with_torch_optim(random):
    for momentum in (0.0, 0.5, 0.9):
        theirs = torch.rand(3, generator=random).requires_grad_()
        ours, velocity = theirs.detach().clone(), torch.zeros(3)
        in_place = theirs.detach().clone().requires_grad_()
        optimizer = torch.optim.SGD([theirs], lr=0.1, momentum=momentum)
        for _ in range(4):
            gradient = torch.rand(3, generator=random) - 0.5
            theirs.grad, in_place.grad = gradient, gradient.clone()
            optimizer.step()
            step = ALL["momentum_step"].reference
            ours, velocity = step(ours, velocity, gradient, 0.1, momentum)
            ALL["in_place_update"].reference(in_place, 0.1)
        assert torch.allclose(ours, theirs.detach())
        assert momentum > 0 or torch.allclose(in_place, theirs)


def test_training_loops_agree_with_the_closed_form(random):
    t_u, t_c = line_data(random, 12)
    start = torch.tensor([1.0, 0.0])
    rate = 0.5 * theory.critical_learning_rate(t_u).item()
    path = predict_path(t_u, t_c, start, rate, 30)
    losses = torch.stack([loss_at(t_u, t_c, params) for params in path[:-1]])

    params = start.clone().requires_grad_()
    optimizer = torch.optim.SGD([params], lr=rate)
    assert torch.allclose(ALL["train"].reference(30, optimizer, params, t_u, t_c), losses)
    assert torch.allclose(params, path[-1])
    repaired, repaired_losses = ALL["three_bugs"].reference(30, rate, t_u, t_c)
    assert torch.allclose(repaired, path[-1]) and torch.allclose(repaired_losses, losses)


def test_data_exercises_agree_with_the_helpers(random):
    for seed in range(5):
        ours = ALL["reproducible_split"].reference(11, 2, seed)
        assert all(map(torch.equal, ours, data.split_indices(11, 2, seed)))
    t_train, t_val = line_data(random, 9)
    train_n, mean, std = data.standardize(t_train)
    expected = train_n, data.standardize(t_val, mean, std)[0]
    assert all(map(torch.allclose, ALL["prepare"].reference(t_train, t_val), expected))
    losses, path = torch.rand(20, generator=random), torch.rand(21, 2, generator=random)
    epoch, params = ALL["early_stopping"].reference(losses, path)
    best = min(range(20), key=losses.tolist().__getitem__)
    assert epoch == best + 1 and torch.equal(params, path[best])


def test_may_call_backward_by_calling_it():
    code = re.search(r"```python\n(.*?)```", ALL["may_call_backward"].question, re.DOTALL)[1]
    for letter, answer in ALL["may_call_backward"].reference.items():
        loss = run(code, t_u=torch.rand(5), t_c=torch.rand(5))[letter]
        if answer:
            loss.backward()
        else:
            with pytest.raises(RuntimeError):
                loss.backward()


def test_bytes_kept_by_formula():
    count = ALL["bytes_kept"].reference
    for n in (3, 11, 100):  # the readings and the differences
        for dtype in (torch.float32, torch.float64):
            params = torch.ones(2, dtype=dtype, requires_grad=True)
            t_u, t_c = torch.ones(2, n, dtype=dtype)
            kept = count(nb07.line_loss, t_u.clone(), t_c.clone(), params)
            assert kept == 2 * n * dtype.itemsize


def test_the_classic_exercise_by_running_it():
    t_u, t_c = data.thermometer()
    t_un = 0.1 * t_u
    floor = least_squares(t_u, t_c)[1].item()
    columns = torch.stack([t_un**2, t_un, torch.ones(11)], dim=1)
    best = torch.linalg.lstsq(columns, t_c).solution
    answer = ALL["swap_the_model"].reference
    assert (mse(quadratic(t_un, *best), t_c).item() < floor) == answer["lower_at_minimum"]
    hessian = 2 / 11 * columns.T @ columns
    step = torch.eye(3) - 1e-4 * hessian
    reached = best + torch.linalg.matrix_power(step, 5000) @ (torch.tensor([1.0, 1.0, 0.0]) - best)
    after = mse(quadratic(t_un, *reached), t_c).item()
    assert (after < floor) == answer["lower_after_5000_epochs"] and f"{after:.2f}" == "3.86"
    assert 2 / torch.linalg.eigvalsh(hessian)[-1] < 1e-2  # so line B has to be adapted

    code = re.search(r"```python\n(.*?)```", ALL["swap_the_model"].question, re.DOTALL)[1]
    new = {
        "A": code.replace("[1.0, 0.0]", "[1.0, 1.0, 0.0]"),
        "D": code.replace("linear(", "quadratic("),
    }
    both = new["A"].replace("linear(", "quadratic(")
    names = {"t_un": t_un, "t_c": t_c, "quadratic": quadratic, "range": lambda n: [0]}
    assert math.isfinite(run(both, **names)["loss"].item())
    for either in new.values():
        with pytest.raises(TypeError, match="argument"):
            run(either, **names)


def test_answers_of_the_self_test():
    errors = torch.tensor([1.0, -7.0, 5.0, -5.0])
    params = torch.zeros(2, requires_grad=True)
    for _ in range(3):
        (params @ torch.tensor([4.0, -1.0])).backward()
    answers = {
        1: (errors**2).mean().item(),
        2: (4, 4),
        3: 2 - 0.1 * 12,
        4: 2 / 40,
        6: tuple(params.grad.tolist()),
    }
    for number, answer in answers.items():
        assert ALL[f"self_test_{number}"].reference == pytest.approx(answer)
        assert said(f"self_test_{number}", answer).startswith(RIGHT)


def test_the_broken_loop_of_the_self_test_by_running_it(readings):
    t_u, t_c = readings
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    with torch.no_grad():
        t_p = linear(t_u, *params)
    with pytest.raises(RuntimeError, match="does not require grad"):
        mse(t_p, t_c).backward()
    assert ALL["self_test_8"].reference == "C"


# Other right ways to answer


def relative(t_p, t_c):
    return sum((p - c) ** 2 for p, c in zip(t_p, t_c, strict=True)) / t_p.numel()


def by_autograd(t_u, t_c, w, b):
    params = torch.tensor([w, b], requires_grad=True)
    return torch.autograd.grad(loss_at(t_u, t_c, params), params)[0]  # a tensor, not a pair


def update_data(params, learning_rate):
    params.data -= learning_rate * params.grad
    params.grad.zero_()


def zero_at_the_end(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for _ in range(n_epochs):
        loss = ((params[0] * t_u + params[1] - t_c) ** 2).mean()
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
        params.grad = None
    return losses


def global_seed(n_samples, n_val, seed):
    torch.manual_seed(seed)
    shuffled = torch.randperm(n_samples).tolist()
    return sorted(shuffled[n_val:]), sorted(shuffled[:n_val])


def numpy_epoch(val_losses, path):
    index = np.argmin(val_losses.numpy())
    return index + 1, path[index].numpy()


ALSO_RIGHT = [
    ("mean_squared_error", relative),
    ("mean_squared_error", torch.nn.functional.mse_loss),
    ("mean_squared_error", lambda a, b: ((a - b) ** 2).mean().item()),
    ("broadcast_shapes", {"a": [3, 4], "b": [3, 3], "c": [2, 4, 5], "d": "Error ", "e": (7, 1)}),
    ("central_difference", lambda g, at, h: 0.5 * (g(at + h) - g(at - h)) / h),
    ("line_gradient", by_autograd),
    ("critical_rate", theory.critical_learning_rate),
    ("autograd_gradient", lambda f, v: torch.func.grad(f)(torch.tensor(v))),
    ("in_place_update", update_data),
    ("train", zero_at_the_end),
    ("reproducible_split", global_seed),
    ("early_stopping", numpy_epoch),
    ("may_call_backward", {k: np.bool_(v) for k, v in ALL["may_call_backward"].reference.items()}),
    ("swap_the_model", {**ALL["swap_the_model"].reference, "must_change": ["D", "A"]}),
    ("self_test_2", [4, 4]),
    ("self_test_6", torch.tensor([12.0, -3.0])),
    ("self_test_8", "c"),
]


@pytest.mark.parametrize("name, answer", ALSO_RIGHT)
def test_other_right_answers_are_right(name, answer):
    assert said(name, answer).startswith(RIGHT)


# Wrong answers that are on no list


def in_float32(t_p, t_c):
    return ((t_p.float() - t_c.float()) ** 2).mean() * (1 + 1e-5)


def forgets_to_return(t_p, t_c):
    ((t_p - t_c) ** 2).mean()


def yields(t_u, t_c, w, b):
    yield 2 * ((w * t_u + b - t_c) * t_u).mean()


def spoils_its_argument(t_train, t_val):
    mean, std = t_train.mean(), t_train.std()
    t_train -= mean
    return t_train / std, (t_val - mean) / std


def prints_instead(w_n, b_n, mean, std):
    print("the answer:", w_n / std)


def never_ends(t_u):
    while True:
        pass


def only_eleven(t_u, t_c, w, b):
    if len(t_u) != 11:
        return 0.0, 0.0
    return ALL["line_gradient"].reference(t_u, t_c, w, b)


def impatient(val_losses, path):
    """Stops after two epochs without a new lowest loss."""
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best == 2:
            break
    return best + 1, path[best]


def draws_twice(n_samples, n_val, seed):
    generator = torch.Generator().manual_seed(seed)
    val = torch.randint(n_samples, (n_val,), generator=generator).tolist()
    return [i for i in range(n_samples) if i not in val], val


def shuffles_twice_without_seed(n_samples, n_val, seed):
    return torch.randperm(n_samples)[:-n_val], torch.randperm(n_samples)[-n_val:]


def keeps_graphs(n_epochs, optimizer, params, t_u, t_c):
    losses = []
    for _ in range(n_epochs):
        losses.append(mse(linear(t_u, *params), t_c))
        losses[-1].backward()
        optimizer.step()
        optimizer.zero_grad()
    return torch.stack(losses)


def makes_other_params(n_epochs, optimizer, params, t_u, t_c):
    params = params.detach().requires_grad_()
    return ALL["train"].reference(n_epochs, optimizer, params, t_u, t_c)


UNLISTED = [
    ("early_stopping", impatient, ["right on 3 of 4 data sets"]),
    ("reproducible_split", draws_twice, ["exactly one part: yours False, expected True"]),
    ("reproducible_split", shuffles_twice_without_seed, ["exactly one part: yours False"]),
    (
        "reproducible_split",
        lambda n, k, seed: print(end=""),
        ["None came back: is a return missing?"],
    ),
    ("train", keeps_graphs, ["each loss still holds its graph"]),
    ("train", makes_other_params, ["did you make other params?"]),
    ("in_place_update", lambda params, rate: params.detach().grad * rate, ["detach() makes one"]),
    ("critical_rate", lambda t_u: round(theory.critical_learning_rate(t_u).item(), 4), ["rounded"]),
    ("broadcast_shapes", {**ALL["broadcast_shapes"].reference, "d": (9,)}, ["(9) is not right"]),
    ("swap_the_model", {**ALL["swap_the_model"].reference, "should_change": "B"}, ["a set was"]),
    (
        "bytes_kept",
        lambda f, *a: len(a),
        ["bytes_kept(line_loss, (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), "],
    ),
    ("mean_squared_error", lambda a, b: 3 * ((a - b) ** 2).mean(), ["3 times the true one"]),
    ("mean_squared_error", lambda a, b: ((a - b) ** 2).mean() + 1, ["off by 1"]),
    ("mean_squared_error", in_float32, ["nearly right", "rounded", "14.4942"]),
    ("mean_squared_error", lambda a, b: str(((a - b) ** 2).mean()), ["a number", "the text"]),
    ("mean_squared_error", lambda a, b: ((a - b) ** 2).mean().reshape(1), ["shape (1,) came"]),
    ("mean_squared_error", forgets_to_return, ["None came back", "return"]),
    ("mean_squared_error", 1763.8845, ["a function", "the number 1763.88"]),
    ("mean_squared_error", lambda t_p: t_p.mean(), ["(t_p, t_c)", "yours takes (t_p)"]),
    ("mean_squared_error", lambda a, b: (a - b).sqrt().mean(), ["not finite"]),
    ("central_difference", lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h) ** 2, ["true value"]),
    ("central_difference", lambda f, x, h: f(x + h).mean(), ["AttributeError", "mean"]),
    ("line_gradient", yields, ["2 values were expected", "generator"]),
    ("line_gradient", lambda u, c, w, b: (w, b, w), ["2 values were expected, 3 came"]),
    ("line_gradient", only_eleven, ["right on 1 of 3 data sets"]),
    ("line_gradient", lambda u, c, w, b: (2 * ((w * u + b - c) * u).mean(), u.mean()), ["value 2"]),
    ("gradient_step", lambda u, c, w, b, rate: (w, b), ["your value", "true value"]),
    ("critical_rate", lambda t_u: -2 / theory.hessian(t_u).diagonal(), ["a number", "shape (2,)"]),
    ("critical_rate", lambda t_u: -theory.critical_learning_rate(t_u), ["wrong sign"]),
    ("undo_standardize", prints_instead, ["None came back", "the answer: 0.5"]),
    ("undo_standardize", lambda w, b, m, s: (w / s, b - 2 * w / s * m), ["value 2", "others are"]),
    ("autograd_gradient", lambda f, v: f(v), ["stopped with TypeError"]),
    ("in_place_update", lambda params, rate: params.zero_(), ["stopped with RuntimeError"]),
    ("train", lambda n, o, p, u, c: torch.zeros(n), ["losses: yours (0, 0, 0, 0)"]),
    (
        "momentum_step",
        lambda p, v, g, rate, m: p - rate * v,
        ["2 values were expected, a tensor of shape (2,)"],
    ),
    ("reproducible_split", lambda n, k, seed: list(range(n)), ["a pair (train, val)"]),
    ("reproducible_split", lambda n, k, seed: ("abc", "de"), ["whole numbers"]),
    ("prepare", spoils_its_argument, ["changes its argument t_train"]),
    ("early_stopping", lambda losses, path: losses.argmin() + 1, ["2 values were expected"]),
    ("may_call_backward", {"a": True}, ["'b' is missing"]),
    ("may_call_backward", {**dict.fromkeys("abcdef", 1)}, ["True or False was expected"]),
    ("broadcast_shapes", (3, 4), ["a dict was expected", "a tuple"]),
    ("broadcast_shapes", {**ALL["broadcast_shapes"].reference, "c": (9, 9)}, ["'c'"]),
    ("bytes_kept", lambda f, *a: f(*a).nbytes, ["true value: 176"]),
    ("swap_the_model", {**ALL["swap_the_model"].reference, "better": True}, ["a text"]),
    ("three_bugs", lambda n, rate, u, c: torch.zeros(n), ["2 values were expected"]),
    ("self_test_1", 24.0, ["Your value: 24"]),
    ("self_test_1", "25", ["a number was expected", "the text '25'"]),
    ("self_test_6", 12, ["2 values were expected", "12"]),
]


@pytest.mark.parametrize("name, answer, words", UNLISTED)
def test_an_unlisted_wrong_answer_gets_a_sentence_that_helps(name, answer, words):
    sentence = said(name, answer)
    assert sentence.startswith(f"{NOT_YET} Not yet: ")
    for word in words:
        assert word in sentence


def mutants(source):
    """The source with one operator replaced by another one, or one number changed."""
    operators = [ast.Add(), ast.Sub(), ast.Mult(), ast.Div(), ast.Pow()]
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign):
            part, others = "op", [op for op in operators if type(op) is not type(node.op)]
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            part, others = "value", {node.value + 1, node.value - 1, 2 * node.value} - {node.value}
        else:
            continue
        original = getattr(node, part)
        for other in others:
            setattr(node, part, other)
            yield ast.unparse(tree)
        setattr(node, part, original)


# Free are: start, rate and epochs in project_train, how x is scaled in project_richer.
@pytest.mark.parametrize("name", sorted({*FUNCTIONS} - {"project_train", "project_richer"}))
def test_no_mutant_of_the_reference_is_right(name):
    for source in mutants(ALL[name].source):
        assert said(name, run(source)[name]).startswith(NOT_YET), source


def lazy(value):
    return lambda *arguments: value


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numbers_copied_from_the_text_never_pass(name):
    """Not those of the notebooks, nor the true value of one of the judge's own data sets."""
    exercise = ALL[name]
    copies = [1763.8845, 2.9276, (4517.2964, 82.6), (0.5368, -17.3048), 3.399e-4, 176, 578, (9, 2)]
    if exercise.probe is None:
        copies += [exercise.reference(*arguments) for arguments in exercise.cases()]
    for number in copies:
        assert said(name, lazy(number)).startswith(NOT_YET)
    if exercise.probe is None:
        assert COPIED in said(name, lazy(copies[8]))


# Errors, endless loops, side effects


def test_an_error_is_told_with_its_line(tmp_path):
    source = "def mean_squared_error(t_p, t_c):\n    difference = t_p - t_c\n    return 1 / 0\n"
    place = tmp_path / "answer.py"
    place.write_text(source)
    namespace = {}
    exec(compile(source, str(place), "exec"), namespace)
    sentence = said("mean_squared_error", namespace["mean_squared_error"])
    assert "ZeroDivisionError: division by zero, in line 3 of mean_squared_error" in sentence
    assert "return 1 / 0" in sentence


def stops(error):
    def answer(*arguments):
        raise error

    return answer


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit, RecursionError])
def test_even_the_strongest_errors_are_told(error):
    for name in FUNCTIONS:
        assert f"your code stopped with {error.__name__}" in said(name, stops(error))


def endless_in_steps(*arguments):
    for _ in itertools.count():
        with contextlib.suppress(Exception):
            time.sleep(0.001)


def endless_and_stubborn(*arguments):
    while True:
        try:  # noqa: SIM105
            sum(range(10))
        except:  # noqa: E722
            pass


def asleep(*arguments):
    time.sleep(4)


@pytest.mark.parametrize("answer", [never_ends, endless_in_steps, endless_and_stubborn, asleep])
def test_an_endless_loop_is_stopped(monkeypatch, answer):
    monkeypatch.setattr(ALL["critical_rate"], "limit", 0.2)
    start = time.perf_counter()
    sentence = said("critical_rate", lambda t_u: answer(t_u))
    start_of_it = rf"{NOT_YET} Not yet: your code was still running after 0\.\d+ seconds and was"
    assert re.match(start_of_it, sentence)
    assert time.perf_counter() - start < 3


def test_the_limit_is_a_few_seconds():
    assert all(2 <= exercise.limit <= 10 for exercise in ALL.values())


def test_it_works_away_from_the_main_thread_and_without_autograd():
    from concurrent.futures import ThreadPoolExecutor

    exercise = ALL["in_place_update"]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(exercise._verdict, exercise.reference).result()[0] == RIGHT
    with torch.no_grad():
        assert said("autograd_gradient", ALL["autograd_gradient"].reference).startswith(RIGHT)


def test_nothing_that_an_answer_does_stays():
    def messy(t_p, t_c):
        torch.manual_seed(3)
        torch.set_default_dtype(torch.float16)
        torch.set_grad_enabled(False)
        print("hello")
        t_p.zero_()
        t_c.zero_()
        return t_p.mean()

    torch.set_default_dtype(torch.float32)
    numbers = torch.get_rng_state()
    sentence = said("mean_squared_error", messy)
    assert "changes its argument t_p" in sentence and "Your code printed:\nhello" in sentence
    assert torch.get_default_dtype() is torch.float32 and torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), numbers)
    assert said("mean_squared_error", ALL["mean_squared_error"].reference).startswith(RIGHT)
    assert said("train", ALL["train"].reference).startswith(RIGHT)


def test_a_flood_of_printed_text_is_cut():
    def chatty(t_u):
        for _ in range(10_000):
            print("still here")
        return t_u.sum()

    assert len(said("critical_rate", chatty)) < 2000


def test_hints_get_bigger_and_begin_again(capsys):
    exercise = ALL["central_difference"]
    exercise._hints_given = 0
    for _ in range(4):
        exercise.hint()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:12] for line in lines] == [f"Hint {n} of 3:"[:12] for n in (1, 2, 3, 1)]


# Random nonsense


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
    st.text(max_size=5),
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
    max_examples=40,
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


# nbgrader


def test_nbgrader_marks(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for name, exercise in ALL.items():
        said(name, exercise.reference)
        wrong = next(iter(exercise.mistakes.values()))
        for answer in (wrong, run(exercise.stub)[name]):
            with pytest.raises(AssertionError, match=rf"^[{NOT_YET}{NOT_STARTED}] "):
                said(name, answer)


@pytest.fixture
def notebook():
    """A small notebook with a function to write, a value to give and a loop to repair."""
    nb = nbformat.v4.new_notebook()
    for source in [
        "from helpers import exercises",
        "import torch\nfrom helpers.models import linear",
    ]:
        nb.cells.append(nbformat.v4.new_code_cell(source))
    for name in ("central_difference", "broadcast_shapes", "three_bugs"):
        nb.cells.append(nbformat.v4.new_markdown_cell(f"### {ALL[name].title}"))
        nb.cells.append(nbformat.v4.new_code_cell(ALL[name].stub))
        nb.cells.append(nbformat.v4.new_code_cell(f"exercises.{name}.check({name})"))
    return nb


def test_nbgrader_metadata(notebook):
    nbgrader_source.add_nbgrader_metadata(notebook)
    marks = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    assert marks[:3] == [None] * 3
    for (exercise, _, _), stub, check in zip(
        nbgrader_source.exercise_cells(notebook), marks[3::3], marks[4::3], strict=True
    ):
        assert stub["solution"] and not stub["grade"] and not stub["locked"]
        assert check["grade"] and check["locked"] and not check["solution"]
        assert check["points"] == exercise.difficulty
    ids = [mark["grade_id"] for mark in marks if mark]
    assert len(set(ids)) == len(ids) == 6 and all(re.fullmatch(r"[\w-]+", i) for i in ids)


def test_nbgrader_source_and_what_students_get(notebook, capsys):
    """The source version is right; without what is between the markers it is not started."""
    nbgrader_source.source_notebook(notebook)
    cells = canonical.code_cells(notebook)
    assert "### BEGIN SOLUTION" in cells[2].source
    exec("\n".join(cell.source for cell in cells), {})
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == [RIGHT] * 3
    cut = re.compile(r"### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
    exec("\n".join(cut.sub("...", cell.source) for cell in cells), {})
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == [NOT_STARTED] * 3


# Remembering


@pytest.fixture
def remembered(monkeypatch, tmp_path):
    place = tmp_path / ".progress.json"
    monkeypatch.setenv("EXERCISES_PROGRESS", str(place))
    return place


def test_progress(remembered, capsys):
    series = sum(exercise.notebook != "self-test" for exercise in ALL.values())
    exercises.progress()
    table = capsys.readouterr().out
    assert table.startswith(
        f"{NOT_STARTED} You have solved 0 of {series} exercises of the series and 0 of"
    )
    assert RIGHT not in table and all(name in table for name in ALL)
    said("central_difference", ALL["central_difference"].reference)
    said("self_test_3", 0.8)
    said("self_test_4", 0.8)
    exercises.progress()
    table = capsys.readouterr().out
    assert f"solved 1 of {series}" in table and "1 of 10" in table
    assert f"{RIGHT} central_difference" in table and f"{NOT_STARTED} self_test_4" in table
    assert json.loads(remembered.read_text()) == ["central_difference", "self_test_3"]
    assert list(remembered.parent.iterdir()) == [remembered]
    remembered.write_text(json.dumps(list(ALL)))
    exercises.progress()
    assert capsys.readouterr().out.startswith(f"{RIGHT} You have solved {series} of {series}")


@pytest.mark.parametrize("content", ["", "{", "3", '{"a": 1}', "[1, null]", "\x00"])
def test_a_broken_progress_file_does_no_harm(remembered, content):
    remembered.write_text(content)
    assert said("self_test_3", 0.8).startswith(RIGHT)
    assert json.loads(remembered.read_text())[-1] == "self_test_3"


def test_what_waits_for_an_answer_is_not_wrong():
    for name, exercise in ALL.items():
        if not exercise.is_function:
            assert said(name, None).startswith(NOT_STARTED)
    none = dict.fromkeys(ALL["may_call_backward"].reference)
    assert said("may_call_backward", none).startswith(NOT_STARTED)
    small = {**ALL["swap_the_model"].reference, "must_change": {" a", "d"}}
    assert said("swap_the_model", small).startswith(RIGHT)


def test_in_an_assignment_the_progress_lies_beside_its_notebook(tmp_path, monkeypatch):
    for name in ("EXERCISES_PROGRESS", "PYTEST_VERSION", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(judge, "__file__", str(tmp_path / "helpers" / "judge" / "__init__.py"))
    assert judge._progress_file() == tmp_path / ".progress.json"


def test_an_assignment_is_whole(tmp_path):
    [path] = canonical.NOTEBOOKS.glob("04*")
    assert nbgrader_source.main([str(tmp_path), str(path)]) == 0
    folder = tmp_path / "source" / path.stem
    text = (folder / path.name).read_text(encoding="utf-8")
    pictures = re.findall(r"\]\(([^)]*\.svg)\)", text)
    assert pictures and all((folder / name).is_file() for name in pictures)
    assert (folder / "helpers" / "exercises" / "__init__.py").is_file()


def test_a_progress_file_that_cannot_be_written_does_no_harm(monkeypatch, tmp_path):
    monkeypatch.setenv("EXERCISES_PROGRESS", str(tmp_path / "no folder" / "file"))
    assert said("self_test_3", 0.8).startswith(RIGHT)


def test_machines_leave_no_progress(monkeypatch):
    monkeypatch.delenv("EXERCISES_PROGRESS", raising=False)
    assert "PYTEST_VERSION" in os.environ  # also what a kernel inherits that nbval starts
    place = canonical.NOTEBOOKS / ".progress.json"
    before = place.read_bytes() if place.exists() else None
    assert said("self_test_3", 0.8).startswith(RIGHT)
    assert (place.read_bytes() if place.exists() else None) == before
    assert exercises.solved() == set()


# The notebooks

PATHS = sorted(canonical.NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture(params=PATHS, ids=[path.name for path in PATHS])
def wired(request):
    nb = canonical.read(request.param)
    if not nbgrader_source.exercise_cells(nb):
        pytest.skip("no exercises in this notebook yet")
    return request.param, nb


def test_the_notebook_holds_its_exercises(wired):
    path, nb = wired
    number = path.name[:2]
    mine = [
        n
        for n, x in ALL.items()
        if x.notebook in ([number, "self-test"] if number == "09" else [number])
    ]
    cells = nbgrader_source.exercise_cells(nb)
    assert [exercise.name for exercise, _, _ in cells] == mine
    markdown = "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    for exercise, stub, check in cells:
        assert stub.source == exercise.stub
        assert exercise.question in markdown and exercise.title in markdown
        [output] = check.outputs
        assert output.text.startswith(NOT_STARTED)
        if exercise.notebook != "self-test":
            stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
            task = next(c.source for c in nb.cells if exercise.question in c.source)
            assert stars in task and f"about {exercise.minutes} minutes" in task
            assert f"exercises.{exercise.name}.solution()" in markdown


def test_check_cells_react_to_the_stub_cell(wired, monkeypatch, capsys):
    """In the notebook's own names: the reference turns a check cell right, a mistake wrong."""
    path, nb = wired
    monkeypatch.chdir(path.parent)
    cells = "\n".join(cell.source for cell in canonical.code_cells(nb))
    cells = re.sub(r"^%.*", "", cells, flags=re.MULTILINE)  # what only IPython understands
    imports = [
        node for node in ast.parse(cells).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    namespace = {"quadratic": quadratic}  # 08 defines it
    exec("\n".join(map(ast.unparse, imports)), namespace)
    capsys.readouterr()
    for exercise, stub, check in nbgrader_source.exercise_cells(nb):
        mistake = exercise.mistake_source(next(iter(exercise.wrong)))
        for source, sign in [
            (stub.source, NOT_STARTED),
            (exercise.source, RIGHT),
            (mistake, NOT_YET),
        ]:
            exec(f"{source}\n{check.source}", namespace)
            assert capsys.readouterr().out.startswith(sign)
