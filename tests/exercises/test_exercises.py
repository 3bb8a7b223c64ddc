"""The exercises answer back: right to every reference, and each known mistake by its name."""

import math
import re

import pytest
import torch
from answers import EACH, FUNCTIONS, MISTAKES, run, said, with_body

from helpers import data, exercises, theory
from helpers.exercises import ALL, nb07_bytes
from helpers.judge import NOT_STARTED, NOT_YET, RIGHT
from helpers.losses import mse
from helpers.models import linear, quadratic
from helpers.theory import least_squares, predict_path

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
    assert said(name, with_body(name, body)).startswith(NOT_STARTED)


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
            kept = count(nb07_bytes.line_loss, t_u.clone(), t_c.clone(), params)
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
