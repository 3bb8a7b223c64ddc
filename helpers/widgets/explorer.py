"""The learning-rate explorer of notebook 03: it runs in the browser, PyTorch is its referee.

js/explorer.js trains and draws; this file opens it in JupyterLab (through anywidget), checks what
is set from Python, runs the same settings in PyTorch, and writes the explorer as a page of its own.
"""

import math

import anywidget
import torch
import traitlets
from torch import Tensor

from .. import theory
from ..judge import check_number
from ..losses import mse
from ..models import linear
from ..training import History, loss_text, training_loop
from . import settings as given
from .bundle import InPages, bundle
from .explorer_questions import check_walls, smallest_rate


class LearningRateExplorer(InPages, anywidget.AnyWidget):
    """Explore how the learning rate decides what a training run does.

    `t_u` and `t_c` are two columns of 2 to 1000 readings, the thermometer's if left out. Settings,
    and what they are if left out: `inputs` ("x0.1"; or "raw", "standardised"); `optimizer` ("gd";
    or "momentum", as in `torch.optim.SGD`, "adam" with torch's defaults); `learning_rate` (0.01; a
    number from 1e-9 to 1e6); `momentum` (0.9; from 0 to below 1); `n_epochs` (1000; 1 to 10000);
    `start` ((1, 0); w and b in the units of the scaled inputs); `labels`, the names of the columns;
    `hide` names parts to leave out: "presets", "optimizer", "sweep", ... (settings.PARTS).

    All of them are traits, the columns as `readings`: read them after moving the controls, or set
    them to move the controls. A value that makes no sense raises TraitError, a column ValueError,
    an unknown setting TypeError; the last good value stays.
    """

    TITLE = "Learning-rate explorer"
    _esm = bundle("explorer.js", **given.FOR_THE_BROWSER)
    inputs = traitlets.Enum(given.INPUTS).tag(sync=True)
    optimizer = traitlets.Enum(given.OPTIMIZERS).tag(sync=True)
    learning_rate = given.Number("learning_rate").tag(sync=True)
    momentum = given.Number("momentum").tag(sync=True)
    n_epochs = given.Number("n_epochs", int).tag(sync=True)
    readings = traitlets.Dict().tag(sync=True)
    start = traitlets.Tuple(given.Number("start"), given.Number("start")).tag(sync=True)
    labels = traitlets.Tuple(traitlets.Unicode(), traitlets.Unicode()).tag(sync=True)
    hide = traitlets.List(traitlets.Enum(given.PARTS)).tag(sync=True)

    def __init__(
        self, t_u: given.Column | None = None, t_c: given.Column | None = None, **settings: object
    ) -> None:
        if (t_u is None) != (t_c is None):
            raise ValueError("give both columns, t_u and t_c, or neither")
        if unknown := sorted(set(settings) - set(given.DEFAULTS)):
            raise TypeError(f"no setting {', '.join(unknown)}: choose {', '.join(given.DEFAULTS)}")
        own = {} if t_u is None else {"readings": given.columns(t_u, t_c), "labels": ("t_u", "t_c")}
        if isinstance(start := settings.get("start"), Tensor):
            settings["start"] = tuple(start.tolist())
        super().__init__(**given.DEFAULTS | own | settings)
        self.on_msg(self._answer)

    @traitlets.validate("readings")
    def _check_readings(self, proposal: traitlets.Bunch) -> dict[str, list[float]]:
        if set(proposal.value) != {"t_u", "t_c"}:
            raise traitlets.TraitError('readings must be {"t_u": [...], "t_c": [...]}')
        try:
            return given.columns(**proposal.value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error

    def settings(self) -> dict:
        """What decides the run, as plain values under the names that `simulate` gives them."""
        return {name: value for name, value in self._given().items() if name in given.RUN}

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

    def check(self, answer: float | dict[str, float | None] | None) -> str:
        """A sentence on an answer, "✔", "✘" or "…".

        A dict is judged as the three walls of plain gradient descent, {"raw": ..., "x0.1": ...,
        "standardised": ...}; a number as the smallest rate that arrives with momentum 0.9.
        """
        if isinstance(answer, dict):
            return check_walls(answer, self.readings)
        return check_number(answer, smallest_rate)

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

    def _given(self) -> dict:
        """Every setting as JSON would give it back."""
        values = {name: getattr(self, name) for name in given.DEFAULTS}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}

    def _prepared(self) -> tuple[Tensor, Tensor]:
        return given.prepare(self.inputs, self.readings)

    def _beta(self) -> float:
        """The momentum that counts: plain gradient descent has none, wherever the slider is."""
        return self.momentum if self.optimizer == "momentum" else 0.0

    def _loss_after(self, path: Tensor) -> float:
        """The loss after a path's last update, one later than the last that training prints."""
        t_u, t_c = self._prepared()
        return mse(linear(t_u, *path[-1]), t_c).item()

    def _answer(self, _: object, content: dict, __: object) -> None:
        """The button "Check against PyTorch": adopt the settings of the question, run, reply.

        JSON has no infinity and no NaN: what is not finite goes out as None.
        """
        if content.get("kind") != "check":
            return
        asked = content.get("settings", {})
        reply = {"kind": "check", "settings": asked}
        try:
            wanted = {name: asked[name] for name in given.RUN}
            # All of them or none, and one message: the browser must not see half a change.
            with self.hold_sync(), self.hold_trait_notifications():
                for name, value in wanted.items():
                    setattr(self, name, value)
            history = self.run()
        except (KeyError, traitlets.TraitError) as error:
            self.send(reply | {"error": str(error)})
            return
        epochs = list(range(0, self.n_epochs, math.ceil(self.n_epochs / 100)))  # 100 are enough
        end = [self._loss_after(history.params), *history.params[-1].tolist()]
        numbers = {"end": end, "losses": history.train_loss[epochs].tolist()}
        finite = {k: [x if math.isfinite(x) else None for x in v] for k, v in numbers.items()}
        self.send(reply | finite | {"epochs": epochs})


def _in_words(loss: float) -> str:
    if not math.isfinite(loss):
        return "loss overflows"
    return f"loss {loss_text(loss)}"
