"""Each small instrument against PyTorch: what its curves and results say is right."""

import pytest
import torch
from curves import close, drawn

from helpers import theory
from helpers.data import thermometer
from helpers.exercises.instruments import target
from helpers.losses import mse
from helpers.models import linear
from helpers.training import gradient_descent, training_loop
from helpers.widgets import (
    BeTheOptimizer,
    DegreeAndPenalty,
    FiniteDifferenceStep,
    ForgottenZeroGrad,
    SplitRoulette,
)


def test_be_the_optimizer(readings):
    play = BeTheOptimizer(w=0.5, b=-10.0, reveal=True)
    assert close(drawn(play, "line"), [[10, 120], [0.5 * 10 - 10, 0.5 * 120 - 10]])
    params = torch.tensor([0.5, -10.0], requires_grad=True)
    loss = mse(linear(readings[0], *params), readings[1])
    loss.backward()
    slopes = params.grad
    assert f"loss {loss:.4f}" in repr(play)
    assert f"slope in w {slopes[0]:.4f}, slope in b {slopes[1]:.4f}" in repr(play)
    assert "Turn w down. Turn b down." in play.words
    x, t_c, t_p = drawn(play, "squared errors")
    assert close(x, readings[0]) and close(t_c, readings[1]) and close(t_p, 0.5 * x - 10)
    _, low, high = drawn(play, "eleven squares")
    assert close((high - low) ** 2, (t_p - t_c) ** 2, rtol=1e-3)
    _, low, high = drawn(play, "their mean, the loss")
    assert close((high - low) ** 2, loss.detach(), rtol=1e-4)
    x, y = drawn(play, "one step against the slopes")
    w = (y[1] - y[0]) / (x[1] - x[0])
    stepped = torch.stack([w, y[0] - w * x[0]]).requires_grad_()
    moved = stepped.detach() - params.detach()
    assert close(moved / moved.norm(), -slopes / slopes.norm(), rtol=1e-2)
    mse(linear(readings[0], *stepped), readings[1]).backward()  # the best step of this direction:
    assert abs(stepped.grad @ slopes) < 1e-3 * (slopes @ slopes)  # level along it


@pytest.mark.parametrize("w", [-1.0, 0.232, 0.537, 2.0])
@pytest.mark.parametrize("b", [-50.0, -17.3, 0.0, 50.0])
def test_line_point_and_squares_stay_in_their_panels(w, b):
    play = BeTheOptimizer(w=w, b=b)
    shown, panels = play.shown, play.spec["panels"]
    for look, columns in zip(play.spec["looks"], shown["curves"], strict=True):
        panel = panels[look["panel"]]
        ranges = shown["ranges"].get(str(look["panel"]), (panel["x_range"], panel["y_range"]))
        xs, ys = columns[0], [y for column in columns[1:] for y in column]
        for values, (low, high) in ((xs, ranges[0]), (ys, ranges[1])):
            assert all(low <= value <= high for value in values if value is not None)
    sides = drawn(play, "eleven squares")
    assert (sides[2] - sides[1]).max() > shown["ranges"]["1"][1][1] / 6  # visible where it matters


def test_be_the_optimizer_target(readings):
    low, high, *_ = target(BeTheOptimizer())
    ws = torch.arange(-1, 2, 0.01)
    reachable = ((ws[:, None] * readings[0] - readings[1]) ** 2).mean(dim=1).min()
    assert low < reachable < high


def test_be_the_optimizer_says_what_notebook_01_says():
    """At the lowest loss with b = 0 only the slope in b is left; the slider must get there."""
    lowest = min(
        (BeTheOptimizer(w=w / 1000, reveal=True).view().results for w in range(200, 260)),
        key=lambda results: results["loss"],
    )
    assert abs(lowest["slope in w"]) < 1 < lowest["slope in b"]
    assert "w is as good as level. Turn b down." in BeTheOptimizer(w=0.232, reveal=True).words
    assert "level. b is as good as level." in BeTheOptimizer(w=0.537, b=-17.3, reveal=True).words


@pytest.mark.parametrize("scheme, error", [("central", 0.0), ("forward", 2940.7982)])
def test_finite_difference_errors(readings, scheme, error):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    mse(linear(readings[0], *params), readings[1]).backward()
    play = FiniteDifferenceStep(scheme=scheme)
    deltas, errors = drawn(play, "error of this choice")
    assert len(deltas) == 53 and deltas[0] == 1e-13 and deltas[-1] == 1
    large = deltas > 0.01
    assert torch.allclose(errors[large], error * deltas[large], rtol=1e-4, atol=1e-9)
    assert f"slope {params.grad[0] + 0.1 * error:.4f}" in repr(play)
    w, losses = drawn(play, "loss")
    assert w[0] == -1.2 and w[-1] == 3.2 and len(w) == 61
    assert close(losses, ((w[:, None] * readings[0] - readings[1]) ** 2).mean(dim=1), rtol=1e-4)
    assert len(drawn(play, "the other three choices")[0]) == 3 * 53
    x, y = drawn(play, "points compared")
    assert close(y, torch.stack([mse(linear(readings[0], w, 0.0), readings[1]) for w in x]))
    ends_x, ends_y = drawn(play, "measured slope")
    assert ends_x.tolist() == [-1.2, 3.2]
    assert close((ends_y[1] - ends_y[0]) / (ends_x[1] - ends_x[0]), (y[1] - y[0]) / (x[1] - x[0]))


