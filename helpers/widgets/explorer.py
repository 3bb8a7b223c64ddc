"""The learning-rate explorer of notebook 03: it runs in the browser, PyTorch is its referee.

`explorer.js` trains and draws; this file opens it in JupyterLab (through anywidget), checks what
is set from Python, runs the same settings in PyTorch, and writes the explorer as a page of its own.
"""

import json
import math
from pathlib import Path

import anywidget
import torch
import traitlets
from torch import Tensor

from .. import data, theory
from ..judge import Target, check_number
from ..losses import mse
from ..models import linear
from ..training import History, training_loop

SCRIPT = Path(__file__).parent / "js" / "explorer.js"
START = [1.0, 0.0]  # (w, b), in the units of the scaled inputs
LEARNING_RATES = 1e-9, 1e6  # the limits; explorer.js has the same
MOST_EPOCHS = 10_000

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Learning-rate explorer</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark }
body { margin: 0; background: #fff; color: #1b1b1b; font-family: system-ui, sans-serif }
main { max-width: 1180px; margin: auto; padding: 4px }
h1 { font-size: 18px; margin: 4px 6px }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } }
</style>
</head>
<body>
<main><h1>Learning-rate explorer</h1><div id="explorer"></div></main>
<script type="module">
%(script)s
standalone(document.getElementById("explorer"), %(settings)s);
</script>
</body>
</html>
"""


def smallest_rate() -> Target:
    """Notebook 03's question: readings x0.1, momentum 0.9, within 1e-3 of the floor in 1000 epochs.

    An answer is right to within a tenth.
    """
    t_u, t_c = prepare("x0.1")
    best, _ = theory.least_squares(t_u, t_c)
    curvature = theory.hessian(t_u)
    rates = torch.logspace(-4, -1, 3001, dtype=torch.float64)[:, None]

    def smallest(momentum: float) -> float:
        """All rates are tried at once: a row each."""
        error = (torch.tensor(START, dtype=torch.float64) - best).expand(len(rates), 2)
        velocity = torch.zeros_like(error)
        for _ in range(1000):
            velocity = momentum * velocity + error @ curvature
            error = error - rates * velocity
        excess = ((error @ curvature) * error).sum(dim=1) / 2
        return rates[excess < 1e-3][0].item()

    found, plain = smallest(0.9), smallest(0.0)
    lesson = f"From {found:.4f} on it arrives; without momentum it takes a rate of {plain:.4f}."
    hint = (
        "Readings x0.1, momentum 0.9, 1000 epochs: how far can the rate go down and still arrive?"
    )
    return 0.9 * found, 1.1 * found, lesson, hint


def prepare(inputs: str) -> tuple[Tensor, Tensor]:
    """The readings as the explorer scales them: `(t_u, t_c)`, float64, each of shape (11,).

    `inputs` is "raw", "x0.1" or "standardized" (n - 1 standard deviation); anything else raises
    ValueError.
    """
    t_u, t_c = data.thermometer(torch.float64)
    if inputs == "raw":
        return t_u, t_c
    if inputs == "x0.1":
        return 0.1 * t_u, t_c
    if inputs == "standardized":
        return data.standardize(t_u)[0], t_c
    raise ValueError(f'inputs is {inputs!r}: choose "raw", "x0.1" or "standardized"')


class LearningRateExplorer(anywidget.AnyWidget):
    """Explore how the learning rate decides what a training run does.

    `inputs` is "raw", "x0.1" or "standardized"; `optimizer` is "gd", "momentum" (with the
    coefficient `momentum`, 0 <= momentum < 1, as in `torch.optim.SGD`) or "adam" (torch's
    defaults); `learning_rate` is a number from 1e-9 to 1e6; `n_epochs` a whole number from 1 to
    10000. All five are traits: read them after moving the controls, or set them to move the
    controls. A value that makes no sense raises TraitError and leaves the last good one.
    """

    _esm = SCRIPT
    inputs = traitlets.Enum(["raw", "x0.1", "standardized"]).tag(sync=True)
    optimizer = traitlets.Enum(["gd", "momentum", "adam"]).tag(sync=True)
    learning_rate = traitlets.Float().tag(sync=True)
    momentum = traitlets.Float().tag(sync=True)
    n_epochs = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        inputs: str = "x0.1",
        optimizer: str = "gd",
        learning_rate: float = 1e-2,
        n_epochs: int = 1000,
        *,
        momentum: float = 0.9,
    ) -> None:
        super().__init__(
            inputs=inputs,
            optimizer=optimizer,
            learning_rate=learning_rate,
            n_epochs=n_epochs,
            momentum=momentum,
        )
        self.on_msg(self._answer)

    @traitlets.validate("learning_rate", "momentum", "n_epochs")
    def _check(self, proposal: traitlets.Bunch) -> float:
        name, value = proposal.trait.name, proposal.value
        if name == "learning_rate":
            low, high = LEARNING_RATES
            good, wish = low <= value <= high, f"a number from {low:g} to {high:g}"
        elif name == "momentum":
            good, wish = 0 <= value < 1, "a number from 0 to below 1"
        else:
            good, wish = 1 <= value <= MOST_EPOCHS, f"a whole number from 1 to {MOST_EPOCHS}"
        if not good or isinstance(value, bool):
            raise traitlets.TraitError(f"{name} is {value!r}: give {wish}")
        return value

    def settings(self) -> dict[str, str | float | int]:
        """The five settings as plain values, under the names that explorer.js gives them."""
        names = "inputs", "optimizer", "learning_rate", "momentum", "n_epochs"
        return {name: getattr(self, name) for name in names}

    def run(self) -> History:
        """Train with the same settings in PyTorch (float64, autograd, `torch.optim`).

        `params` has shape (n_epochs + 1, 2), (w, b) in the units of the scaled inputs; a run that
        diverges raises nothing, its `diverged_at` names the epoch.
        """
        t_u, t_c = prepare(self.inputs)
        params = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        if self.optimizer == "adam":
            optimizer = torch.optim.Adam([params], lr=self.learning_rate)
        else:
            optimizer = torch.optim.SGD([params], lr=self.learning_rate, momentum=self._beta())
        return training_loop(self.n_epochs, optimizer, params, t_u, t_c)

    def critical_rate(self) -> float | None:
        """The learning rate from which the run diverges, 2 (1 + momentum) / lambda_max.

        None for Adam, whose step does not depend on the size of the gradient.
        """
        if self.optimizer == "adam":
            return None
        return theory.critical_learning_rate(prepare(self.inputs)[0], self._beta()).item()

    def check(self, answer: float | None) -> str:
        """Is this the smallest rate that arrives with momentum 0.9? A sentence: "✔", "✘" or "…"."""
        return check_number(answer, smallest_rate)

    def _beta(self) -> float:
        """The momentum that counts: plain gradient descent has none, wherever the slider is."""
        return self.momentum if self.optimizer == "momentum" else 0.0

    def page(self, path: str | Path | None = None) -> str:
        """The explorer with these settings as one HTML page, which is also written to `path`.

        The page holds everything it needs: it opens from disk and asks nobody for anything.
        """
        script = SCRIPT.read_text(encoding="utf-8").replace("</script", r"<\/script")
        page = PAGE % {"script": script, "settings": json.dumps(self.settings())}
        if path is not None:
            Path(path).write_text(page, encoding="utf-8")
        return page

    def __repr__(self) -> str:
        """Facts, in at most 110 characters (ipywidgets cuts longer ones)."""
        if self.optimizer == "gd":  # known without running: notebook 03
            path = theory.predict_path(
                *prepare(self.inputs),
                torch.tensor(START, dtype=torch.float64),
                self.learning_rate,
                self.n_epochs,
            )
        else:
            path = self.run().params
        loss = _loss_after(self.inputs, path)
        kind = f"momentum {self.momentum:.4g}" if self.optimizer == "momentum" else self.optimizer
        rate, critical = f"{self.learning_rate:.4g}", self.critical_rate()
        end = "no critical rate" if critical is None else f"critical {critical:.3e}"
        epochs = f"{self.n_epochs} epoch{'s' if self.n_epochs > 1 else ''}"
        return (
            f"<LearningRateExplorer: {self.inputs}, {kind} at {rate}, {_in_words(loss)} "
            f"after {epochs}, {end}>"
        )

    def _answer(self, _: object, content: dict, __: object) -> None:
        """The button "Check against PyTorch": adopt the settings of the question, run, reply.

        JSON has no infinity and no NaN: what is not finite goes out as None.
        """
        if content.get("kind") != "check":
            return
        asked = content.get("settings", {})
        reply = {"kind": "check", "settings": asked}
        try:
            wanted = {name: asked[name] for name in self.settings()}
            # All five or none of them, and one message: the browser must not see half a change.
            with self.hold_sync(), self.hold_trait_notifications():
                for name, value in wanted.items():
                    setattr(self, name, value)
            history = self.run()
        except (KeyError, traitlets.TraitError, ValueError) as error:
            self.send({**reply, "error": str(error)})
            return
        step = math.ceil(self.n_epochs / 100)  # 100 epochs are enough to compare two runs
        epochs = list(range(0, self.n_epochs, step))
        self.send(
            {
                **reply,
                "loss": _finite(_loss_after(self.inputs, history.params)),
                "params": [_finite(p) for p in history.params[-1].tolist()],
                "epochs": epochs,
                "losses": [_finite(loss) for loss in history.train_loss[epochs].tolist()],
            }
        )


def _loss_after(inputs: str, path: Tensor) -> float:
    """The loss after the last update of a path: one later than the last that training prints."""
    t_u, t_c = prepare(inputs)
    return mse(linear(t_u, *path[-1]), t_c).item()


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _in_words(loss: float) -> str:
    if not math.isfinite(loss):
        return "loss overflows"
    return f"loss {loss:.4f}" if loss < 1e6 else f"loss {loss:.4g}"
