"""The exercises of the series and the self-test at its end. How they are judged: ../judge/.

    exercises.central_difference.check(central_difference)    says whether the answer is right
    exercises.central_difference.hint()                       gives a hint, each time a bigger one
    exercises.central_difference.solution()                   prints a right answer
    exercises.progress()                                      shows what is solved

A function under `@exercise` is the right answer itself. Below `wrong=` stand the known mistakes:
the sentence that the learner reads, and the change of the right answer that makes the mistake. A
Value has wrong values there; the options of Choices have each its own sentence; Parts are several
of them, answered with a dict.
"""

from ..judge import NOT_STARTED, RIGHT, Question, solved
from . import (
    conclusion,
    nb01,
    nb02,
    nb02_gradient,
    nb03,
    nb03_readings,
    nb04,
    nb05,
    nb05_training,
    nb06,
    nb06_validation,
    nb07,
    nb07_bytes,
    nb08,
    nb09,
    project,
    project_judging,
    project_training,
    self_test,
)

_FILES = (
    *(nb01, nb02, nb02_gradient, nb03, nb03_readings, nb04, nb05, nb05_training),
    *(nb06, nb06_validation, nb07, nb07_bytes, nb08, nb09),
    *(self_test, project, project_training, project_judging, conclusion),
)
ALL = {
    name: thing
    for file in _FILES
    for name, thing in vars(file).items()
    if isinstance(thing, Question)
}
globals().update(ALL)  # so that each is exercises.NAME, in whichever file it stands


def progress() -> None:
    """Print which exercises of the series are solved. Nothing but their names is remembered."""
    done = solved()
    lines, counts = [], []
    for part, what in (("series", "exercises of the series"), ("self-test", "self-test questions")):
        names = [n for n, x in ALL.items() if (x.notebook == "self-test") == (part == "self-test")]
        counts.append(f"{sum(n in done for n in names)} of {len(names)} {what}")
        for notebook in dict.fromkeys(ALL[name].notebook for name in names):
            of_this = [name for name in names if ALL[name].notebook == notebook]
            shown = [f"{RIGHT if n in done else NOT_STARTED} {n}" for n in of_this]
            for start in range(0, len(shown), 5):
                label = notebook if start == 0 else ""
                lines.append(f"{label:10} {'   '.join(shown[start : start + 5])}")
    sign = RIGHT if done >= set(ALL) else NOT_STARTED
    print(f"{sign} You have solved {' and '.join(counts)}.", *lines, sep="\n")
