"""How an answer is tried, compared and put into words. Nothing here knows a single exercise.

exercise.py  the question and `check`     verdict.py  signs, and whether an answer was begun
running.py   trying an answer             compare.py  what counts as the same
words.py     what is said of differences  target.py   numbers found with an instrument
progress.py  what was solved
"""

from .compare import CLUE, numbers
from .exercise import CONSTANT, COPIED, Exercise, exercise
from .progress import progress_file, solved
from .running import Unusable, call
from .target import Target, check_number
from .verdict import NOT_STARTED, NOT_YET, RIGHT, Verdict

__all__ = [
    "CLUE",
    "CONSTANT",
    "COPIED",
    "NOT_STARTED",
    "NOT_YET",
    "RIGHT",
    "Exercise",
    "Target",
    "Unusable",
    "Verdict",
    "call",
    "check_number",
    "exercise",
    "numbers",
    "progress_file",
    "solved",
]
