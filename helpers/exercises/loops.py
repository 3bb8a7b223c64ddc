"""Slips in a training loop that are found by running it: where each of them would have led.

A loop is made of kinds of parts (which start, which prediction, which loss, ...), each a table from
clauses to values with the right one under "". Loops with one slip are run, and those with two.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from ..judge import numbers
from ..judge.compare import listed, same
from ..models import linear, quadratic
from .cases import adam, sgd, sgd_with_momentum
from .slips import is_pair, joined

NO_PART = "b plays no part: is it in the prediction, and does the optimizer hold it"
CHANGED_PLACES = "readings and temperatures have changed places"
LIKELY = 5  # slips of a kind that are combined with others

Run = tuple[Tensor, list[float]]  # the last parameters, and the loss of each epoch

LINES = {
    "": linear,
    NO_PART: lambda t, w, b: w * t,
    "w is missing in the prediction": lambda t, w, b: t + b,
    "the readings are multiplied by 0.1 before they go in": lambda t, w, b: linear(0.1 * t, w, b),
    "w and b have changed places in the prediction": lambda t, w, b: linear(t, b, w),
    "w multiplies the b as well": lambda t, w, b: w * (t + b),
    "b is subtracted in the prediction": lambda t, w, b: w * t - b,
    "the readings are squared before they go in": lambda t, w, b: linear(t**2, w, b),
    "the readings come last in the call of linear: they belong first": (
        lambda t, w, b: linear(w, b, t)
    ),
    "the readings are standardised before they go in": lambda t, w, b: linear(
        (t - t.mean()) / t.std(), w, b
    ),
}
PARABOLAS = {
    "": quadratic,
    "w1 and w2 have changed places in the prediction": lambda t, w2, w1, b: quadratic(t, w1, w2, b),
    "w2 and b have changed places in the prediction": lambda t, w2, w1, b: quadratic(t, b, w1, w2),
    "the first number is taken for b in the prediction": lambda t, w2, w1, b: quadratic(
        t, w1, b, w2
    ),
    "the term of the reading itself is missing": lambda t, w2, w1, b: w2 * t**2 + b,
    "the squared term is missing in the prediction": lambda t, w2, w1, b: w1 * t + b,
    NO_PART: lambda t, w2, w1, b: w2 * t**2 + w1 * t,
    "w1 is missing in the prediction, not its reading": lambda t, w2, w1, b: w2 * t**2 + t + b,
    "the prediction is a line in the squared reading, with the first two numbers": (
        lambda t, w2, w1, b: w2 * t**2 + w1
    ),
    "the prediction is a line with the first two numbers": lambda t, w2, w1, b: w2 * t + w1,
    "the prediction is a line with the last two numbers": lambda t, w2, w1, b: w1 * t + b,
    "both weights multiply the reading itself: no square": lambda t, w2, w1, b: w2 * t + w1 * t + b,
    "the prediction of the parabola goes through a line once more": (
        lambda t, w2, w1, b: w2 * quadratic(t, w2, w1, b) + w1
    ),
    "the third number is added to a line of the first two: nothing is squared": (
        lambda t, w2, w1, b: w2 * t + w1 + b
    ),
    "w2 is squared with the reading: square the reading alone": (
        lambda t, w2, w1, b: (w2 * t) ** 2 + w1 * t + b
    ),
    "the whole of the line is squared": lambda t, w2, w1, b: (w2 * t + w1) ** 2 + b,
    "the reading is cubed, not squared": lambda t, w2, w1, b: w2 * t**3 + w1 * t + b,
    "the readings are multiplied by 0.1 before they go in": (
        lambda t, w2, w1, b: quadratic(0.1 * t, w2, w1, b)
    ),
    "b is subtracted in the prediction": lambda t, w2, w1, b: quadratic(t, w2, w1, -b),
    "the readings come last in the call of quadratic: they belong first": (
        lambda t, w2, w1, b: quadratic(w2, w1, b, t)
    ),
    "the readings are squared before they go in": lambda t, w2, w1, b: quadratic(t**2, w2, w1, b),
    "the readings are standardised before they go in": lambda t, w2, w1, b: quadratic(
        (t - t.mean()) / t.std(), w2, w1, b
    ),
}
LOSSES = {
    "": lambda p, c: ((p - c) ** 2).mean(),
    "the squares are added up: mse takes their mean": lambda p, c: ((p - c) ** 2).sum(),
    "the errors are absolute, not squared": lambda p, c: (p - c).abs().mean(),
    "the mean of the errors is squared: it is the squares that have a mean": (
        lambda p, c: (p - c).mean() ** 2
    ),
    "the errors are neither squared nor made positive": lambda p, c: (p - c).mean(),
    "the loss is halved": lambda p, c: ((p - c) ** 2).mean() / 2,
    "the loss is doubled": lambda p, c: 2 * ((p - c) ** 2).mean(),
    "the loss is a root": lambda p, c: ((p - c) ** 2).mean().sqrt(),
    "every prediction is compared with every temperature": (
        lambda p, c: ((p - c[:, None]) ** 2).mean()
    ),
    "a plus stands between prediction and temperature": lambda p, c: ((p + c) ** 2).mean(),
    "the sum of the squares is divided by 11, however many there are": (
        lambda p, c: ((p - c) ** 2).sum() / 11
    ),
    "the loss has the wrong sign: down is up": lambda p, c: -((p - c) ** 2).mean(),
}
ORDERS = {  # z: zero_grad, b: backward, s: step
    "": "zbs",
    "gradients add up, nothing clears them": "bs",
    "step() runs before backward() of its epoch, and with the gradient before": "szb",
    "step() runs twice in each epoch": "zbss",
    "the parameters never move: does step() find a gradient, and does it run": "zb",
    "two losses are added up in .grad: backward() runs twice in each epoch": "zbbs",
}
EPOCHS = {
    "": lambda n: n,
    "one epoch is missing": lambda n: n - 1,
    "there is one epoch too many": lambda n: n + 1,
    "there is a single epoch": lambda n: 1,
    "there are twice as many epochs": lambda n: 2 * n,
    "there are ten epochs, however many were asked for": lambda n: 10,
}


def run(
    start: tuple[float, ...],
    optimizer: Callable[[Tensor], torch.optim.Optimizer],
    n_epochs: int,
    model: Callable[..., Tensor],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    order: str,
    t_u: Tensor,
    t_c: Tensor,
) -> Run:
    """The parameters and losses of a loop; each loss is that before the epoch's update."""
    params = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    holder, losses = optimizer(params), []
    for _ in range(n_epochs):
        loss = loss_of(model(t_u, *params), t_c)
        losses.append(loss.item())
        for what in order:
            if what == "z":
                holder.zero_grad()
            elif what == "s":
                holder.step()
            else:
                loss.backward(retain_graph=True)
    return params.detach(), losses


