"""
体检: is this site ready? Database, disk, clock, fonts, keys, timestamp servers, witnesses.

Each check answers with a finding; a site is ready when none is bad.
"""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import text

from examday import clock
from examday.db import db, sqlite_driver, wal_is_safe
from examday.errors import ExamdayError
from examday.i18n import gettext as _
from examday.settings import Settings
from examday.trace import service as trace

_DISK_WARN_GIB = 20
_DISK_BAD_GIB = 2
_PLAUSIBLE_YEAR = 2025
_GIB = 2**30


class Tone(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the 体检 list."""

    name: str
    tone: Tone
    text: str


def run(settings: Settings) -> tuple[Check, ...]:
    """Run every check; needs an app context."""
    checks = (
        check
        for source in (_database, _disk, _clock, _fonts, _keys, _trace, _outside)
        for check in _guarded(source.__name__.strip("_"), source(settings))
    )
    return tuple(checks)


def is_ready(checks: tuple[Check, ...]) -> bool:
    """Say whether the day may begin."""
    return all(check.tone is not Tone.BAD for check in checks)


def _guarded(name: str, checks: Iterator[Check]) -> Iterator[Check]:
    try:
        yield from checks
    except (ExamdayError, OSError, RuntimeError) as error:
        yield Check(name, Tone.BAD, str(error))


def _database(_settings: Settings) -> Iterator[Check]:
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        version = sqlite_driver().sqlite_version
        journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        broken = connection.execute(text("PRAGMA quick_check")).scalar_one() != "ok"
        safe = wal_is_safe(tuple(map(int, version.split(".")))) or journal != "wal"
        tone = Tone.BAD if broken or not safe else Tone.OK
        yield Check(
            "database",
            tone,
            _("SQLite %(version)s, journal %(journal)s") % {"version": version, "journal": journal},
        )
    else:
        version = connection.execute(text("SHOW server_version")).scalar_one()
        synchronous = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        tone = Tone.OK if synchronous in {"on", "remote_apply"} else Tone.BAD
        yield Check(
            "database",
            tone,
            _("PostgreSQL %(version)s, synchronous_commit %(sync)s")
            % {"version": version, "sync": synchronous},
        )


def _disk(settings: Settings) -> Iterator[Check]:
    free = shutil.disk_usage(settings.home).free / _GIB
    tone = Tone.BAD if free < _DISK_BAD_GIB else Tone.WARN if free < _DISK_WARN_GIB else Tone.OK
    yield Check("disk", tone, _("%(gib).0f GiB free") % {"gib": free})


def _clock(_settings: Settings) -> Iterator[Check]:
    now = clock.now()
    last = trace.last_logged_at()
    if now.year < _PLAUSIBLE_YEAR:
        yield Check("clock", Tone.BAD, _("The clock says %(year)s: set it.") % {"year": now.year})
    elif last is not None and now < last:
        yield Check(
            "clock",
            Tone.BAD,
            _("The clock is behind the trace (last entry %(at)s): set it.")
            % {"at": clock.local(last).strftime("%Y-%m-%d %H:%M:%S")},
        )
    else:
        yield Check("clock", Tone.OK, clock.local(now).strftime("%Y-%m-%d %H:%M:%S"))


def _fonts(_settings: Settings) -> Iterator[Check]:
    from examday.documents import missing_glyphs

    # Reading the faces' maps proves that they are there; the character is a rare surname.
    lacking = missing_glyphs(chr(0x41AB))
    tone = Tone.BAD if lacking else Tone.OK
    yield Check("fonts", tone, ", ".join(lacking) or "Noto Serif SC, Noto Sans SC")


def _keys(settings: Settings) -> Iterator[Check]:
    open_files = [
        path.name
        for path in settings.keys.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_files:
        yield Check(
            "keys",
            Tone.BAD,
            _("Readable by others: %(files)s. Use chmod 600.")
            % {"files": ", ".join(sorted(open_files))},
        )
    else:
        yield Check("keys", Tone.OK, _("private"))


def _trace(_settings: Settings) -> Iterator[Check]:
    head = trace.head()
    if head is None:
        yield Check("trace", Tone.WARN, _("The log is empty."))
    else:
        yield Check("trace", Tone.OK, _("signed head at %(size)s entries") % {"size": head.size})


def _outside(settings: Settings) -> Iterator[Check]:
    # Without a witness a site could rewrite its own history (EVIDENCE §5): say so, loudly.
    yield (
        Check("witness", Tone.OK, ", ".join(witness.name for witness in settings.witnesses))
        if settings.witnesses
        else Check(
            "witness",
            Tone.WARN,
            _("No witness: nobody outside co-signs the trace. See config trace.witnesses."),
        )
    )
    yield (
        Check("tsa", Tone.OK, ", ".join(settings.tsa_urls))
        if settings.tsa_urls
        else Check("tsa", Tone.WARN, _("No timestamp server: see config trace.tsa_urls."))
    )
