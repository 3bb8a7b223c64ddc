import pytest
import torch

from helpers import theory
from helpers.losses import mse
from helpers.models import linear
from helpers.training import gradient_descent


def test_best_line_of_the_thermometer(readings):
    params, loss = theory.least_squares(*readings)
    assert [f"{p:.4f}" for p in params] == ["0.5368", "-17.3048"]
    assert f"{loss:.4f} {loss.sqrt():.3f}" == "2.9276 1.711"


def test_best_line_has_no_slope_in_any_scaling(scaled):
    t_u, t_c = scaled
    params = theory.least_squares(t_u, t_c)[0].requires_grad_()
    loss = mse(linear(t_u, *params), t_c)
    assert torch.allclose(loss, theory.least_squares(t_u, t_c)[1])
    assert torch.autograd.grad(loss, params)[0].abs().max() < 1e-9


def test_hessian_against_autograd(scaled):
    t_u, t_c = scaled
    for params in torch.rand(3, 2):  # the same everywhere: the bowl is quadratic
        by_autograd = torch.autograd.functional.hessian(lambda p: mse(linear(t_u, *p), t_c), params)
        assert torch.allclose(theory.hessian(t_u), by_autograd)


@pytest.mark.parametrize(
    "scaled, value",
    [("raw", 33598.86), ("x0.1", 357.0), ("standardised", 1.1)],
    indirect=["scaled"],
)
def test_condition_number(scaled, value):
    assert theory.condition_number(scaled[0]).item() == pytest.approx(value, abs=0.005)
    assert theory.condition_number(scaled[0]).item() == pytest.approx(
        torch.linalg.cond(theory.hessian(scaled[0])).item(), rel=1e-6
    )


@pytest.mark.parametrize(
    "scaled, value",
    [("raw", 3.399e-4), ("x0.1", 0.03298), ("standardised", 1.0)],
    indirect=["scaled"],
)
def test_critical_learning_rate(scaled, value):
    assert theory.critical_learning_rate(scaled[0]).item() == pytest.approx(value, rel=2e-4)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_below_the_critical_rate_runs_converge_and_above_they_diverge(scaled, start, momentum):
    t_u, t_c = scaled
    critical = theory.critical_learning_rate(t_u, momentum).item()
    steep = torch.linalg.eigh(theory.hessian(t_u))[1][:, -1]
    best, _ = theory.least_squares(t_u, t_c)

    def distance(learning_rate: float) -> float:
        """How far from the best line, along the steep direction, after 600 epochs of SGD."""
        params = (best + steep).requires_grad_()
        velocity = torch.zeros(2)
        for _ in range(600):
            gradient = torch.autograd.grad(mse(linear(t_u, *params), t_c), params)[0]
            velocity = momentum * velocity + gradient
            params = (params - learning_rate * velocity).detach().requires_grad_()
        return (params - best).norm().item()

    assert distance(0.99 * critical) < 1e-3
    assert distance(1.01 * critical) > 1e3


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_critical_learning_rate_refuses_a_momentum(readings, momentum):
    with pytest.raises(ValueError, match="0 <= momentum < 1"):
        theory.critical_learning_rate(readings[0], momentum)


def test_predict_path_against_the_loop(scaled, start):
    t_u, t_c = scaled
    for part in (0.3, 0.99):
        learning_rate = part * theory.critical_learning_rate(t_u).item()
        predicted = theory.predict_path(t_u, t_c, start, learning_rate, 1000)
        _, path = gradient_descent(t_u, t_c, start, learning_rate, 1000)
        assert predicted.shape == (1001, 2)
        assert (predicted - path).abs().max() < 1e-9


def test_predict_path_of_a_run_that_diverges(readings, start):
    predicted = theory.predict_path(*readings, start, 1e-2, 10)
    _, path = gradient_descent(*readings, start, 1e-2, 10)
    assert torch.allclose(predicted, path, rtol=1e-9)


@pytest.mark.parametrize(
    ("params", "rate", "n_epochs", "words"),
    [
        ([1.0], 1e-4, 3, r"params has shape \(1,\)"),
        ([[1.0, 0.0]], 1e-4, 3, "give w and b"),
        ([1.0, 0.0], -1e-4, 3, "the learning rate is -0.0001"),
        ([1.0, 0.0], float("nan"), 3, "the learning rate is nan"),
        ([1.0, 0.0], 1e-4, 0, "at least one epoch"),
    ],
)
def test_predict_path_refuses(readings, params, rate, n_epochs, words):
    with pytest.raises(ValueError, match=words):
        theory.predict_path(*readings, torch.tensor(params), rate, n_epochs)


def test_two_readings_make_a_line():
    params, loss = theory.least_squares(torch.tensor([1.0, 3.0]), torch.tensor([5.0, 9.0]))
    assert params.tolist() == pytest.approx([2, 3]) and loss.item() == pytest.approx(0, abs=1e-20)


@pytest.mark.parametrize(
    "t_u, t_c, words",
    [
        ([1.0, 2.0], [1.0], "must both be"),
        ([[1.0], [2.0]], [[1.0], [2.0]], "must both be"),
        ([1.0, 1.0], [1.0, 2.0], "two different readings"),
        ([1.0, float("nan")], [1.0, 2.0], "finite"),
        ([1.0, 2.0], [1.0, float("nan")], "t_c must be finite"),
        ([1.0, 2.0], [1.0, float("-inf")], "t_c must be finite"),
        ([1.0, 2.0], [1, 2], "one type with t_u, here torch.int64 and torch.float64"),
        ([1, 2], [1, 2], "type torch.int64"),
    ],
)
def test_least_squares_refuses(t_u, t_c, words):
    with pytest.raises(ValueError, match=words):
        theory.least_squares(torch.tensor(t_u), torch.tensor(t_c))


@pytest.mark.parametrize("function", [theory.hessian, theory.condition_number])
@pytest.mark.parametrize("t_u", [[], [3.0], [3.0, 3.0], [1.0, float("inf")], [[1.0, 2.0]]])
def test_curvature_needs_different_readings(function, t_u):
    with pytest.raises(ValueError, match="t_u has shape"):
        function(torch.tensor(t_u))