def varied(
    n_epochs: int, kinds: Mapping[str, Mapping[str, Any]], t_u: Tensor, t_c: Tensor
) -> dict[str, Run]:
    """Where loops with one slip lead, and those with two of the likeliest.

    `kinds` holds starts, optimizers, models, losses, orders and numbers of epochs, in this order.
    """
    found: dict[str, Run] = {}
    right = dict.fromkeys(kinds, "")
    slips = {kind: [clause for clause in table if clause] for kind, table in kinds.items()}
    singles = [{kind: clause} for kind, clauses in slips.items() for clause in clauses]
    pairs = [
        {one: first, two: second}
        for one, two in itertools.combinations(["start", "model", "loss", "order"], 2)
        for first, second in itertools.product(slips[one][:LIKELY], slips[two][:LIKELY])
    ]
    for made in [{}, *singles, *pairs]:
        chosen = [kinds[kind][clause] for kind, clause in (right | made).items()]
        start, optimizer, model, loss_of, order, epochs = chosen
        try:
            result = run(start, optimizer, epochs(n_epochs), model, loss_of, order, t_u, t_c)
        except RuntimeError:  # no gradient reaches the parameters
            continue
        found[joined(*made.values())] = result
    return found


OPTIMIZERS = {"sgd": sgd, "sgd_with_momentum": sgd_with_momentum, "adam": adam}


@lru_cache(maxsize=8)
def _lines(n_epochs: int, optimizer: str, start: tuple, t_u: tuple, t_c: tuple) -> dict[str, Run]:
    kinds = {
        "start": {"": start},
        "optimizer": {"": OPTIMIZERS[optimizer]},
        "model": LINES,
        "loss": LOSSES,
        "order": ORDERS,
        "epochs": EPOCHS,
    }
    return varied(n_epochs, kinds, _column(t_u), _column(t_c))


@lru_cache(maxsize=8)
def _by_sgd(n_epochs: int, rate: float, t_u: tuple, t_c: tuple, curved: bool) -> dict[str, Run]:
    make = torch.optim.SGD
    starts = [(1, 0), (0, 1), (0, 0), (1, 1), (0.5, 0), (10, 0)]
    if curved:
        starts = [(1, 1, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0), (1, 1, 1), (0, 1, 1), (0, 0, 1)]
        starts += [(1, 0, 1), (0.1, 1, 0), (0.5, 1, 0), (2, 1, 0), (1, 2, 0), (0.01, 1, 0)]
    kinds = {
        "start": {f"it starts at {s}" * (s != starts[0]): s for s in starts},
        "optimizer": {
            "": lambda p: make([p], lr=rate),
            "there is momentum 0.9 in the optimizer": lambda p: make([p], lr=rate, momentum=0.9),
            "the optimizer is Adam": lambda p: torch.optim.Adam([p], lr=rate),
            "each step is half as long as it should be": lambda p: make([p], lr=rate / 2),
            "each step is twice as long: is the rate doubled, or does a line run twice": lambda p: (
                make([p], lr=2 * rate)
            ),
            "the learning rate is squared": lambda p: make([p], lr=rate**2),
            "each step is a tenth of what it should be": lambda p: make([p], lr=rate / 10),
            "each step is a hundredth of what it should be": lambda p: make([p], lr=rate / 100),
            "each step is ten times what it should be": lambda p: make([p], lr=10 * rate),
            **{
                f"the learning rate {built_in:g} is built in": partial(_sgd, rate=built_in)
                for built_in in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
                if built_in != rate
            },
        },
        "model": PARABOLAS if curved else LINES,
        "loss": LOSSES,
        "order": ORDERS,
        "epochs": EPOCHS,
    }
    return varied(n_epochs, kinds, _column(t_u), _column(t_c))


