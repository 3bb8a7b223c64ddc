"""The learning-rate explorer of notebook 03: it runs in the browser, PyTorch is its referee.

js/explorer.js trains and draws; this file opens it in JupyterLab (through anywidget), checks what
is set from Python, runs the same settings in PyTorch, and writes the explorer as a page of its own.
"""

import math
import warnings
from pathlib import Path

import anywidget
import torch
import traitlets
from torch import Tensor

from .. import theory
from ..judge import check_number
from ..losses import mse
from ..models import linear
from ..training import History, training_loop
from .bundle import bundle, page, script
from .explorer_questions import check_walls, smallest_rate
from .settings import (
    DEFAULTS,
    INPUTS,
    LIMITS,
    OPTIMIZERS,
    PARTS,
    Column,
    Number,
    Whole,
    columns,
    prepare,
)


class LearningRateExplorer(anywidget.AnyWidget):
    """Explore how the learning rate decides what a training run does.

    `t_u` and `t_c` are two columns of 2 to 1000 readings, the thermometer's if left out; `labels`
    names them on the axes. `inputs` is "raw", "x0.1" or "standardised"; `optimizer` is "gd",
    "momentum" (with the coefficient `momentum`, 0 <= momentum < 1, as in `torch.optim.SGD`) or
    "adam" (torch's defaults); `learning_rate` is a number from 1e-9 to 1e6; `n_epochs` a whole
    number from 1 to 10000; `start` is (w, b) in the units of the scaled inputs; `hide` names parts
    to leave out: "presets", "optimizer", "momentum", "sweep", ... (settings.PARTS has them all).

    All but the columns are traits of these names, the columns are in `readings`: read them after
    moving the controls, or set them to move the controls. A value that makes no sense raises
    TraitError, a column ValueError; the last good one stays.
    """

    _esm = bundle("explorer.js", DEFAULTS=DEFAULTS, LIMITS=LIMITS, PARTS=PARTS)
    inputs = traitlets.Enum(INPUTS).tag(sync=True)
    optimizer = traitlets.Enum(OPTIMIZERS).tag(sync=True)
    learning_rate = Number(*LIMITS["learning_rate"], "a number from 1e-09 to 1e+06").tag(sync=True)
    momentum = Number(0, 1, "a number from 0 to below 1", below=True).tag(sync=True)
    n_epochs = Whole(*LIMITS["n_epochs"], "a whole number from 1 to 10000").tag(sync=True)
    readings = traitlets.Dict().tag(sync=True)
    start = traitlets.Tuple(
        *[Number(-LIMITS["value"], LIMITS["value"], "two numbers up to a million")] * 2
    ).tag(sync=True)
    labels = traitlets.Tuple(traitlets.Unicode(), traitlets.Unicode()).tag(sync=True)
    hide = traitlets.List(traitlets.Enum(PARTS)).tag(sync=True)
    note = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(
        self,
        t_u: Column | None = None,
        t_c: Column | None = None,
        *,
        inputs: str = "x0.1",
        optimizer: str = "gd",
        learning_rate: float = 1e-2,
        momentum: float = 0.9,
        n_epochs: int = 1000,
        start: tuple[float, float] = (1, 0),
        hide: tuple[str, ...] = (),
        labels: tuple[str, str] | None = None,
    ) -> None:
        if (t_u is None) != (t_c is None):
            raise ValueError("give both columns, t_u and t_c, or neither")
        readings = DEFAULTS["readings"] if t_u is None else columns(t_u, t_c)
        n, most = len(readings["t_u"]), LIMITS["readings"][1]
        if n > most:
            self.set_trait("note", f"Of {n} readings only the first {most} are used.")
            warnings.warn(self.note, stacklevel=2)
            readings = columns(*(readings[name][:most] for name in ("t_u", "t_c")))
        super().__init__(
            inputs=inputs,
            optimizer=optimizer,
            learning_rate=learning_rate,
            momentum=momentum,
            n_epochs=n_epochs,
            readings=readings,
            start=tuple(start.tolist() if isinstance(start, Tensor) else start),
            hide=list(hide) if isinstance(hide, tuple) else hide,
            labels=labels or (DEFAULTS["labels"] if t_u is None else ("t_u", "t_c")),
        )
        self.on_msg(self._answer)

    @traitlets.validate("readings")
    def _check_readings(self, proposal: traitlets.Bunch) -> dict[str, list[float]]:
        if set(proposal.value) != {"t_u", "t_c"}:
            raise traitlets.TraitError('readings must be {"t_u": [...], "t_c": [...]}')
        try:
            readings = columns(**proposal.value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error
        if len(readings["t_u"]) > LIMITS["readings"][1]:
            raise traitlets.TraitError(f"at most {LIMITS['readings'][1]} readings")
        return readings

    def settings(self) -> dict:
        """What decides the run, as plain values under the names that `simulate` gives them."""
        names = "inputs", "optimizer", "learning_rate", "momentum", "n_epochs", "readings"
        return {name: getattr(self, name) for name in names} | {"start": list(self.start)}

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
            walls = {
                inputs: theory.critical_learning_rate(prepare(inputs, self.readings)[0]).item()
                for inputs in INPUTS
            }
            return check_walls(answer, walls)
        return check_number(answer, smallest_rate)

    def page(self, path: str | Path | None = None) -> str:
        """The explorer with these settings as one HTML page, which is also written to `path`.

        The page holds everything it needs: it opens from disk and asks nobody for anything. Its
        address (what follows the #) keeps the state, and `#hide=optimizer,sweep` hides parts.
        """
        text = page("Learning-rate explorer", str(self._esm), self._state())
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def script(self, place: str, *, link: bool = True) -> str:
        """A module that puts the explorer into the element of a page whose id is `place`.

        With `link` the address of the page keeps the state; a page with other anchors wants none.
        """
        return script(str(self._esm), place, self._state(), *([] if link else [False]))

    def __repr__(self) -> str:
        """Facts, in at most 110 characters (ipywidgets cuts longer ones)."""
        kind = f"momentum {self.momentum:.4g}" if self.optimizer == "momentum" else self.optimizer
        critical = self.critical_rate()
        end = "no critical rate" if critical is None else f"critical {critical:.3e}"
        epochs = f"{self.n_epochs} epoch{'s' if self.n_epochs > 1 else ''}"
        if self.optimizer == "gd":  # the loss is known without running: notebook 03
            path = theory.predict_path(
                *self._prepared(),
                torch.tensor(self.start, dtype=torch.float64),
                self.learning_rate,
                self.n_epochs,
            )
            epochs = f"{_in_words(self._loss_after(path))} after {epochs}"
        return (
            f"<LearningRateExplorer: {self.inputs}, {kind} at {self.learning_rate:.4g}, "
            f"{epochs}, {end}>"
        )

    def _state(self) -> dict:
        return self.settings() | {name: getattr(self, name) for name in ("labels", "hide", "note")}

    def _prepared(self) -> tuple[Tensor, Tensor]:
        return prepare(self.inputs, self.readings)

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
            wanted = {name: asked[name] for name in self.settings()}
            # All of them or none, and one message: the browser must not see half a change.
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
                "loss": _finite(self._loss_after(history.params)),
                "params": [_finite(p) for p in history.params[-1].tolist()],
                "epochs": epochs,
                "losses": [_finite(loss) for loss in history.train_loss[epochs].tolist()],
            }
        )


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _in_words(loss: float) -> str:
    if not math.isfinite(loss):
        return "loss overflows"
    return f"loss {loss:.4f}" if loss < 1e6 else f"loss {loss:.4g}"
