"""What all tests share: float64 as in the notebooks, and the data in the three scalings."""

from collections.abc import Iterator

import pytest
import torch

from helpers.data import standardize, thermometer


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    """Every test computes as the notebooks do, and none leaves its choice to the next."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float64)


@pytest.fixture
def readings() -> tuple[torch.Tensor, torch.Tensor]:
    return thermometer()


@pytest.fixture(params=["raw", "x0.1", "standardised"])
def scaled(request: pytest.FixtureRequest) -> tuple[torch.Tensor, torch.Tensor]:
    """The readings in each of the scalings of notebook 03."""
    t_u, t_c = thermometer()
    return {"raw": t_u, "x0.1": 0.1 * t_u, "standardised": standardize(t_u)[0]}[request.param], t_c


@pytest.fixture
def start() -> torch.Tensor:
    """(w, b) = (1, 0), as in every notebook."""
    return torch.tensor([1.0, 0.0])
