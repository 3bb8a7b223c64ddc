"""How an answer is tried, compared and put into words. Nothing here knows a single exercise.

question.py  what every question has; function.py, value.py, choices.py and order.py say what is
             right in one of their kind, parts.py puts several of them into one dict
tried.py     what a function does on each data set    traits.py  and when they are changed
verdict.py   signs, and whether an answer was begun    running.py   trying a function
compare.py   what counts as the same                   words.py     what is said of differences
kin.py       wrong in a way that nobody wrote down
way.py       the values on the way to an answer    pattern.py   in how far numbers are off
advice.py    what to do about an error
target.py    numbers found with an instrument          progress.py  what was solved
"""

from .choices import CORRECT, Choices
from .compare import CLUE, numbers
from .function import CONSTANT, COPIED, Function, exercise
from .order import Order
from .parts import Parts
from .progress import progress_file, solved
from .question import Question
from .running import Unusable, call
from .target import Target, check_number
from .value import Value
from .verdict import NOT_STARTED, NOT_YET, RIGHT, Fault, Verdict

__all__ = [
    "CLUE",
    "CONSTANT",
    "COPIED",
    "CORRECT",
    "NOT_STARTED",
    "NOT_YET",
    "RIGHT",
    "Choices",
    "Fault",
    "Function",
    "Order",
    "Parts",
    "Question",
    "Target",
    "Unusable",
    "Value",
    "Verdict",
    "call",
    "check_number",
    "exercise",
    "numbers",
    "progress_file",
    "solved",
]
