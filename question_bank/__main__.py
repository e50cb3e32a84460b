"""Run the bank's commands: `python -m question_bank`."""

import sys

from question_bank.cli import main

sys.exit(main())
