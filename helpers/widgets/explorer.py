"""The learning-rate explorer of notebook 03: it runs in the browser, PyTorch is its referee.

js/explorer.js trains and computes what is drawn; this file names settings, panels and curves, and
runs the same settings in PyTorch.
"""

import math
from typing import Any

import torch
import traitlets
from torch import Tensor

from .. import theory
from ..losses import mse
from ..models import linear
from ..training import History, loss_text, training_loop
from .bundle import bundle
from .controls import Choice, Number
from .instrument import Instrument, Panel
from .readings import INPUTS, LARGEST, LEAST, MOST, THERMOMETER, Column, Readings, Start, columns
from .readings import prepare as prepared

OPTIMIZERS = {"gd": "gradient descent", "momentum": "momentum", "adam": "Adam"}
RATES = [1e-6, 10.0]  # worth dragging through
PARTS = [  # what `hide` can name: controls, then panels and texts
    *("presets", "learning_rate", "n_epochs", "inputs", "optimizer", "momentum"),
    *("start", "readings", "reset", "copy", "surface", "losses", "fit", "sweep", "factors"),
]


class LearningRateExplorer(Instrument):
    """Explore how the learning rate decides what a training run does.

    `t_u` and `t_c` are two columns of 2 to 1000 readings, the thermometer's if left out. Settings,
    and what they are if left out: `inputs` ("x0.1"; or "raw", "standardised"); `optimizer` ("gd";
    or "momentum", as in `torch.optim.SGD`, "adam" with torch's defaults); `learning_rate` (0.01; a
    number from 1e-9 to 1e6); `momentum` (0.9; from 0 to below 1); `n_epochs` (1000; 1 to 10000);
    `start` ((1, 0); w and b in the units of the scaled inputs); `labels`, the names of the columns;
    `hide` names parts to leave out: "presets", "optimizer", "sweep", ... (explorer.PARTS).

    All of them are traits, the columns as `readings`: read them after moving the controls, or set
    them to move the controls. A value that makes no sense raises TraitError, a column ValueError,
    an unknown setting TypeError; the last good value stays.
    """

    TITLE = "Learning-rate explorer"
    learning_rate = Number(
        0.01, 1e-9, 1e6, "Learning rate", step=0.01, log=True, slider=RATES, digits=4
    )
    n_epochs = Number(1000, 1, 10_000, "Epochs", step=0.02, log=True, digits=2)
    inputs = Choice(INPUTS, "x0.1", "Inputs")
    optimizer = Choice(list(OPTIMIZERS), "gd", "Optimizer", OPTIMIZERS.values())
    momentum = Number(0.9, 0.0, math.nextafter(1, 0), "β, the momentum", step=0.01)
    readings = Readings(THERMOMETER, "Readings", least=LEAST, most=MOST, largest=LARGEST)
    start = Start((1.0, 0.0), "Start", largest=LARGEST)  # (w, b), in the units of the scaled inputs
    labels = traitlets.Tuple(traitlets.Unicode(), traitlets.Unicode())
    hide = traitlets.List(traitlets.Enum(PARTS))
    PANELS = (
        Panel("Loss surface: ■ start (drag it) ★ best", "w", "b", name="surface"),
        Panel("Loss per epoch", "epochs done", "loss", log="y", name="losses"),
        Panel("Fit (drag a reading), best ┅", "", "", name="fit"),
        Panel("Loss for every learning rate (click to choose)", "learning rate", "loss",
              log="xy", click=("learning_rate", ""), name="sweep"),
    )  # fmt: skip
    _esm = bundle(
        "explorer.js",
        DEFAULTS={"readings": THERMOMETER, "start": [1.0, 0.0]},
        LIMITS={"largest": LARGEST, "rates": RATES},
    )

    def __init__(
        self, t_u: Column | None = None, t_c: Column | None = None, **settings: Any
    ) -> None:
        if (t_u is None) != (t_c is None):
            raise ValueError("give both columns, t_u and t_c, or neither")
        own = {"labels": ("reading (unknown unit)", "temperature (°C)")}
        if t_u is not None:
            own = {"readings": columns(t_u, t_c), "labels": ("t_u", "t_c")}
        super().__init__(**own | settings)

    @traitlets.default("spec")
    def _spec(self) -> dict[str, Any]:
        return super()._spec() | {"labels": self.labels, "hide": self.hide}

    def run(self) -> History:
        """Train with the same settings in PyTorch (float64, autograd, `torch.optim`).

        `params` has shape (n_epochs + 1, 2), (w, b) in the units of the scaled inputs; a run that
        diverges raises nothing, its `diverged_at` names the epoch.
        """
        params = torch.tensor(self.start, dtype=torch.float64, requires_grad=True)
        if self.optimizer == "adam":
            optimizer = torch.optim.Adam([params], lr=self.learning_rate)
        else:
            optimizer = torch.optim.SGD([params], lr=self.learning_rate, momentum=self._beta())
        return training_loop(self.n_epochs, optimizer, params, *self._prepared())

    def critical_rate(self) -> float | None:
        """The learning rate from which the run diverges, 2 (1 + momentum) / lambda_max.

        None for Adam, whose step does not depend on the size of the gradient.
        """
        if self.optimizer == "adam":
            return None
        return theory.critical_learning_rate(self._prepared()[0], self._beta()).item()

    def __repr__(self) -> str:
        """Facts, in at most 110 characters (ipywidgets cuts longer ones)."""
        kind = f"momentum {self.momentum:.4g}" if self.optimizer == "momentum" else self.optimizer
        critical = self.critical_rate()
        end = "no critical rate" if critical is None else f"critical {critical:.3e}"
        epochs = f"{self.n_epochs} epoch{'s' if self.n_epochs > 1 else ''}"
        if self.optimizer == "gd":  # the loss is known without running: notebook 03
            start = torch.tensor(self.start, dtype=torch.float64)
            rate = self.learning_rate
            path = theory.predict_path(*self._prepared(), start, rate, self.n_epochs)
            epochs = f"{_in_words(self._loss_after(path))} after {epochs}"
        facts = f"{self.inputs}, {kind} at {self.learning_rate:.4g}, {epochs}, {end}"
        return f"<LearningRateExplorer: {facts}>"

    def _prepared(self) -> tuple[Tensor, Tensor]:
        return prepared(self.inputs, self.readings)

    def _beta(self) -> float:
        """The momentum that counts: plain gradient descent has none, wherever the slider is."""
        return self.momentum if self.optimizer == "momentum" else 0.0

    def _loss_after(self, path: Tensor) -> float:
        """The loss after a path's last update, one later than the last that training prints."""
        t_u, t_c = self._prepared()
        return mse(linear(t_u, *path[-1]), t_c).item()


def _in_words(loss: float) -> str:
    if not math.isfinite(loss):
        return "loss overflows"
    return f"loss {loss_text(loss)}"
