"""What is said of an answer is true of it: sentences that once were said of answers they misled."""

import textwrap

import pytest
import torch
from answers import said, with_body

from helpers import data
from helpers.exercises import ALL
from helpers.judge import NOT_YET, Value
from helpers.judge.advice import ADVICE

STANDARD = """\
x_s = (x - x.mean()) / x.std()
params = torch.tensor([1.0, 0.0], requires_grad=True)
optimizer = torch.optim.SGD([params], lr={rate})
for _ in range({n_epochs}):
    loss = mse(linear(x_s, *params), y)
{clear}    loss.backward()
    optimizer.step()
w_s, b_s = params.detach()
w = w_s / x.std()
return w, b_s - w * x.mean()
"""
CLEARED = "    optimizer.zero_grad()\n"
PARABOLA = """\
params = torch.tensor([1.0, 1.0, 0.0], requires_grad=True)
optimizer = torch.optim.SGD([params], lr=learning_rate)
for _ in range(n_epochs):
    loss = mse(quadratic(*params, t_u), t_c)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
return params.detach()
"""
LOOP = textwrap.dedent(ALL["train"].source.split("\n", 1)[1]) + "\n"
SMALL_STEPS = STANDARD.format(rate=0.01, n_epochs=100, clear=CLEARED)
TRAINED = STANDARD.format(rate=0.2, n_epochs=100, clear=CLEARED)
FORGETFUL = """\
sizes = {}
def pack(tensor):
    storage = tensor.untyped_storage()
    sizes[storage.data_ptr()] = storage.nbytes()
with torch.autograd.graph.saved_tensors_hooks(pack, lambda saved: saved):
    function(*arguments)
return sum(sizes.values())"""
FLAGGED = "params = torch.tensor(values, requires_grad=True)\n"
STEP = "with torch.no_grad():\n    params -= learning_rate * params.grad\n"
PILED_UP = "nothing in your function clears the gradient"


BODIES = [
    ("project_train", STANDARD.format(rate=0.1, n_epochs=500, clear=""), PILED_UP),
    ("project_train", STANDARD.format(rate=0.02, n_epochs=333, clear=""), PILED_UP),
    ("project_train", SMALL_STEPS, "of the way to the best line is left at the end"),
    ("project_train", SMALL_STEPS.replace("lr=0.01", "lr=1.3"), "above the wall"),
    ("project_train", TRAINED.replace("lr=0.2", "lr=0.2, weight_decay=0.1"), "weight_decay"),
    ("project_train", SMALL_STEPS.replace("x_s, *p", "x, *p"), "in another unit"),
    ("project_train", TRAINED.replace("x_s, *p", "x, *p"), "is the column standardised first"),
    ("project_train", TRAINED.replace("x.mean()\n", "53.3\n"), "b does not: it moves by w"),
    ("project_train", f"{TRAINED.split('w_s,')[0]}return params[0] / 17.6, params[1] - 53.3",
     "takes mean and standard deviation of this x"),
    ("project_train", TRAINED.replace("    loss.backward()\n", ""), "do not depend on y"),
    ("project_train", TRAINED.replace("mse(linear(x_s, *params), y)",
     "(linear(x_s, *params) - y).abs().mean()"), "look at the training itself"),
    ("learn_from", "train_loss.backward()\ntorch.optim.SGD([params], lr=0.1).step()", "its step"),
    ("bytes_kept", FORGETFUL, "its address comes twice"),
    ("in_place_update", f"params.grad.zero_()\n{STEP}", "was it cleared before it was used"),
    ("in_place_update", f"{STEP}    params.zero_()", "params itself was set to 0"),
    ("in_place_update", f"{STEP}    params.mul_(0)\nparams.grad = None", "params itself was set"),
    ("in_place_update", f"{STEP}params.zero_grad()", "cleared by .grad.zero_()"),
    ("in_place_update", f"{STEP}params.grad = 0", "cleared by .grad = None"),
    ("learn_from", "train_loss.backward()\nparams -= params.grad", "is the function's own"),
    ("autograd_gradient", f"{FLAGGED}loss_of(params)\nreturn params.grad", "has not run"),
    ("autograd_gradient", f"{FLAGGED}return params.grad", "backward() has not run"),
    ("autograd_gradient", f"{FLAGGED}loss_of(params).backward()", "is a return missing"),
    ("autograd_gradient", f"{FLAGGED}return loss_of(*params)", "leave out the star"),
    ("autograd_gradient", "return loss_of(values)", "takes a tensor, a list of length 2 came"),
    ("epoch_factor", "return curvature - learning_rate * curvature", "curvature minus the product"),
    ("parabola_loop", PARABOLA, "the readings come last"),
    ("as_columns", "return [[value] for value in t.tolist()]", "takes a tensor and a list of"),
    ("as_columns", "return tuple((value,) for value in t)", "takes a tensor and a tuple of"),
    ("as_columns", "return t.unsqueeze_(1)", "changes its argument t"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "words"), BODIES)
