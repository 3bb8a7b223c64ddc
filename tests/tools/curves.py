"""What an instrument draws, for its tests."""

import torch


def drawn(instrument, name):
    """The points of a curve as the browser gets them, gaps left out: x, y."""
    columns = instrument.shown["curves"][list(instrument.LOOKS).index(name)]
    points = [point for point in zip(*columns, strict=True) if None not in point]
    return torch.tensor(points).T


def close(values, expected, rtol=1e-5):  # six digits are drawn
    return torch.allclose(torch.as_tensor(values), torch.as_tensor(expected), rtol=rtol)
