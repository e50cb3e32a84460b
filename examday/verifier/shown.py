"""How spans and instants (ms) are written in sentences."""

from datetime import UTC, datetime, timedelta, timezone

_SITE_ZONE = timezone(timedelta(hours=8))


def seconds(milliseconds: int) -> str:
    """Write a span in seconds."""
    return f"{milliseconds / 1000:.1f}"


def hours(milliseconds: int) -> str:
    """Write a span in hours."""
    return f"{milliseconds / 3_600_000:.1f}"


def local(milliseconds: int) -> str:
    """Write an instant as the site's wall clock shows it (UTC+8)."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(_SITE_ZONE)
    return moment.isoformat(sep=" ", timespec="milliseconds")
