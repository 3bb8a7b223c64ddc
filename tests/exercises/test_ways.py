"""The way to an answer: other styles are welcome, what a task forbids is told apart."""

import random
import textwrap

import numpy as np
import pytest
from answers import run, said, with_body

from helpers.exercises import ALL
from helpers.judge import NOT_YET, RIGHT

LOSS = "loss = lambda w, b: ((w * t_u + b - t_c) ** 2).mean()\n"
MEASURED = LOSS + (
    "return (loss(w + {0}, b) - loss(w - {0}, b)) / (2 * {0}), "
    "(loss(w, b + {0}) - loss(w, b - {0})) / (2 * {0})"
)
FORWARD = "return [(loss_of(p + d) - loss_of(p)) / {0} for d in {0} * torch.eye(len(p))]"
VALUES = "p = torch.tensor(values)\n"

FORBIDDEN = [
    *(("line_gradient", MEASURED.format(d), "measured by differences") for d in (1, 0.1, 1e-4)),
    (
        "line_gradient",
        "p = torch.tensor([w, b], requires_grad=True)\n"
        "mse(linear(t_u, *p), t_c).backward()\nreturn p.grad",
        "autograd has done the work",
    ),
    (
        "line_gradient",
        "p = torch.tensor([w, b], requires_grad=True)\nwith torch.enable_grad():\n"
        "    return torch.autograd.grad(mse(linear(t_u, *p), t_c), p)[0]",
        "autograd has done the work",
    ),
    *(
        ("autograd_gradient", VALUES + FORWARD.format(d), "measured by differences")
        for d in (1e-4, 1e-6, 1e-8)
    ),
    *(
        (
            "reproducible_split",
            f"i = [({step} * seed + k) % n_samples for k in range(n_samples)]\n"
            "return i[n_val:], i[:n_val]",
            "no chance is in it",
        )
        for step in (1, 3, -1)
    ),
    ("project_train", "(w, b), _ = least_squares(x, y)\nreturn w, b", "computed in one go"),
    ("project_train", "return np.polyfit(x.numpy(), y.numpy(), 1)", "computed in one go"),
    ("learn_from", "train_loss.backward()\nparams.grad = None", "it is gone again"),
    ("learn_from", "torch.autograd.grad(train_loss, params)", "still empty"),
    (
        "learn_from",
        "train_loss.backward()\nwith torch.no_grad():\n    params.sub_(params.grad)",
        "this is the update already",
    ),
]


def answer(name, body):
    """The function `name` with another body."""
    return with_body(name, body, np=np, random=random)


@pytest.mark.parametrize("name, body, words", FORBIDDEN)
def test_what_the_task_forbids_is_told_apart(name, body, words):
    sentence = said(name, answer(name, body))
    assert sentence.startswith(NOT_YET) and words in sentence


BORROWED = {
    "a function of another file": "g = theory_slopes\nreturn g(t_u, t_c, w, b)",
    "in a dict, so that no name tells": "return tools['mine'](t_u, t_c, w, b)",
    "passed on as a list": "return [s.item() for s in theory_slopes(t_u, t_c, w, b)]",
}


@pytest.mark.parametrize("body", BORROWED.values(), ids=list(BORROWED))
def test_whoever_else_gives_the_slopes_back_is_told(body):
    """By what happens, not by a name: another file's function returns the pair."""
    slopes = ALL["line_gradient"].reference
    made = with_body("line_gradient", body, theory_slopes=slopes, tools={"mine": slopes})
    sentence = said("line_gradient", made)
    assert sentence.startswith(NOT_YET) and "line_gradient does the work here" in sentence


def test_parts_of_the_slopes_may_come_from_elsewhere():
    """A gap that was filled before, a tool of torch, a helper in the same cell are no borrowing."""
    one = "return 2 * ((w * t_u + b - t_c) * t_u).mean(), slope(w * t_u + b, t_c)"
    two = (
        "rows = torch.stack([t_u, torch.ones_like(t_u)])\n"
        "return torch.einsum('kn,n->k', rows, 2 * (w * t_u + b - t_c) / len(t_u))"
    )
    for body in (one, two):
        made = with_body("line_gradient", body, slope=ALL["slope_of_b"].reference)
        assert said("line_gradient", made).startswith(RIGHT)
    helper = "def mine(t_u, t_c, w, b):\n    e = 2 * (w * t_u + b - t_c)\n"
    helper += "    return (e * t_u).mean(), e.mean()\n"
    made = with_body("line_gradient", "return mine(t_u, t_c, w, b)", before=helper)
    assert said("line_gradient", made).startswith(RIGHT)


