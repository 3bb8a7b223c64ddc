"""`python -m helpers`: lay the learner's own copy of the lessons, then open JupyterLab on it."""

import sys

from .door import main

sys.exit(main())
