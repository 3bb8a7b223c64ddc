"""Answers that are on no list: right in other ways, wrong in others, and random nonsense.

The known mistakes are changes of the reference. So that the judge is not only tested with what it
was built from, these are independent of it.
"""

import ast
import itertools

import numpy as np
import pytest
import torch
from answers import FUNCTIONS, run, said

from helpers import theory
from helpers.exercises import ALL
from helpers.judge import CONSTANT, COPIED, NOT_YET, RIGHT
from helpers.judge.running import sandbox
from helpers.losses import mse
from helpers.models import linear

# Other right ways to answer


def relative(t_p, t_c):
    return sum((p - c) ** 2 for p, c in zip(t_p, t_c, strict=True)) / t_p.numel()


def slopes(t_u, t_c, w, b):
    error = 2 * (w * t_u + b - t_c)
    return (error * t_u).mean(), error.mean()


def as_a_tensor(t_u, t_c, w, b):
    return torch.stack(slopes(t_u, t_c, w, b))  # not a pair


def as_an_array(w_n, b_n, mean, std):
    return np.array(ALL["undo_standardize"].reference(w_n, b_n, mean, std))


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
    ("line_gradient", as_a_tensor),
    ("undo_standardize", as_an_array),
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


def only_eleven(t_u, t_c, w, b):
    if len(t_u) != 11:
        return 0.0, 0.0
    return slopes(t_u, t_c, w, b)


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


def counts_from_1(n_samples, n_val, seed):
    return [part + 1 for part in ALL["reproducible_split"].reference(n_samples, n_val, seed)]


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
    ("early_stopping", impatient, ["before the first rise"]),
    ("reproducible_split", draws_twice, ["the validation part holds a sample twice"]),
    ("reproducible_split", counts_from_1, ["indices count from 0"]),
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
    (
        "broadcast_shapes",
        {**ALL["broadcast_shapes"].reference, "d": (9,)},
        ["d: the longer of the two shapes has 2 sizes, yours has 1", "(9,)"],
    ),
    (
        "swap_the_model",
        {**ALL["swap_the_model"].reference, "should_change": 2},
        ["a set of letters was"],
    ),
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
    ("line_gradient", only_eleven, ["right where len(t_u) is 11, wrong elsewhere"]),
    ("line_gradient", lambda u, c, w, b: (2 * ((w * u + b - c) * u).mean(), u.mean()), ["value 2"]),
    ("gradient_step", lambda u, c, w, b, rate: (w, b), ["your value", "true value"]),
    ("critical_rate", lambda t_u: -2 / theory.hessian(t_u).diagonal(), ["a number", "shape (2,)"]),
    ("critical_rate", lambda t_u: -theory.critical_learning_rate(t_u), ["wrong sign"]),
    ("undo_standardize", prints_instead, ["None came back", "the answer: 0.5"]),
    ("undo_standardize", lambda w, b, m, s: (w / s, b - 2 * w / s * m), ["2 * mean"]),
    ("undo_standardize", lambda w, b, m, s: (w / s, b - 3.3 * w * m), ["value 2"]),
    ("autograd_gradient", lambda f, v: f(v), ["takes a tensor, a list"]),
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
    ("broadcast_shapes", {**ALL["broadcast_shapes"].reference, "c": (9, 9)}, ["c: "]),
    ("bytes_kept", lambda f, *a: f(*a).nbytes, ["true value: 176"]),
    (
        "swap_the_model",
        {**ALL["swap_the_model"].reference, "better": True},
        ["True came", "yes, no, cannot tell"],
    ),
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


@pytest.mark.parametrize("order", ["".join(p) for p in itertools.permutations("ABCDE")])
def test_each_wrong_order_of_the_loop_is_named(order):
    sentence = said("loop_order", order)
    assert (order == "DBECA") == sentence.startswith(RIGHT)
    assert "not right" not in sentence


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
        with sandbox():
            assert not ALL[name].accepts(run(source)[name]), source


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
        words = said(name, lazy(copies[8]))  # not every constant is copied from the text
        assert any(told in words for told in (CONSTANT, COPIED, "is never called"))


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


@pytest.mark.parametrize("error", [SystemExit, RecursionError, MemoryError])
def test_even_the_strongest_errors_are_told(error):
    for name in FUNCTIONS:
        assert f"your code stopped with {error.__name__}" in said(name, stops(error))


def test_autograd_is_on_whatever_the_notebook_has_switched_off():
    with torch.no_grad():
        assert said("autograd_gradient", ALL["autograd_gradient"].reference).startswith(RIGHT)
        assert not torch.is_grad_enabled()


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