def test_finite_difference_in_float32():
    play = FiniteDifferenceStep(precision="float32", delta=1e-8)
    assert "slope 0.0000" in repr(play)  # 1 + 1e-8 is 1
    assert close(drawn(play, "at this delta"), [[1e-8], [4517.2964]])
    play = FiniteDifferenceStep(precision="float32", scheme="forward")
    deltas, errors = drawn(play, "error of this choice")
    low, high, *_ = target(play)
    assert low < deltas[errors.argmin()] < high


@pytest.mark.parametrize("zero_grad, momentum", [(False, 1.0), (True, 0.0), (True, 0.9)])
def test_forgotten_zero_grad_is_momentum(readings, start, zero_grad, momentum):
    t_un, t_c = 0.1 * readings[0], readings[1]
    play = ForgottenZeroGrad(zero_grad=zero_grad, momentum=momentum, learning_rate=0.02)
    params = start.requires_grad_()
    optimizer = torch.optim.SGD([params], lr=0.02, momentum=momentum)
    history = training_loop(60, optimizer, params, t_un, t_c)
    assert close(drawn(play, "zeroed, with momentum")[1], history.train_loss)
    assert close(drawn(play, "path with momentum").T, history.params)
    same = zero_grad == (momentum == 0)
    assert close(drawn(play, "this loop")[1], history.train_loss) == same
    assert ("difference 0.0000" in repr(play)) == same


def test_zero_grad_gives_gradient_descent(readings, start):
    play = ForgottenZeroGrad(zero_grad=True)
    losses, path = gradient_descent(0.1 * readings[0], readings[1], start, 1e-2, 60)
    assert close(drawn(play, "this loop"), torch.stack([torch.arange(60) + 1.0, losses]))
    assert close(drawn(play, "path of this loop").T, path)
    rings = drawn(play, "equal loss").T.reshape(3, 81, 2)
    best, floor = theory.least_squares(0.1 * readings[0], readings[1])
    assert close(drawn(play, "best line")[:, 0], best)
    assert close(rings[:, :-1].mean(dim=1), best.expand(3, 2), rtol=1e-3)  # once round, evenly
    for share, ring in zip((1, 1 / 4, 1 / 16), rings, strict=True):
        on_ring = [mse(linear(0.1 * readings[0], *p), readings[1]) for p in ring]
        assert close(torch.stack(on_ring), floor + share * (losses[0] - floor), rtol=1e-3)


@pytest.mark.parametrize("zero_grad, factor", [(True, 1), (False, 2)])
def test_forgotten_zero_grad_doubles_the_border(readings, zero_grad, factor):
    border = factor * theory.critical_learning_rate(0.1 * readings[0]).item()
    play = ForgottenZeroGrad(zero_grad=zero_grad, learning_rate=1.05 * border)
    assert "runs away" in play.words
    play.learning_rate = 0.97 * border
    assert "runs away" not in play.words
    assert ("does not settle" in play.words) == (not zero_grad)
    low, high, lesson, _ = target(play)
    assert 1.9 / factor < low / border < 2 / factor < high / border < 2.1 / factor
    assert f"{2 * border / factor:.4f}, twice the {border / factor:.4f}" in lesson


def test_the_slope_is_measured_anywhere(readings):
    for w in (0.0, 0.7, 2.0):
        exact = (2 * (w * readings[0] - readings[1]) * readings[0]).mean()
        assert close(FiniteDifferenceStep(w=w).view().results["slope"], exact)
        off = drawn(FiniteDifferenceStep(w=w, scheme="forward"), "at this delta")[1]
        assert close(off, [294.07982], rtol=1e-4)  # the curvature is the same everywhere


def test_split_roulette_lists_all_splits(readings):
    roulette = SplitRoulette(list_all=True)
    splits, losses = drawn(roulette, "validation loss")
    assert splits.tolist() == list(range(1, 56))
    assert f"{losses.mean():.2f} {losses.std():.2f}" == "4.71 2.91"  # notebook 06
    assert torch.equal(losses, losses.sort().values)
    for split in (1, 14, 38, 55):
        roulette.split = split
        train, val = drawn(roulette, "training").T, drawn(roulette, "validation").T
        assert len(torch.cat([train, val]).unique(dim=0)) == 11
        (w, b), floor = theory.least_squares(*train.T)
        assert f"training {floor:.4f}" in repr(roulette)
        assert f"validation {mse(linear(val[:, 0], w, b), val[:, 1]):.4f}" in repr(roulette)
        x, y = drawn(roulette, "fit to the nine")
        assert close(y, linear(x, w, b)) and x.tolist() == [18, 86]
    roulette.list_all = False
    assert drawn(roulette, "validation loss").tolist() == [[55], [losses[-1].item()]]


