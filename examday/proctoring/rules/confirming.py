"""The proctors' check list: a room closes only when each line of it is confirmed."""

from collections.abc import Collection, Iterable

from examday.errors import BadInput
from examday.i18n import N_


class ChecksMissing(BadInput):
    """A line that nobody ticked would stand unconfirmed in the record for good."""

    code = "checks_missing"
    message = N_(
        "Confirm each line of the check list before closing; missing: %(missing)s. What was not "
        "done is recorded as an incident first."
    )


def require_checks(known: Iterable[tuple[str, str]], ticked: Collection[str]) -> None:
    """Raise ChecksMissing, naming each line (code, label) that is not ticked."""
    missing = [label for code, label in known if code not in ticked]
    if missing:
        raise ChecksMissing(missing="; ".join(missing))
