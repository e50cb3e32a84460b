"""python -m examday is the same as the examday command."""

import sys

from examday.cli import main

sys.exit(main())
