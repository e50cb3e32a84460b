"""
Resumable upload (tus 1.0.0, extensions creation, expiration, checksum, termination).

Pure: headers in, values out. A file may come in many parts and over restarts of the server;
what was acknowledged is never asked for again.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from examday.proctoring.rules.upload_refusals import (
    BadUploadHeader,
    NoRoomForUploads,
    UploadTooLong,
    WrongOffset,
    WrongUploadVersion,
)

TUS_VERSION = "1.0.0"
TUS_EXTENSIONS = "creation,expiration,checksum,termination"
CHECKSUM_ALGORITHMS = ("sha256", "sha1")  # tus asks for sha1; nothing here relies on it
PART_TYPE = "application/offset+octet-stream"
# Two days of one camera at 4 Mbit/s and more; what is longer is a mistake.
MOST_BYTES = 128 << 30
KEPT = timedelta(days=7)
# Uploads leave a tenth of the disk alone, on large disks this much (RELIABILITY threat 13).
_RESERVED_SHARE = 10
_MOST_RESERVED = 20 << 30
_GIB = 1 << 30
_LONGEST_HEADER = 4096
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way: where it belongs, how long it is, and how much of it is safe here."""

    id: str
    sitting_id: int
    room_code: str
    camera: str
    name: str
    length: int
    offset: int
    start: datetime | None
    by: str
    expires_at: datetime

    @property
    def is_whole(self) -> bool:
        """Say whether every byte has arrived."""
        return self.offset == self.length


@dataclass(frozen=True, slots=True)
class Checksum:
    """The digest of one part, as its sender computed it."""

    algorithm: str
    digest: bytes


def check_version(header: str | None) -> None:
    """Raise WrongUploadVersion unless the client speaks ours."""
    if header != TUS_VERSION:
        raise WrongUploadVersion(version=TUS_VERSION)


def read_number(name: str, value: str) -> int:
    """Read a byte count from a header; raises BadUploadHeader."""
    if not (value.isascii() and value.isdigit()) or len(value) > _LONGEST_NUMBER:
        raise BadUploadHeader(header=name)
    return int(value)


def read_length(value: str) -> int:
    """Read Upload-Length; raises BadUploadHeader, UploadTooLong."""
    length = read_number("Upload-Length", value)
    if not length:
        raise BadUploadHeader(header="Upload-Length")
    if length > MOST_BYTES:
        raise UploadTooLong(gigabytes=MOST_BYTES // _GIB)
    return length


def read_metadata(header: str) -> dict[str, str]:
    """Read Upload-Metadata (`key base64, key base64`); raises BadUploadHeader."""
    values: dict[str, str] = {}
    if len(header) > _LONGEST_HEADER:
        raise BadUploadHeader(header="Upload-Metadata")
    for pair in filter(None, header.split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            text = b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadUploadHeader(header="Upload-Metadata") from error
        if not key or key in values:
            raise BadUploadHeader(header="Upload-Metadata")
        values[key] = text
    return values


def read_start(text: str, *, zone: tzinfo) -> datetime | None:
    """Read the local start that the person stated, if any; raises BadUploadHeader."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadUploadHeader(header="start") from error
    if moment.tzinfo is not None:
        raise BadUploadHeader(header="start")
    return moment.replace(tzinfo=zone)


def read_checksum(header: str | None) -> Checksum | None:
    """Read Upload-Checksum (`sha256 base64`), if given; raises BadUploadHeader."""
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadUploadHeader(header="Upload-Checksum") from error
    if algorithm not in CHECKSUM_ALGORITHMS:
        raise BadUploadHeader(header="Upload-Checksum")
    return Checksum(algorithm, digest)


def check_part(upload: Upload, *, offset: int, size: int | None) -> None:
    """Check where a part begins and how long it says it is: WrongOffset, UploadTooLong."""
    if offset != upload.offset:
        raise WrongOffset(expected=upload.offset, given=offset)
    if size is not None and offset + size > upload.length:
        raise UploadTooLong(gigabytes=MOST_BYTES // _GIB)


def check_disk(*, free: int, total: int, needed: int) -> None:
    """Raise NoRoomForUploads when `needed` bytes would eat into what the exam day keeps."""
    if free - needed < _reserved(total):
        raise no_room(free=free, total=total)


def no_room(*, free: int, total: int) -> NoRoomForUploads:
    """Say in whole sentences that the disk is nearly full; bytes in."""
    return NoRoomForUploads(free=f"{free / _GIB:.1f}", kept=f"{_reserved(total) / _GIB:.1f}")


def _reserved(total: int) -> int:
    return min(total // _RESERVED_SHARE, _MOST_RESERVED)