def _sgd(params: Tensor, rate: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([params], lr=rate)


def _column(values: tuple[float, ...]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def training_slips(seen: Any, n_epochs: int, optimizer: Any, start: list, *data: Any) -> Iterator:
    """What is wrong in the loop of 05, whose losses and parameters were seen; or how far it is
    right."""
    readings = [tuple(column.tolist()) for column in data]
    found = _lines(n_epochs, optimizer.__name__, tuple(start), *readings)
    yield from _which(found, seen["params"], seen["losses"])
    yield from _how_far(seen["params"], seen["losses"], found[""])


def repair_slips(came: Any, n_epochs: int, rate: float, t_u: Tensor, t_c: Tensor) -> Iterator[str]:
    """The same of the loop of 09, of which parameters and losses came."""
    if is_pair(came):
        found = _by_sgd(n_epochs, rate, tuple(t_u.tolist()), tuple(t_c.tolist()), False)
        yield from _which(found, *listed(came))
        plain = (1, 0), partial(_sgd, rate=rate), n_epochs, linear, LOSSES[""], "zbs"
        if same(listed(came)[1], run(*plain, t_c, t_u)[1]):
            yield CHANGED_PLACES
        yield from _how_far(*listed(came), found[""])


def parabola_slips(came: Any, n_epochs: int, rate: float, t_u: Tensor, t_c: Tensor) -> Iterator:
    """What is wrong in the loop of 08, of which the parameters came."""
    found = _by_sgd(n_epochs, rate, tuple(t_u.tolist()), tuple(t_c.tolist()), True)
    yield from (words for words, (params, _) in found.items() if words and same(came, params))
    plain = (1, 1, 0), partial(_sgd, rate=rate), n_epochs, quadratic, LOSSES[""], "zbs"
    if same(came, run(*plain, t_u, t_u)[0]):
        yield "the predictions are compared with the readings, not with the temperatures"
    if same(came, run(*plain, t_c, t_u)[0]):
        yield CHANGED_PLACES


def parabola_state(came: Any, n_epochs: int, rate: float, t_u: Tensor, t_c: Tensor) -> Iterator:
    right, _ = _by_sgd(n_epochs, rate, tuple(t_u.tolist()), tuple(t_c.tolist()), True)[""]
    params = numbers(came)
    if params is None or params.shape != right.shape:
        return
    if torch.allclose(params, right, rtol=0.02, atol=0.02):
        yield "nearly: were the parameters rounded, or computed with fewer digits?"
    if same(params, torch.tensor([1.0, 1.0, 0.0], dtype=torch.float64)):
        yield "the parameters are still at the start: nothing has moved them"
    yield (
        "the loop runs and ends elsewhere: which line knows the start, which one the model? Leave "
        "the loss, the optimizer and the order of the others as they were"
    )


def _which(found: dict[str, Run], params: Any, losses: Any) -> Iterator[str]:
    right = found[""]
    if same(params, right[0]) and same(losses, right[1]):
        return
    yield from (
        words
        for words, (last, each) in found.items()
        if words and same(params, last) and same(losses, each)
    )


def _how_far(params: Any, losses: Any, right: Run) -> Iterator[str]:
    last, each = right
    yours = numbers(losses)
    if yours is None or yours.shape != (len(each),):
        return
    hits = [same(mine, true) for mine, true in zip(yours, each, strict=True)]
    if same(yours.flip(0), each) and not all(hits):
        yield "the losses are right, their order is turned"
    elif same(params, last) and not all(hits):
        yield (
            "the parameters end where they should, so the updates are right: what is noted as the "
            "loss of an epoch is another number"
        )
    elif not hits[0]:
        yield (
            "the first loss, before any update, is not that of the start: look at the start, the "
            "prediction and the loss"
        )
    elif len(hits) > 1 and not hits[1]:
        yield (
            "the first loss is right, the one after the first update is not: look at the lines "
            "that update, and at what the gradient belongs to"
        )
    elif not all(hits):
        yield (
            "the losses are right up to the second, then they are not: is something left over from "
            "the epoch before?"
        )
    elif not same(params, last):
        yield "the losses are right, the parameters are not those after the last update"
