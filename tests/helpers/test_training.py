import math

import pytest
import torch

from helpers import theory, training
from helpers.data import split_indices, thermometer
from helpers.losses import mse
from helpers.models import linear, quadratic
from helpers.training import gradient_descent, mse_gradient, training_loop

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 1e-2}),
    "momentum": (torch.optim.SGD, {"lr": 1e-3, "momentum": 0.9}),
    "Nesterov": (torch.optim.SGD, {"lr": 1e-3, "momentum": 0.9, "nesterov": True}),
    "RMSprop": (torch.optim.RMSprop, {"lr": 0.05}),
    "Adagrad": (torch.optim.Adagrad, {"lr": 0.5}),
    "Adam": (torch.optim.Adam, {"lr": 0.1}),
    "AdamW": (torch.optim.AdamW, {"lr": 0.1}),
}


def plain_loop(n_epochs, optimizer, params, t_u, t_c, model=linear, val=None):
    """The loop of any PyTorch tutorial: what ours must reproduce."""
    losses, val_losses = [], []
    for _ in range(n_epochs):
        loss = torch.nn.functional.mse_loss(model(t_u, *params), t_c)
        if val is not None:
            val_losses.append(torch.nn.functional.mse_loss(model(val[0], *params), val[1]).item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses), torch.tensor(val_losses)


def ready(n_params=2, kind="SGD", **options):
    """Parameters at (..., 1, 0) and an optimizer that holds them."""
    params = torch.zeros(n_params)
    params[-2] = 1.0
    params.requires_grad_()
    optimizer, defaults = OPTIMIZERS[kind]
    return params, optimizer([params], **defaults | options)


def test_mse_gradient_against_autograd():
    for n in (1, 5, 11):
        t_u, t_c = torch.rand(2, n)
        params = torch.rand(2, requires_grad=True)
        t_p = linear(t_u, *params)
        by_autograd = torch.autograd.grad(mse(t_p, t_c), params)[0]
        assert torch.allclose(mse_gradient(t_u, t_c, t_p.detach()), by_autograd)


def test_gradient_descent_against_torch_optim(scaled, start):
    t_u, t_c = scaled
    learning_rate = 0.5 * theory.critical_learning_rate(t_u).item()
    losses, path = gradient_descent(t_u, t_c, start, learning_rate, 200)
    params, optimizer = ready(lr=learning_rate)
    expected, _ = plain_loop(200, optimizer, params, t_u, t_c)
    assert losses.shape == (200,) and path.shape == (201, 2)
    assert torch.allclose(losses, expected) and torch.allclose(path[-1], params.detach())
    assert torch.equal(path[0], start) and start.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_any_split_and_optimizer_as_the_plain_loop(readings, kind, seed):
    t_u, t_c = 0.1 * readings[0], readings[1]
    train, val = split_indices(11, 1 + seed, seed)
    params, optimizer = ready(kind=kind)
    history = training_loop(
        100, optimizer, params, t_u[train], t_c[train], val=(t_u[val], t_c[val])
    )
    expected_params, optimizer = ready(kind=kind)
    held_out = (t_u[val], t_c[val])
    expected = plain_loop(100, optimizer, expected_params, t_u[train], t_c[train], val=held_out)
    assert torch.allclose(history.train_loss, expected[0], rtol=1e-5)
    assert torch.allclose(history.val_loss, expected[1], rtol=1e-5)
    assert torch.allclose(history.params[-1], expected_params.detach(), rtol=1e-5)
    assert torch.equal(history.params[-1], params.detach())  # trained in place
    assert history.diverged_at is None


def test_other_models_and_losses(readings):
    t_u, t_c = 0.1 * readings[0], readings[1]
    params, optimizer = ready(3, lr=1e-4)
    history = training_loop(100, optimizer, params, t_u, t_c, model=quadratic)
    expected_params, optimizer = ready(3, lr=1e-4)
    expected, _ = plain_loop(100, optimizer, expected_params, t_u, t_c, model=quadratic)
    assert torch.allclose(history.train_loss, expected) and history.params.shape == (101, 3)
    params, optimizer = ready()
    history = training_loop(1, optimizer, params, t_u, t_c, loss_fn=torch.nn.functional.l1_loss)
    assert history.train_loss[0] == (linear(t_u, 1.0, 0.0) - t_c).abs().mean()


def test_an_optimizer_that_needs_a_closure_says_so(readings):
    """LBFGS has its own loop in notebook 05: one loop does not serve every optimizer."""
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    with pytest.raises(TypeError, match="closure"):
        training_loop(5, torch.optim.LBFGS([params]), params, *readings)