def test_two_loops_judge_losses_that_hold_graphs_alike():
    for name in ("train", "three_bugs"):
        source = ALL[name].source.replace("loss.item()", "loss")
        sentence = said(name, run(source.replace("torch.tensor(losses)", "losses"))[name])
        assert sentence.startswith(NOT_YET) and "still holds its graph" in sentence


STYLES = [
    ("mean_squared_error", "return np.mean((t_p.numpy() - t_c.numpy()) ** 2)"),
    ("mean_squared_error", "d = t_p - t_c\nreturn float(d @ d) / len(d)"),
    ("central_difference", "return np.float64(f(x + delta) - f(x - delta)) / (2 * delta)"),
    (
        "line_gradient",
        "dw = db = 0\nfor u, c in zip(t_u, t_c):\n    e = 2 * (w * u + b - c) / len(t_u)\n"
        "    dw, db = dw + e * u, db + e\nreturn dw, db",
    ),
    (
        "line_gradient",
        "e = (w * t_u + b - t_c).numpy()\n"
        "return np.array([2 * (e * t_u.numpy()).mean(), 2 * e.mean()])",
    ),
    ("line_gradient", "t_u -= 0\ne = 2 * (w * t_u + b - t_c)\nreturn e @ t_u / len(e), e.mean()"),
    (
        "gradient_step",
        "e = (w * t_u + b - t_c).numpy()\nslopes = [(e * t_u.numpy()).mean(), e.mean()]\n"
        "return np.array([w, b]) - 2 * learning_rate * np.array(slopes)",
    ),
    (
        "critical_rate",
        "u = t_u.numpy()\nh = 2 * np.array([[np.mean(u**2), u.mean()], [u.mean(), 1]])\n"
        "return 2 / np.linalg.eigvalsh(h).max()",
    ),
    ("undo_standardize", "return np.array([w_n / std, b_n - w_n * mean / std])"),
    ("learn_from", "params.grad = None\ntrain_loss.backward()\nprint(params.grad)"),
    ("autograd_gradient", "return torch.func.grad(loss_of)(torch.tensor(values))"),
    ("autograd_gradient", VALUES + "return torch.autograd.functional.jacobian(loss_of, p)"),
    ("in_place_update", "step = torch.optim.SGD([params], learning_rate)\nstep.step()\n"
     "step.zero_grad()"),
    ("reproducible_split", "i = [*range(n_samples)]\nrandom.Random(seed).shuffle(i)\n"
     "return i[n_val:], i[:n_val]"),
    ("reproducible_split", "p = np.random.default_rng(seed).permutation(n_samples)\n"
     "return p[n_val:], p[:n_val]"),
    ("prepare", "a, b = t_train.numpy(), t_val.numpy()\nm, s = a.mean(), a.std(ddof=1)\n"
     "return (a - m) / s, (b - m) / s"),
    ("early_stopping", "losses = val_losses.tolist()\ni = losses.index(min(losses))\n"
     "return i + 1, path[i].tolist()"),
    (
        "three_bugs",
        "w, b, losses = 1.0, 0.0, []\nfor _ in range(n_epochs):\n    e = w * t_u + b - t_c\n"
        "    losses.append((e**2).mean().item())\n"
        "    w, b = w - 2 * learning_rate * (e * t_u).mean(), b - 2 * learning_rate * e.mean()\n"
        "return (w, b), losses",
    ),
]  # fmt: skip


@pytest.mark.parametrize("name, body", STYLES)
def test_loops_lists_numpy_and_floats_are_right_as_well(name, body):
    assert said(name, answer(name, body)).startswith(RIGHT)


@pytest.mark.parametrize(
    "name, key, value, words",
    [
        ("broadcast_shapes", "a", "(3, 4)", "a: '(3, 4)' is a text: leave the quotes out"),
        ("broadcast_shapes", "a", (7,), "a: the longer of the two shapes has 2 sizes"),
        ("may_call_backward", "b", "False", "True or False was expected, the text 'False' came"),
    ],
)
def test_a_value_in_quotes_is_told_so(name, key, value, words):
    assert words in said(name, {**ALL[name].reference, key: value})


def test_signs_around_a_letter_or_a_text_do_not_matter():
    for letter in ("B", " b ", "(B)", "B.", '"B"'):
        assert said("self_test_5", letter).startswith(RIGHT)
    better = {**ALL["swap_the_model"].reference, "better": "Cannot tell."}
    assert said("swap_the_model", better).startswith(RIGHT)


def test_a_part_of_an_observation_is_called_by_its_name():
    body = ALL["reproducible_split"].source.split("\n", 1)[1]
    late = textwrap.dedent(body).replace("shuffled[-n_val:]", "shuffled[-n_val + 1 :]")
    assert "validation samples: yours 1, expected 2" in said(
        "reproducible_split", answer("reproducible_split", late)
    )
