"""The learning-rate explorer of notebook 03, under the short name that the notebook uses."""

from .widgets.explorer import LearningRateExplorer

__all__ = ["LearningRateExplorer"]
