"""The data publicity works by: working days, the batch's policy, the notice's wording."""

from functools import cache
from pathlib import Path

from examday.planning import service as planning
from examday.publicity import rules
from examday.settings import current
from examday.workdays import Calendar


def calendar() -> Calendar:
    """Give the official calendar of this site's config."""
    return planning.calendar()


def wording() -> rules.Wording:
    """Give the wording for this site's province."""
    return _wording(current().config, current().province)


def folder(code: str) -> Path:
    """Give the folder in which a notice's files are kept."""
    return current().home / "publicity" / code


@cache
def _wording(config: Path, province: str) -> rules.Wording:
    return rules.load_wording(config / "forms", province)
