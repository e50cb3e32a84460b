"""The check list of the site, read once per config folder."""

import functools
from pathlib import Path

from examday.settings import current
from examday.supervision import rules


def plan() -> rules.Plan:
    """Give the check list and the share that is drawn."""
    return _plan(current().config)


@functools.cache
def _plan(config: Path) -> rules.Plan:
    return rules.load_plan(config / "supervision.toml")
