"""Instruments to play with, one file each: the explorer of 03 and six small ones.

`instrument.py` is what the small ones share; a new one is a file beside it and a line here.
"""

from .be_the_optimizer import BeTheOptimizer
from .degree_and_penalty import DegreeAndPenalty
from .explorer import LearningRateExplorer
from .finite_difference_step import FiniteDifferenceStep
from .forgotten_zero_grad import ForgottenZeroGrad
from .minibatch_noise import MinibatchNoise
from .split_roulette import SplitRoulette

__all__ = [
    "BeTheOptimizer",
    "DegreeAndPenalty",
    "FiniteDifferenceStep",
    "ForgottenZeroGrad",
    "LearningRateExplorer",
    "MinibatchNoise",
    "SplitRoulette",
]
