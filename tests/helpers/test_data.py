import pytest
import torch

from helpers.data import split_indices, standardize, thermometer


def test_eleven_pairs_in_the_default_dtype():
    t_u, t_c = thermometer()
    assert t_u.shape == t_c.shape == (11,)
    assert t_u.dtype == t_c.dtype == torch.float64
    assert thermometer(torch.float32)[0].dtype == torch.float32
    assert t_c.tolist() == [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
    assert t_u.tolist() == [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]


def test_every_call_makes_new_tensors():
    thermometer()[0].zero_()
    assert thermometer()[0].sum() > 0


@pytest.mark.parametrize("n_samples, n_val", [(11, 2), (11, 10), (2, 1), (100, 33)])
def test_split_holds_every_sample_once(n_samples, n_val):
    train, val = split_indices(n_samples, n_val, seed=7)
    assert (len(train), len(val)) == (n_samples - n_val, n_val)
    assert sorted([*train.tolist(), *val.tolist()]) == list(range(n_samples))


def test_split_is_shuffled_and_follows_its_seed():
    torch.manual_seed(1)  # the global generator must not matter
    first = split_indices(11, 2, seed=3)
    torch.manual_seed(2)
    assert all(torch.equal(a, b) for a, b in zip(first, split_indices(11, 2, seed=3), strict=True))
    assert any(not torch.equal(split_indices(11, 2, s)[1], first[1]) for s in range(4, 8))
    # randperm is the same everywhere, so the split can be written down
    assert (
        first[1].tolist()
        == torch.randperm(11, generator=torch.Generator().manual_seed(3))[9:].tolist()
    )


@pytest.mark.parametrize("n_val", [0, -1, 11, 12])
def test_split_refuses_an_empty_part(n_val):
    with pytest.raises(ValueError, match=f"n_val is {n_val} with 11 samples"):
        split_indices(11, n_val, seed=0)


def test_standardize(readings):
    t_n, mean, std = standardize(readings[0])
    assert t_n.mean().item() == pytest.approx(0, abs=1e-12)
    assert t_n.var(correction=1).item() == pytest.approx(1)  # n - 1, not n
    assert torch.allclose(t_n * std + mean, readings[0])
    assert (round(t_n.min().item(), 2), round(t_n.max().item(), 2)) == (-1.78, 1.79)


def test_standardize_with_the_training_statistics(readings):
    train = readings[0][[9, 0, 10, 3, 4, 2, 7, 8, 5]]
    _, mean, std = standardize(train)
    assert (round(mean.item(), 2), round(std.item(), 2)) == (53.33, 17.59)
    val, val_mean, val_std = standardize(readings[0][[1, 6]], mean, std)
    assert torch.equal(val, (readings[0][[1, 6]] - mean) / std)
    assert (val_mean, val_std) == (mean, std)
    _, mean, std = standardize(readings[0])
    assert (round(mean.item(), 2), round(std.item(), 2)) == (51.8, 16.83)


def test_standardize_two_values_and_a_small_spread():
    t_n, mean, std = standardize(torch.tensor([1.0, 3.0]))
    assert (mean, std) == (2.0, pytest.approx(2**0.5)) and t_n.sum() == 0
    assert standardize(torch.tensor([1.0, 2.0]), 1.0, 0.5)[0].tolist() == [0.0, 2.0]


@pytest.mark.parametrize(
    "t, options, words",
    [
        ([1.0, 2.0], {"mean": 1.0}, "both mean and std"),
        ([1.0, 2.0], {"std": 1.0}, "both mean and std"),
        ([1.0, float("nan")], {}, "NaN"),
        ([1.0, float("inf")], {}, "infinite"),
        ([2.0, 2.0], {}, "two different values"),
        ([2.0], {}, "two different values"),
        ([1.0, 2.0], {"mean": 0.0, "std": 0.0}, "standard deviation is 0"),
        ([1.0, 2.0], {"mean": 0.0, "std": -1.0}, "standard deviation is -1"),
    ],
)
def test_standardize_refuses(t, options, words):
    with pytest.raises(ValueError, match=words):
        standardize(torch.tensor(t), **options)