def test_split_roulette_begins_with_split_a_of_notebook_06():
    assert "validation 5.2136, training 2.6899" in repr(SplitRoulette())


@pytest.mark.parametrize("degree", [0, 2, 4])
def test_split_roulette_bends_the_line(degree):
    roulette = SplitRoulette(split=55, degree=degree)
    train, val = drawn(roulette, "training"), drawn(roulette, "validation")
    fit = polynomial(*train, degree)
    assert close(roulette.view().results["training"], mse(fit(train[0]), train[1]), rtol=1e-4)
    assert close(roulette.view().results["validation"], mse(fit(val[0]), val[1]), rtol=1e-4)
    roulette.list_all = True
    low, high = roulette.shown["ranges"]["1"][1]
    assert (drawn(roulette, "training loss")[1] > low).all()
    assert (drawn(roulette, "validation loss")[1] < high).sum() >= 54


def test_split_roulette_target():
    low, high, *_ = target(SplitRoulette(degree=3))
    third, second, first = drawn(SplitRoulette(list_all=True), "validation loss")[1][-3:]
    assert third < low < second < high < first


def polynomial(t_u, t_c, degree, penalty=0.0):
    """A penalised fit by QR: the penalty as extra rows. Returns the prediction as a function."""
    mean, std = t_u.mean(), t_u.std()

    def powers(t):
        return torch.stack([((t - mean) / (2 * std)) ** k for k in range(degree + 1)], dim=1)

    price = (penalty * len(t_u)) ** 0.5 * torch.eye(degree + 1)[1:]
    rows, target = torch.cat([powers(t_u), price]), torch.cat([t_c, torch.zeros(degree)])
    weights = torch.linalg.lstsq(rows, target).solution
    return lambda t: powers(t) @ weights


@pytest.mark.parametrize("penalty, noise, points", [(0, 0, 11), (0.05, 0, 11), (0.01, 8.0, 14)])
def test_degree_and_penalty(penalty, noise, points):
    knobs = DegreeAndPenalty(penalty=float(penalty), noise=float(noise), points=points, degree=4)
    t_u, t_c = drawn(knobs, "readings")
    copies = knobs.shifts[:points] if noise else torch.zeros(points, 1)

    def fit(rows, degree):
        t = (t_u[rows, None] + noise * copies[rows]).flatten()
        return polynomial(t, t_c[rows].repeat_interleave(copies.shape[1]), degree, penalty)

    for degree in (0, 1, 2, 4, 6):
        errors = []
        for i in range(points):
            rest = [j for j in range(points) if j != i]
            errors.append(fit(rest, degree)(t_u[[i]])[0] - t_c[i])
        loo = (torch.stack(errors) ** 2).mean()
        assert close(drawn(knobs, "leave-one-out loss")[1, degree], loo, rtol=1e-4)
        training = mse(fit(list(range(points)), degree)(t_u), t_c)
        assert close(drawn(knobs, "training loss")[1, degree], training, rtol=1e-4)
    grid, curve = drawn(knobs, "fitted curve")
    assert close(curve, fit(list(range(points)), 4)(grid), rtol=1e-4)


def test_degree_and_penalty_says_what_notebook_06_says():
    loo = drawn(DegreeAndPenalty(), "leave-one-out loss")[1]
    assert [f"{value:.3g}" for value in loo[1:5]] == ["4.52", "4.1", "16.4", "62.8"]
    assert f"{loo[8]:.3g}" == "3.79e+08"
    penalised = DegreeAndPenalty(penalty=0.01).words
    assert "lowest leave-one-out loss is that of degree 2: 3.269" in penalised
    loo = drawn(DegreeAndPenalty(points=50), "leave-one-out loss")[1]
    assert f"{loo[8]:.1f} {loo[1]:.1f}" == "3.7 3.0"
    assert torch.equal(
        drawn(DegreeAndPenalty(points=60), "readings")[:, :11], torch.stack(thermometer())
    )


def test_invented_points_lie_around_the_true_line():
    t_u, t_c = drawn(DegreeAndPenalty(points=60), "readings")[:, 11:]
    shifts = DegreeAndPenalty().shifts
    assert shifts.min() < -0.99 and shifts.max() > 0.99 and shifts.abs().max() <= 1
    off = t_c - 5 / 9 * (t_u - 32)
    assert len(t_u) == 49 == len(DegreeAndPenalty().t_u) - 11
    assert 20 <= t_u.min() < 25 and 80 < t_u.max() <= 85
    assert -3 <= off.min() < -2.5 and 2.5 < off.max() <= 3 and off.mean().abs() < 0.5


def test_degree_and_penalty_target():
    knobs = DegreeAndPenalty(points=30, noise=2.0)  # the question is about 11 points without noise
    low, high, *_ = target(knobs)
    reached = [
        DegreeAndPenalty(penalty=p).view().results["leave-one-out"] for p in (0.06, 0.09, 0.12, 1.0)
    ]
    assert low < min(reached) < high < reached[-1]
    assert high / low == pytest.approx(1.05 / 0.99)
