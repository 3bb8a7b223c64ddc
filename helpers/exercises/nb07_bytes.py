"""What autograd keeps: the exercise of 07 that counts it; the rest: nb07.py."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from ..judge import COPIED, exercise, numbers
from ..losses import mse
from ..models import linear
from .slips import Table, joined, named


def line_loss(t_u, t_c, params):
    return mse(linear(t_u, *params), t_c)


def square(params):
    return (params * params).sum()


def two_parts(params):
    return (params[:3] * params[3:6]).sum()


def network_loss(x, first, second):
    return torch.tanh(torch.tanh(x @ first) @ second).mean()


def chain(params):
    for _ in range(30):  # one size, and too large for the small free lists: given up, used again
        params = torch.tanh(params)
    return params.sum()


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
        (chain, torch.ones(1000, **flag)),
        (quiet_loss, torch.ones(11), torch.zeros(11), torch.ones(2, **flag)),
    ]


def kept_tensors(function: Callable, *arguments: Any) -> list[Tensor]:
    """What autograd keeps for the backward pass, each time that an operation asks for it."""
    tensors: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        tensors.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda saved: saved):
        _result = function(*arguments)
    return tensors


# What is taken of each tensor, and what keeps two of them apart.
SIZES: dict[str, Callable[[Tensor], int]] = {
    "": lambda tensor: tensor.untyped_storage().nbytes(),
    "a part keeps the whole storage alive: take storage.nbytes(), not that of the tensor": (
        lambda tensor: tensor.nbytes
    ),
    "this counts numbers: each takes 4 or 8 bytes, and a part keeps all of its storage": (
        lambda tensor: tensor.numel()
    ),
    "8 bytes for each number of the tensor: ask the storage how many it has": (
        lambda tensor: 8 * tensor.numel()
    ),
    "4 bytes for each number of the tensor: ask the storage how many it has": (
        lambda tensor: 4 * tensor.numel()
    ),
    "each counts 1: this is how many, not how many bytes": lambda tensor: 1,
    "each counts 80 bytes, the object of Python: ask its storage": lambda tensor: 80,
}
KEYS: dict[str, Callable[[int, Tensor], Any]] = {
    "": lambda place, tensor: tensor.untyped_storage().data_ptr(),
    "two parts of one storage have different addresses: take data_ptr() of the storage": (
        lambda place, tensor: tensor.data_ptr()
    ),
    "a storage is counted as often as an operation asks for it: count it once": (
        lambda place, tensor: place
    ),
    "storages of the same size count once: take addresses": (
        lambda place, tensor: tensor.untyped_storage().nbytes()
    ),
    "tensors of the same shape count once: take addresses": lambda place, tensor: tensor.shape,
    "only the last one is left: add them up": lambda place, tensor: "one place",
}


def _counts(function: Callable, *arguments: Any) -> Table:
    """What comes out if the bytes are counted another way."""
    tensors = kept_tensors(function, *arguments)
    table: Table = {}
    for (key, key_of), (what, size_of) in itertools.product(KEYS.items(), SIZES.items()):
        table[joined(key, what)] = sum(
            {key_of(*each): size_of(each[1]) for each in enumerate(tensors)}.values()
        )
    own = [each for each in arguments if each.requires_grad]
    result = function(*arguments).nbytes
    return table | {
        "these are the arguments that ask for gradients: autograd keeps others, too": sum(
            each.nbytes for each in own
        ),
        "these are arguments and result: asked is what autograd keeps": result
        + sum(each.nbytes for each in arguments),
        "this is the largest storage alone: add them up": max(map(SIZES[""], tensors), default=0),
    }


def _otherwise_counted(came: Any, function: Callable, *arguments: Any) -> Iterator[str]:
    yield from named(came, _counts(function, *arguments))


def _more_or_less(came: Any, function: Callable, *arguments: Any) -> Iterator[str]:
    """On which side of the truth a count of bytes lies."""
    count, kept = numbers(came), bytes_kept.reference(function, *arguments)
    if count is None or count.ndim:
        return
    if count > kept:
        yield "this is more than autograd keeps here: is something counted twice, or not kept?"
    elif count < kept:
        yield (
            "this is less than autograd keeps here: is a storage left out, or given up too early, "
            "so that its address comes twice?"
        )
    yield "this is not what autograd keeps here: each storage once, with its full size"


@exercise(
    notebook="07",
    title="Count the bytes kept",
    text="""\
Write a function that calls `function(*arguments)` and returns how many bytes of tensors
autograd keeps for the backward pass. Count each storage once, with its full size.""",
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
    slips=_otherwise_counted,
    otherwise=_more_or_less,
    wrong={
        "a storage is counted as often as an operation asks for it: count it once": {
            "sizes[storage.data_ptr()]": "sizes[len(sizes)]"
        },
        "these are the arguments: asked is what autograd keeps, which may be more or less": {
            "total = sum(sizes.values())": "total = sum(tensor.nbytes for tensor in arguments)"
        },
        "this is the result alone: asked is what its graph keeps": {
            "total = sum(sizes.values())": "total = result.nbytes"
        },
        "nothing was watched: call it inside the with block, and without no_grad": {
            "lambda saved: saved):": "lambda saved: saved):\n        pass\n    if True:"
        },
        "the arguments were left out: what is kept counts, whoever made it": {
            "sum(sizes.values())": (
                "sum(size for place, size in sizes.items() if place not in "
                "[a.untyped_storage().data_ptr() for a in arguments])"
            )
        },
        "these are kilobytes: asked are bytes": {
            "sum(sizes.values())": "sum(sizes.values()) / 1024"
        },
        "these are MiB: asked are bytes": {"sum(sizes.values())": "sum(sizes.values()) / 2**20"},
        "these are megabytes: asked are bytes": {
            "sum(sizes.values())": "sum(sizes.values()) / 1e6"
        },
        "these are bits: asked are bytes": {"sum(sizes.values())": "8 * sum(sizes.values())"},
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