def test_the_history_counts_from_before_the_first_update(readings):
    t_u, t_c = 0.1 * readings[0], readings[1]
    params, optimizer = ready()
    history = training_loop(3, optimizer, params, t_u, t_c, val=(t_u[:2], t_c[:2]))
    assert history.train_loss.shape == history.val_loss.shape == (3,)
    assert history.params.shape == (4, 2) and history.params[0].tolist() == [1.0, 0.0]
    for epoch in (1, 2, 3):  # the loss of epoch e belongs to the parameters before its update
        before = history.params[epoch - 1]
        assert torch.allclose(history.train_loss[epoch - 1], mse(linear(t_u, *before), t_c))
        assert torch.allclose(history.val_loss[epoch - 1], mse(linear(t_u[:2], *before), t_c[:2]))
    assert training_loop(1, optimizer, params, t_u, t_c).val_loss is None


def test_validation_is_measured_but_never_learned_from(readings):
    t_u, t_c = 0.1 * readings[0], readings[1]
    runs = []
    for val in (None, (t_u[:2], t_c[:2]), (t_u[5:], 1e6 + t_c[5:])):
        params, optimizer = ready()
        runs.append(training_loop(50, optimizer, params, t_u, t_c, val=val).params)
    assert torch.equal(runs[0], runs[1]) and torch.equal(runs[0], runs[2])


def test_dtype_follows_the_parameters():
    t_u, t_c = thermometer(torch.float32)
    params = torch.tensor([1.0, 0.0], dtype=torch.float32, requires_grad=True)
    history = training_loop(12, torch.optim.SGD([params], lr=1e-2), params, t_u, t_c)
    assert history.train_loss.dtype == history.params.dtype == torch.float32
    assert f"{history.train_loss[0]:.4f}" == "1763.8848"  # float32; float64 gives 1763.8845
    assert history.diverged_at == 11


def test_divergence_is_recorded_not_raised(readings):
    params, optimizer = ready(lr=1e-2)
    history = training_loop(100, optimizer, params, *readings)
    epoch = history.diverged_at
    assert epoch == 88
    assert not math.isfinite(history.train_loss[epoch - 1])
    assert history.train_loss[: epoch - 1].isfinite().all()
    assert len(history.train_loss) == 100


def test_report_names_the_epochs_to_print(readings, capsys):
    t_u, t_c = 0.1 * readings[0], readings[1]
    params, optimizer = ready()
    training_loop(3, optimizer, params, t_u, t_c, report=(1, 3))
    assert capsys.readouterr() == (
        "epoch 1: training loss 80.3643\nepoch 3: training loss 30.8711\n",
        "",
    )
    params, optimizer = ready(lr=1.0)
    training_loop(3, optimizer, params, t_u, t_c, val=(t_u[:1], t_c[:1]), report=[2])
    printed = capsys.readouterr().out
    assert printed == "epoch 2: training loss 179763.7300, validation loss 84560.0511\n"
    training_loop(3, optimizer, params, t_u, t_c, report=[3])
    assert "e+" in capsys.readouterr().out  # a loss that has run away: four significant digits


def test_the_validation_loss_is_not_recorded_by_autograd(readings):
    recorded = []

    def loss_fn(t_p, t_c):
        recorded.append((len(t_c), t_p.requires_grad))
        return mse(t_p, t_c)

    params, optimizer = ready()
    val = (readings[0][:2], readings[1][:2])
    training_loop(1, optimizer, params, *readings, val=val, loss_fn=loss_fn)
    assert sorted(recorded) == [(2, False), (11, True)]


@pytest.mark.parametrize(
    "loss, words", [(2.92756, "2.9276"), (999_999.0, "999999.0000"), (1.5e6, "1.5e+06")]
)
def test_a_loss_is_printed_as_it_can_be_read(loss, words):
    assert training.loss_text(loss) == words


