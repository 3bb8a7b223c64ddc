import pytest
import torch

from helpers.losses import mse
from helpers.models import linear, quadratic


def test_linear_and_quadratic_in_numbers():
    t_u = torch.tensor([0.0, 1.0, 10.0])
    assert linear(t_u, 2.0, -3.0).tolist() == [-3.0, -1.0, 17.0]
    assert quadratic(t_u, 2.0, -3.0, 0.5).tolist() == [0.5, -0.5, 170.5]


def test_linear_and_quadratic_against_polynomials():
    t_u, (w2, w1, b) = torch.rand(20), torch.rand(3)
    assert torch.allclose(
        quadratic(t_u, w2, w1, b), torch.vander(t_u, 3) @ torch.stack([w2, w1, b])
    )
    assert torch.allclose(linear(t_u, w1, b), quadratic(t_u, 0.0, w1, b))


def test_mse_against_torch():
    t_p, t_c = torch.rand(11), torch.rand(11)
    assert torch.allclose(mse(t_p, t_c), torch.nn.functional.mse_loss(t_p, t_c))
    assert mse(t_p, t_c).shape == () and mse(t_c, t_c) == 0
    assert mse(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 1.0])) == 10


@pytest.mark.parametrize("shape", [(11, 1), (1, 11), (1,), (), (10,)])
def test_mse_refuses_shapes_that_differ(readings, shape):
    other = torch.zeros(shape)
    with pytest.raises(ValueError) as error:
        mse(readings[1], other)
    assert "(11,)" in str(error.value) and str(shape) in str(error.value)
