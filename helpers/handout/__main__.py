"""`python -m helpers.handout`: the command line of the package."""

import sys

from . import main

sys.exit(main())
