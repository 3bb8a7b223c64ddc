"""What all tests share: float64 as in the notebooks, and the data in the three scalings."""

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Workers share the processors: a thread for each, or they wait for each other. Kernels inherit it.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
if TYPE_CHECKING:  # the process that only hands tests out needs no PyTorch
    from torch import Tensor

MODULES = {"pytest-xdist": "xdist", "beautifulsoup4": "bs4"}  # where the two names differ


def pytest_configure(config: pytest.Config) -> None:
    """Say in one sentence what is missing, before a test fails for want of it."""
    config.option.loadscopereorder = False  # the longest first: as .pytest.ini lists them
    listed = (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8")
    names = re.findall(r"^([\w-]+)==", listed, flags=re.MULTILINE)
    modules = {name: MODULES.get(name, name.replace("-", "_")) for name in names}
    missing = [name for name, module in modules.items() if not importlib.util.find_spec(module)]
    if missing:
        raise pytest.UsageError(
            f"The tests need {', '.join(missing)}. Install what they need: "
            f'"{sys.executable}" -m pip install -r tests/requirements.txt'
        )


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    """Every test computes as the notebooks do, and none leaves its choice to the next."""
    import torch

    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float64)


@pytest.fixture
def readings() -> "tuple[Tensor, Tensor]":
    from helpers.data import thermometer

    return thermometer()


@pytest.fixture(params=["raw", "x0.1", "standardised"])
def scaled(request: pytest.FixtureRequest) -> "tuple[Tensor, Tensor]":
    """The readings in each of the scalings of notebook 03."""
    from helpers.data import standardize, thermometer

    t_u, t_c = thermometer()
    return {"raw": t_u, "x0.1": 0.1 * t_u, "standardised": standardize(t_u)[0]}[request.param], t_c


@pytest.fixture
def start() -> "Tensor":
    """(w, b) = (1, 0), as in every notebook."""
    import torch

    return torch.tensor([1.0, 0.0])