def test_what_is_said_is_true_of_the_function(name, body, words):
    sentence = said(name, with_body(name, body))
    assert sentence.startswith(NOT_YET) and words in sentence


@pytest.mark.parametrize(
    ("by", "unit"), [(1 / 2**20, "MiB"), (1e-6, "megabytes"), (1 / 1024, "kilobytes"), (8, "bits")]
)
def test_bytes_in_another_unit_are_named(by, unit):
    counted = ALL["bytes_kept"].reference
    sentence = said("bytes_kept", lambda f, *arguments: counted(f, *arguments) * by)
    assert f"these are {unit}: asked are bytes" in sentence


ORDER = "order = torch.randperm(n_samples, generator=torch.Generator().manual_seed(seed))\n"
SPLITS = [
    ("return order[: n_samples - n_val + 1], order[-n_val:]", "one sample is in both parts"),
    ("return order[:-n_val], order[-n_val - 3 :]", "3 samples are in both parts"),
    ("return order[: -n_val - 2], order[-n_val:]", "2 samples are in neither part"),
    ("return order + 1, order[-n_val:] + 1", "count from 0"),
    ("return (order + 1)[:-n_val], (order + 1)[-n_val:]", "count from 0"),
    ("return order[:-n_val] + 1, order[-n_val:] + 1", "count from 0"),
    ("order[-1] = n_samples\nreturn order[:-n_val], order[-n_val:]", "that no sample has"),
    ("order[-1] = order[-2]\nreturn order[:-n_val], order[-n_val:]", "a sample twice"),
    ("order[0] = order[1]\nreturn order[:-n_val], order[-n_val:]", "a sample twice"),
    ("return order[:9], order[9:11]", "the parts have 9 and 2 samples"),
    ("return order[:-n_val], order[:n_val]", "in both parts"),
    ("return order[:-n_val], torch.randperm(n_samples)[:n_val]", "others in neither"),
]


@pytest.mark.parametrize(("cut", "words"), SPLITS)
def test_what_is_said_is_true_of_the_split(cut, words):
    sentence = said("reproducible_split", with_body("reproducible_split", f"{ORDER}{cut}"))
    assert sentence.startswith(NOT_YET) and words in sentence


def test_none_is_said_to_be_none():
    assert "self_test_6 is None" in said("self_test_6", None)
    assert "Replace the dots" in said("self_test_6", ...)


@pytest.mark.parametrize("n_epochs", [3, 10])
def test_gradients_that_are_cleared_are_not_said_to_pile_up(n_epochs):
    body = STANDARD.format(rate=0.05, n_epochs=n_epochs, clear=CLEARED)
    sentence = said("project_train", with_body("project_train", body))
    assert sentence.startswith(NOT_YET) and "clears" not in sentence


def test_an_argument_that_is_used_is_not_said_to_be_forgotten():
    body = "x_s = ((du * dc) - dc * du).sum() + (du * du).sum()\nreturn x_s / (du * du).mean()"
    sentence = said("level_w", with_body("level_w", body))
    assert sentence.startswith(NOT_YET) and "forgotten" not in sentence
    sentence = said("level_w", with_body("level_w", "return (du * du).sum() / du.norm()"))
    assert "dc makes no difference to your answer: is it forgotten" in sentence
    body = "inner = [dc for dc in du]\ndc = 2 * du\nreturn (du * dc).sum() / (du * du).mean()"
    sentence = said("level_w", with_body("level_w", body))
    assert "forgotten" not in sentence
    own = "params = torch.tensor([1.0, 0.0], requires_grad=True)\n"
    own += "optimizer = torch.optim.SGD([params], lr=0.01)\n"
    sentence = said("train", with_body("train", f"{own}{LOOP}"))
    assert "optimizer makes no difference to your answer: your code gives its name to" in sentence


