"""The exercises of 04 Autograd."""

import torch

from ..judge import COPIED, exercise


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
