"""What a notebook shows and `helpers` repeats is the same thing.

Each definition is taken out of its notebook, run on data that the notebook never saw, and compared
with the function of `helpers` that the later notebooks import. A definition that shares its name
with a public function of `helpers` and is not compared here makes a test fail.
"""

import ast
import inspect
from collections.abc import Callable

import canonical
import pytest
import torch

from helpers import data, losses, models, plots, theory, training

MODULES = (data, losses, models, plots, theory, training)


def definitions(number: str) -> list[tuple[str, Callable]]:
    """All functions and classes defined at the top of the cells of a notebook, in order."""
    [path] = canonical.NOTEBOOKS.glob(f"{number}_*.ipynb")
    namespace: dict = {}
    found = []
    for cell in canonical.code_cells(canonical.read(path)):
        for statement in ast.parse(canonical.python(cell)).body:
            named = isinstance(statement, ast.FunctionDef | ast.ClassDef)
            tuple_type = isinstance(statement, ast.Assign) and "namedtuple" in ast.unparse(
                statement
            )
            if named or tuple_type or isinstance(statement, ast.Import | ast.ImportFrom):
                exec(compile(ast.Module([statement], []), path.name, "exec"), namespace)
            if named:
                found.append((statement.name, namespace[statement.name]))
    return found


def shown(number: str, name: str, which: int = 0) -> Callable:
    return [function for n, function in definitions(number) if n == name][which]


@pytest.fixture(autouse=True)
def never_seen_data():
    torch.manual_seed(5)


