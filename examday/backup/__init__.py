"""
Back-up and restore of a whole site: database, trace, papers, footage, results, keys.

`save` may run while the server goes on; `restore` puts everything into a new folder and lets it
be used only when every digest agrees. A back-up holds the site's keys: give a passphrase, or keep
the file as carefully as the server.
"""

import hashlib
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from sqlalchemy import make_url

from examday.backup.sealed_stream import BadPassphrase, OpeningReader, SealingWriter, is_sealed
from examday.db import sqlite_driver
from examday.errors import BadInput, Refusal
from examday.i18n import N_
from examday.settings import Settings

__all__ = ["BadPassphrase", "DamagedBackup", "Kept", "NotEmpty", "restore", "save"]

_DATABASE = "examday.db"
_SUMS = "SHA256SUMS"
_LEFT_OUT = frozenset(
    {"scheduler.lock", "backup.part", _DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm"}
)


class DamagedBackup(BadInput):
    """The file is not a back-up, or a part of it is not what was saved."""

    code = "damaged_backup"
    message = N_("This back-up cannot be restored: %(what)s. Nothing was changed.")


class NotEmpty(Refusal):
    """A restore never writes over a site."""

    code = "not_empty"
    message = N_("%(home)s is not empty: name a new folder.")


class NeedsOwnTool(Refusal):
    """PostgreSQL is saved by its own tool."""

    code = "needs_own_tool"
    message = N_("The database is PostgreSQL: save it with pg_dump, and the home folder as files.")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was saved or restored: number of files, and the SHA-256 of the back-up file."""

    files: int
    sha256: str


def save(settings: Settings, target: Path, *, passphrase: str | None = None) -> Kept:
    """Write one file, complete or not at all (temporary name, fsync, rename)."""
    if make_url(settings.database_url).get_backend_name() != "sqlite":
        raise NeedsOwnTool
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    with part.open("wb") as raw:
        if passphrase:
            sealing = SealingWriter(raw, passphrase)
            count = _write(settings, cast("IO[bytes]", sealing))
            sealing.finish()
        else:
            count = _write(settings, raw)
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(target)
    with target.open("rb") as file:
        return Kept(count, hashlib.file_digest(file, "sha256").hexdigest())


def restore(source: Path, home: Path, *, passphrase: str | None = None) -> Kept:
    """Unpack beside `home`, check every digest, then rename into place."""
    if home.exists() and any(home.iterdir()):
        raise NotEmpty(home=home)
    part = home.with_name(home.name + ".restoring")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        count = _unpack(source, part, passphrase)
    except (tarfile.TarError, UnicodeDecodeError, ValueError) as error:
        raise DamagedBackup(what=error) from error
    finally:
        if not (part / _SUMS).exists():
            shutil.rmtree(part, ignore_errors=True)
    (part / _SUMS).unlink()
    if home.exists():
        home.rmdir()
    part.rename(home)
    with source.open("rb") as file:
        return Kept(count, hashlib.file_digest(file, "sha256").hexdigest())


def _write(settings: Settings, out: IO[bytes]) -> int:
    sums: dict[str, str] = {}
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        # The signed head goes before the rows: a head may be behind its rows, never ahead.
        for path in _files(settings.home):
            name = path.relative_to(settings.home).as_posix()
            with path.open("rb") as file:
                sums[name] = _add(tar, name, file, path.stat().st_size)
        with _snapshot(settings) as snapshot, snapshot.open("rb") as file:
            sums[_DATABASE] = _add(tar, _DATABASE, file, snapshot.stat().st_size)
        listing = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
        _add(tar, _SUMS, io.BytesIO(listing), len(listing))
    return len(sums)


def _files(home: Path) -> Iterator[Path]:
    paths = (path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    kept = [path for path in paths if path.name not in _LEFT_OUT]
    yield from sorted(kept, key=lambda path: (path.parent.name != "trace", path))


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> str:
    """Copy one file in without holding it in memory; give its SHA-256."""
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    reader = _HashingReader(file)
    tar.addfile(member, cast("IO[bytes]", reader))
    return reader.sha256.hexdigest()


class _HashingReader:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self.sha256.update(block)
        return block


@contextmanager
def _snapshot(settings: Settings) -> Iterator[Path]:
    """Copy the database as one consistent state with SQLite's online back-up."""
    driver = sqlite_driver()
    path = make_url(settings.database_url).database
    copy = settings.home / "backup.part"
    try:
        with closing(driver.connect(path)) as live, closing(driver.connect(copy)) as saved:
            live.backup(saved)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _unpack(source: Path, part: Path, passphrase: str | None) -> int:
    with source.open("rb") as raw:
        stream = raw
        if is_sealed(raw):
            stream = cast("io.BufferedReader", OpeningReader(raw, passphrase or ""))
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                _take_out(tar, member, part)
    sums = part / _SUMS
    if not sums.exists():
        raise DamagedBackup(what=_SUMS)
    try:
        return _check(part, sums.read_text("utf-8"))
    except DamagedBackup:
        sums.unlink()
        raise


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, part: Path) -> None:
    """
    Write one file below `part`; a back-up holds nothing else, so all else is damage.

    tarfile's own filters would do, but the Python of Debian 12 (3.11.2) does not have them yet.
    """
    path, file = PurePosixPath(member.name), tar.extractfile(member) if member.isfile() else None
    target = part / path
    if file is None or path.is_absolute() or ".." in path.parts or target.exists():
        raise DamagedBackup(what=member.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        target.chmod(0o600)
        shutil.copyfileobj(file, out)


def _check(part: Path, listing: str) -> int:
    lines = (line.partition("  ") for line in listing.splitlines())
    wanted = {name: digest for digest, _, name in lines}
    found = {p.relative_to(part).as_posix() for p in part.rglob("*") if p.is_file()} - {_SUMS}
    if found != set(wanted):
        raise DamagedBackup(what=", ".join(sorted(found ^ set(wanted))))
    for name, digest in wanted.items():
        with (part / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise DamagedBackup(what=name)
    return len(wanted)