NAN = float("nan")


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"n_epochs": 0}, ValueError, "n_epochs is 0: train for at least one epoch"),
        ({"n_epochs": -5}, ValueError, "n_epochs is -5"),
        ({"n_epochs": 2.5}, TypeError, "n_epochs is 2.5: give a whole number"),
        ({"n_epochs": True}, TypeError, "n_epochs is True"),
        ({"report": (0,)}, ValueError, r"report names epochs \[0\]"),
        ({"report": (5, 6)}, ValueError, r"report names epochs \[6\].*n_epochs = 5"),
        ({"params": [1.0, 0.0]}, TypeError, "params is of type list"),
        ({"params": torch.tensor([1.0, 0.0])}, ValueError, "requires_grad=True"),
        ({"params": torch.ones(2, requires_grad=True) * 1}, ValueError, "do not compute it"),
        ({"params": torch.ones(2, requires_grad=True)}, ValueError, "does not hold params"),
        ({"optimizer": "SGD"}, TypeError, "optimizer is of type str"),
        ({"t_u": [1.0, 2.0]}, TypeError, "must be two tensors, not list and Tensor"),
        ({"t_c": None}, TypeError, "not Tensor and NoneType"),
        ({"t_u": torch.ones(10)}, ValueError, r"t_u \(10,\) and t_c \(11,\)"),
        ({"t_c": torch.ones(11, 1)}, ValueError, r"t_u \(11,\) and t_c \(11, 1\)"),
        ({"t_u": torch.ones(0), "t_c": torch.ones(0)}, ValueError, "one reading each or more"),
        ({"t_u": torch.tensor(1.0), "t_c": torch.tensor(1.0)}, ValueError, "one reading"),
        ({"t_u": torch.tensor([NAN] * 11)}, ValueError, "the training data hold NaN"),
        ({"t_c": torch.tensor([math.inf] * 11)}, ValueError, "the training data hold NaN"),
        ({"val": torch.ones(2)}, TypeError, "val must be a pair"),
        ({"val": (torch.ones(2),)}, TypeError, "val must be a pair"),
        ({"val": (torch.ones(2), torch.ones(3))}, ValueError, "the validation data have shapes"),
        ({"val": (torch.ones(1), torch.tensor([NAN]))}, ValueError, "the validation data hold"),
    ],
)
def test_input_that_could_not_train_is_refused(readings, change, error, words):
    params, optimizer = ready()
    arguments = {"n_epochs": 5, "optimizer": optimizer, "params": params}
    arguments |= {"t_u": readings[0], "t_c": readings[1]} | change
    with pytest.raises(error, match=words):
        training_loop(**arguments)
    assert params.tolist() == [1.0, 0.0]  # nothing was lost


@pytest.mark.parametrize("learning_rate", [0.0, NAN, math.inf])
def test_a_learning_rate_that_is_not_positive_and_finite_is_refused(readings, learning_rate):
    params, optimizer = ready()
    optimizer.param_groups[0]["lr"] = learning_rate
    with pytest.raises(ValueError, match=f"the learning rate is {learning_rate}"):
        training_loop(5, optimizer, params, *readings)


@pytest.mark.parametrize("values", [[NAN, 0.0], [math.inf, 0.0], []])
def test_a_start_that_is_no_list_of_numbers_is_refused(readings, values):
    params = torch.tensor(values, requires_grad=True)
    with pytest.raises(ValueError, match="params is"):
        training_loop(5, torch.optim.SGD([params], lr=0.1), params, *readings)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_gradient_of_shapes_that_would_be_broadcast_is_refused(readings, which):
    arguments = [*readings, readings[0]]
    arguments[which] = arguments[which][:, None]
    with pytest.raises(ValueError, match=r"\(11, 1\).*give all three the same shape"):
        mse_gradient(*arguments)


@pytest.mark.parametrize(
    ("rate", "n_epochs", "error", "words"),
    [
        (0.0, 3, ValueError, "the learning rate is 0.0"),
        (math.nan, 3, ValueError, "the learning rate is nan"),
        (torch.tensor([1e-4, -1e-2]), 3, ValueError, "the learning rate is tensor"),
        ("1e-4", 3, TypeError, "the learning rate is '1e-4'"),
        (True, 3, TypeError, "the learning rate is True"),
        (1e-4, 0, ValueError, "at least one epoch"),
        (1e-4, 2.5, TypeError, "n_epochs is 2.5"),
        (1e-4, True, TypeError, "n_epochs is True"),
    ],
)
def test_gradient_descent_refuses(readings, rate, n_epochs, error, words):
    with pytest.raises(error, match=words):
        gradient_descent(*readings, torch.tensor([1.0, 0.0]), rate, n_epochs)


def test_training_with_autograd_off_is_refused(readings):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    with torch.no_grad(), pytest.raises(ValueError, match="autograd is off here"):
        training_loop(1, torch.optim.SGD([params], lr=1e-4), params, *readings)


@pytest.mark.parametrize("report", [500, (epoch for epoch in (1, 2))])
def test_what_is_no_collection_of_epochs_is_refused(readings, report):
    params = torch.tensor([1.0, 0.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"report is .* give the epochs to print"):
        training_loop(1, torch.optim.SGD([params], lr=1e-4), params, *readings, report=report)


def test_diverged_at_speaks_of_the_losses_that_come_back():
    """Data in float64 and parameters in float32: the losses are handed over in float32."""
    params = torch.tensor([1.0, 0.0], dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=1e-2)
    history = training_loop(40, optimizer, params, *thermometer(torch.float64))
    first = (~history.train_loss.isfinite()).nonzero()[0].item() + 1
    assert history.diverged_at == first