def fresh(n: int = 17) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Readings, targets and parameters that no notebook uses."""
    return 4 * torch.rand(n) - 1, torch.rand(n), torch.rand(2)


def same(a: object, b: object) -> None:
    """Equal results, tuple by tuple, to the last few bits."""
    if isinstance(a, tuple | list):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif isinstance(a, torch.Tensor):
        assert a.shape == b.shape and torch.allclose(a, b, rtol=1e-12, atol=1e-14)
    else:
        assert a == b


def run(loop: Callable, *arguments: object, **options: object) -> tuple[object, torch.Tensor]:
    """What a training loop returns, and the parameters it leaves behind."""
    params = torch.tensor([1.5, -0.5], requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=0.05, momentum=0.3)
    return loop(20, optimizer, params, *arguments, **options), params.detach()


def check_model() -> None:
    t_u, _, params = fresh()
    same(shown("01", "model")(t_u, *params), models.linear(t_u, *params))


def check_loss_fn() -> None:
    t_p, t_c, _ = fresh()
    same(shown("01", "loss_fn")(t_p, t_c), losses.mse(t_p, t_c))


def check_mse_gradient() -> None:
    t_u, t_c, params = fresh()
    arguments = t_u, t_c, models.linear(t_u, *params)
    same(shown("02", "mse_gradient")(*arguments), training.mse_gradient(*arguments))


def check_gradient_descent() -> None:
    arguments = *fresh(), 0.05, 30
    same(shown("02", "gradient_descent")(*arguments), training.gradient_descent(*arguments))


def check_theory() -> None:
    t_u, t_c, params = fresh()
    for name in ("hessian", "condition_number"):
        same(shown("03", name)(t_u), getattr(theory, name)(t_u))
    for momentum in (0.0, 0.7):
        same(
            shown("03", "critical_learning_rate")(t_u, momentum),
            theory.critical_learning_rate(t_u, momentum),
        )
    arguments = t_u, t_c, params, 0.05, 40
    same(shown("03", "predict_path")(*arguments), theory.predict_path(*arguments))


def check_standardize() -> None:
    t, other, _ = fresh()
    same(shown("03", "standardize")(t), data.standardize(t))
    _, mean, std = data.standardize(t)
    same(shown("03", "standardize")(other, mean, std), data.standardize(other, mean, std))


def check_graph() -> None:
    t_u, t_c, params = fresh()
    params.requires_grad_()
    loss = losses.mse(models.linear(t_u, *params), t_c)
    names = {"params": params}
    same(shown("04", "graph_text")(loss, names), plots.graph_text(loss, names))
    same(shown("04", "parents")(loss.grad_fn), plots.parents(loss.grad_fn))
    leaf = loss.grad_fn
    while parents := plots.parents(leaf):
        leaf = parents[-1]
    for node in (loss.grad_fn, leaf):
        same(shown("04", "node_name")(node, names), plots.node_name(node, names))
        same(shown("04", "node_name")(node, {}), plots.node_name(node, {}))


def check_autograd_loop() -> None:
    t_u, t_c, params = fresh()
    by_hand, path = training.gradient_descent(t_u, t_c, params, 0.05, 30)
    params.requires_grad_()
    same(shown("04", "training_loop")(30, 0.05, params, t_u, t_c), by_hand)
    same(params.detach(), path[-1])


def check_optimizer_loop() -> None:
    t_u, t_c, _ = fresh()
    history, params = run(training.training_loop, t_u, t_c)
    shown_result, shown_params = run(shown("05", "training_loop"), t_u, t_c)
    same([*shown_result, shown_params], [history.train_loss, history.params, params])


def check_split() -> None:
    for arguments in ((11, 2, 0), (23, 5, 9)):
        same(shown("06", "split_indices")(*arguments), data.split_indices(*arguments))


def check_loop_with_validation() -> None:
    t_u, t_c, _ = fresh()
    train, val = (t_u[:12], t_c[:12]), (t_u[12:], t_c[12:])
    seen, params = run(shown("06", "training_loop_val"), train, val)
    history, expected_params = run(training.training_loop, *train, val=val)
    same([*seen, params], [history.train_loss, history.val_loss, expected_params])


def check_quadratic() -> None:
    t_u, _, _ = fresh()
    arguments = t_u, *torch.rand(3)
    same(shown("08", "quadratic")(*arguments), models.quadratic(*arguments))


# (notebook, name of the definition) -> the check that compares it
CHECKED = {
    ("01", "model"): check_model,
    ("01", "loss_fn"): check_loss_fn,
    ("02", "mse_gradient"): check_mse_gradient,
    ("02", "gradient_descent"): check_gradient_descent,
    ("03", "hessian"): check_theory,
    ("03", "condition_number"): check_theory,
    ("03", "critical_learning_rate"): check_theory,
    ("03", "predict_path"): check_theory,
    ("03", "standardize"): check_standardize,
    ("04", "node_name"): check_graph,
    ("04", "parents"): check_graph,
    ("04", "graph_text"): check_graph,
    ("04", "training_loop"): check_autograd_loop,
    ("05", "training_loop"): check_optimizer_loop,
    ("06", "split_indices"): check_split,
    ("06", "training_loop_val"): check_loop_with_validation,
    ("08", "quadratic"): check_quadratic,
}


@pytest.mark.parametrize("check", dict.fromkeys(CHECKED.values()))
def test_shown_and_imported_do_the_same(check):
    check()


def test_no_repeated_definition_is_left_out():
    public = {
        name
        for module in MODULES
        for name, thing in inspect.getmembers(module, callable)
        if thing.__module__ == module.__name__ and not name.startswith("_")
    }
    notebooks = [path.name[:2] for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb"))]
    repeated = {(nb, name) for nb in notebooks for name, _ in definitions(nb) if name in public}
    assert repeated <= set(CHECKED)


def test_an_idea_is_imported_only_after_the_notebook_that_shows_it():
    shown_in = {
        ("helpers.models", "linear"): "01",
        ("helpers.losses", "mse"): "01",
        ("helpers.data", "thermometer"): "01",
        ("helpers.theory", "least_squares"): "01",
        ("helpers.training", "mse_gradient"): "02",
        ("helpers.training", "gradient_descent"): "02",
        ("helpers.theory", "hessian"): "03",
        ("helpers.theory", "condition_number"): "03",
        ("helpers.theory", "critical_learning_rate"): "03",
        ("helpers.theory", "predict_path"): "03",
        ("helpers.data", "standardize"): "03",
        ("helpers.training", "training_loop"): "05",
        ("helpers.data", "split_indices"): "06",
        ("helpers.models", "quadratic"): "08",
    }
    for path in sorted(canonical.NOTEBOOKS.glob("*.ipynb")):
        first_cell = ast.parse(canonical.python(canonical.code_cells(canonical.read(path))[1]))
        for statement in ast.walk(first_cell):
            if isinstance(statement, ast.ImportFrom) and statement.module.startswith("helpers."):
                for alias in statement.names:
                    assert shown_in[statement.module, alias.name] < path.name[:2]


def test_the_instrument_of_ten_lines_follows_its_slider():
    """Lesson 03 only defines it (the first figure takes two seconds): here it is made and moved."""
    [path] = canonical.NOTEBOOKS.glob("03_*.ipynb")
    cells = canonical.code_cells(canonical.read(path))
    [source] = [cell.source for cell in cells if "def instrument" in cell.source]
    t_u, t_c, start = fresh()
    namespace = {"t_un": t_u, "t_c": t_c, "start": start}
    namespace["gradient_descent"] = training.gradient_descent
    exec(source, namespace)
    slider, figure = namespace["instrument"]().children
    for rate in (slider.value, 0.02, 0.003):
        slider.value = rate
        losses, _ = training.gradient_descent(t_u, t_c, start, rate, 100)
        assert list(figure.data[0].y) == losses.tolist()
