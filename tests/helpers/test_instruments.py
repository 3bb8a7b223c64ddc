"""MinibatchNoise against a DataLoader with torch.optim; and what natural mistakes are told."""

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from helpers import theory
from helpers.losses import mse
from helpers.models import linear
from helpers.widgets import MinibatchNoise, SplitRoulette

SCHEDULERS = {
    "constant": lambda o: torch.optim.lr_scheduler.ConstantLR(o, factor=1.0),
    "step": lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=10, gamma=0.1),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=30),
    "warm-up": lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=5),
}


def by_torch(noise: MinibatchNoise) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The run as one writes it with PyTorch's own parts."""
    t_u, t_c = noise.prepared()
    dice = torch.Generator().manual_seed(noise.seed)
    loader = DataLoader(TensorDataset(t_u, t_c), noise.batch_size, shuffle=True, generator=dice)
    params = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([params], lr=noise.learning_rate)
    scheduler = SCHEDULERS[noise.schedule](optimizer)
    losses, after, path = [], [], [params.detach().clone()]
    for _ in range(30):
        for inputs, wanted in loader:
            loss = mse(linear(inputs, *params), wanted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
            path.append(params.detach().clone())
        scheduler.step()
        after.append(mse(linear(t_u, *params), t_c).detach())
    return torch.stack(losses), torch.stack(after), torch.stack(path)


@pytest.mark.parametrize("schedule", SCHEDULERS)
@pytest.mark.parametrize("batch_size", range(1, 12))
def test_every_batch_size_and_schedule_is_the_run_of_torch(batch_size: int, schedule: str) -> None:
    noise = MinibatchNoise(batch_size=batch_size, schedule=schedule, seed=3)
    for ours, torchs in zip(noise.train(), by_torch(noise), strict=True):
        torch.testing.assert_close(ours, torchs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("scaling", "rate"), [("raw", 1e-4), ("x0.1", 1e-2)])
def test_other_scalings_are_the_run_of_torch(scaling: str, rate: float) -> None:
    noise = MinibatchNoise(scaling=scaling, learning_rate=rate)
    for ours, torchs in zip(noise.train(), by_torch(noise), strict=True):
        torch.testing.assert_close(ours, torchs, rtol=1e-9, atol=1e-9)


def test_a_run_away_is_drawn_inside_the_panel_and_named() -> None:
    noise = MinibatchNoise(scaling="raw", learning_rate=1.0)
    assert "runs away" in noise.words
    low, high = noise.PANELS[0].y_range
    drawn = noise.view().curves["loss of each batch"][1]
    assert ((drawn >= low) & (drawn <= high) | drawn.isnan()).all()


def test_the_question_holds() -> None:
    noise = MinibatchNoise()
    floor = theory.least_squares(*noise.prepared())[1]
    near = {}
    for schedule in SCHEDULERS:
        noise.schedule = schedule
        near[schedule] = by_torch(noise)[1] <= floor + 1e-3
    assert not near["constant"].any()
    assert near["cosine"][-5:].all()  # it settles
    share = near["cosine"].double().mean().item()
    assert all(share > n.double().mean() for name, n in near.items() if name != "cosine")
    assert noise.check(round(share, 3)).startswith("✔")
    assert "another one settles" in noise.check(round(near["constant"].double().mean().item(), 3))


def test_misses_are_named() -> None:
    roulette = SplitRoulette()
    losses = SplitRoulette(list_all=True).view().curves["validation loss"][1]
    second, worst = losses[-2:].tolist()
    assert "the second worst is asked for" in roulette.check(worst)
    assert "nearly" in roulette.check(second + 0.06)
    assert roulette.check(second).startswith("✔") and "nearly" not in roulette.check(2 * second)
    assert roulette.check(None).startswith("…") and roulette.check(True).startswith("✘")


def test_the_stored_line_is_never_cut() -> None:
    noise = MinibatchNoise(batch_size=11, seed=20, learning_rate=0.0123, schedule="constant")
    assert len(repr(noise)) <= 110 and "share" in repr(noise)