VALUES = [
    ("two_readings", 40, "the measured values have changed places"),
    ("recall_09", {"a": "B", "b": (11, 11), "c": "B"}, "a tuple of length 2 came"),
    ("recall_09", {"a": "B", "b": ["B", 11], "c": "B"}, "a list of length 2 came"),
    ("two_lists", {"train": [4, 1, 5], "val": [2, 3]}, "count from 0"),
    ("two_lists", {"train": [0, 3, 4], "val": [2, 3]}, "count from 0"),
]


@pytest.mark.parametrize(("name", "answer", "words"), VALUES)
def test_what_is_said_is_true_of_the_value(name, answer, words):
    sentence = said(name, answer)
    assert sentence.startswith(NOT_YET) and words in sentence


WAY = "first = 3 * 20 - 5\nsecond = 3 * 30 - 7\nwhole = (first + second) / 2 + first**2"


def told(answer):
    question = Value(reference=3094, way=WAY, otherwise="nothing")
    return question.verdict(answer).text


def test_small_whole_numbers_are_no_product_of_what_stands_in_the_text():
    assert told(5 * 7 - 20) == "nothing\n   Your value: 15"
    assert told(5 * 7) == "nothing\n   Your value: 35"
    assert "this is 20 / 7" in told(20 / 7)


def test_two_numbers_of_the_same_part_that_changed_places():
    first, second = 3 * 20 - 7, 3 * 30 - 5
    assert told((first + second) / 2 + first**2).startswith("5 and 7 have changed places")
    first, second = 3 * 30 - 5, 3 * 20 - 7
    assert told((first + second) / 2 + first**2).startswith("20 and 30 have changed places")


def test_what_belongs_to_standardised_readings_is_named_for_scaled_ones():
    mean, std = data.thermometer(torch.float64)[0].mean(), data.thermometer(torch.float64)[0].std()
    body = "w = w_n / std\nreturn w, b_n - w * mean"
    sentence = said("self_test_10", with_body("self_test_10", body, mean=mean, std=std))
    assert "the standard deviation of our readings" in sentence
    sentence = said("self_test_10", lambda w_n, b_n: (0.1 * w_n, b_n - w_n / std * mean))
    assert "as after standardising" in sentence


@pytest.mark.parametrize("body", ["params.detach()", "return params.grad_fn"])
def test_nothing_is_shown_of_how_an_answer_is_tried(body):
    sentence = said("next_params", with_body("next_params", body))
    assert sentence.startswith(NOT_YET) and "dict" not in sentence
    sentence = said("autograd_gradient", with_body("autograd_gradient", "return loss_of()"))
    assert "<locals>" not in sentence and "watched" not in sentence


def test_the_place_of_a_function_inside_another_is_left_out():
    body = "def inner():\n    pass\nreturn inner(t)"
    assert "TypeError: inner() takes 0" in said("as_columns", with_body("as_columns", body))


def test_each_piece_of_advice_begins_as_a_line_does():
    assert all(text[0].isupper() or text[0] == "+" for text in ADVICE.values())
    assert not any(text.endswith(".") for text in ADVICE.values())


@pytest.mark.parametrize("name", ["project_train", "parabola_loop", "train", "three_bugs"])
def test_the_known_mistakes_of_a_loop_take_few_epochs(name, monkeypatch):
    """No learner is to wait: what is counted are backward passes, which no busy machine slows."""
    passes, backward = [], torch.Tensor.backward

    def counted(tensor, *arguments, **more):
        passes.append(1)
        return backward(tensor, *arguments, **more)

    monkeypatch.setattr(torch.Tensor, "backward", counted)
    question = ALL[name]
    for kept in ("_expected", "_mistakes_seen"):
        question.__dict__.pop(kept, None)
    assert question._expected and question._mistakes_seen
    assert 0 < len(passes) < 6000


def test_no_relative_hands_a_solver_what_is_no_number(monkeypatch):
    """It would say so on the learner's screen, past everything that keeps output."""
    handed, solve = [], torch.linalg.lstsq

    def watched(columns, *more):
        handed.append(bool(columns.isfinite().all()))
        return solve(columns, *more)

    monkeypatch.setattr(torch.linalg, "lstsq", watched)
    question = ALL["project_richer"]
    question.__dict__.pop("_kin_seen", None)
    assert question._kin_seen and handed and all(handed)
