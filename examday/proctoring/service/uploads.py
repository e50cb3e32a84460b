"""
Uploads that go on where they stopped: opened, received in parts, then taken in as footage.

Nothing is registered before the whole file is here. Each upload belongs to the person who
opened it; the bytes land in home/uploads/<id>, on the same file system as the footage store.
"""

import secrets
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from examday import clock, settings
from examday.errors import ExamdayError
from examday.planning import service as planning
from examday.proctoring import rules
from examday.proctoring.adapters import landing, watch
from examday.proctoring.rules.refusals import WrongRoom
from examday.proctoring.rules.segments import Segment
from examday.proctoring.rules.upload_refusals import UnknownUpload, UploadBusy, UploadUnfinished
from examday.proctoring.rules.uploads import KEPT, Checksum, Upload, check_disk, check_part
from examday.proctoring.service.cameras import check_room_is_open, find_camera
from examday.proctoring.service.footage import take_segment
from examday.proctoring.service.quarantine import Refused, quarantine
from examday.proctoring.service.register import find_by_root, find_segment

_ID_BYTES = 16


def open_upload(
    sitting_id: int,
    room_code: str,
    *,
    camera: str,
    name: str,
    length: int,
    start: datetime | None,
    by: str,
) -> Upload:
    """
    Announce a file of `length` bytes; the answer's id names it from now on.

    Raises UnknownCamera, WrongRoom, RoomIsClosed, NoRoomForUploads.
    """
    planning.find_sitting(sitting_id)
    found = find_camera(camera)
    if found.room_code != room_code:
        raise WrongRoom(camera=camera, room=found.room_code)
    check_room_is_open(sitting_id, room_code)
    check_room_for(length)
    forget_old_uploads()
    upload_id = secrets.token_hex(_ID_BYTES)
    about = {
        "sitting_id": sitting_id,
        "room_code": room_code,
        "camera": camera,
        "name": rules.safe_name(name),
        "length": length,
        "start": clock.rfc3339(start) if start else "",
        "by": by,
        "expires_at": clock.rfc3339(clock.now() + KEPT),
    }
    landing.create(_folder(upload_id), about)
    return find_upload(upload_id, by=by)


def find_upload(upload_id: str, *, by: str) -> Upload:
    """Give an upload to the person who opened it; raises UnknownUpload."""
    upload = _read(upload_id)
    if upload is None or upload.by != by:
        raise UnknownUpload(what=upload_id)
    return upload


def receive_part(
    upload_id: str,
    parts: Iterable[bytes],
    *,
    offset: int,
    size: int | None,
    by: str,
    checksum: Checksum | None = None,
) -> Upload:
    """
    Append what comes over the line at `offset`; what arrived before it broke is kept.

    Raises UnknownUpload, UploadBusy, WrongOffset, UploadTooLong, WrongChecksum,
    NoRoomForUploads.
    """
    find_upload(upload_id, by=by)
    folder = _folder(upload_id)
    with landing.lock(folder):
        # Read again under the lock: another request may have just gone on.
        upload = find_upload(upload_id, by=by)
        check_part(upload, offset=offset, size=size)
        check_room_for(upload.length - offset)
        landing.receive(folder, parts, length=upload.length, checksum=checksum)
    return find_upload(upload_id, by=by)


def abandon_upload(upload_id: str, *, by: str) -> None:
    """Forget an upload; raises UnknownUpload, UploadBusy."""
    find_upload(upload_id, by=by)
    with landing.lock(_folder(upload_id)):
        landing.remove(_folder(upload_id))


def take_upload(upload_id: str, *, by: str) -> Segment | Refused:
    """
    Take a whole file in as footage, once: asked again, it gives the same answer.

    A file that cannot be footage goes to quarantine with its reason, as from the inbox.
    Raises UnknownUpload, UploadBusy, UploadUnfinished.
    """
    find_upload(upload_id, by=by)
    with landing.lock(_folder(upload_id)):
        upload = find_upload(upload_id, by=by)
        if not upload.is_whole:
            raise UploadUnfinished(offset=upload.offset, length=upload.length)
        return _known_outcome(upload) or _take(upload)


def take_whole_uploads() -> list[Segment | Refused]:
    """Take in what arrived whole and nobody asked for, such as after a restart; for the job."""
    taken: list[Segment | Refused] = []
    for upload in _uploads():
        if upload.is_whole and landing.outcome(_folder(upload.id)) is None:
            try:
                taken.append(take_upload(upload.id, by=upload.by))
            except UploadBusy:
                continue
    return taken


def forget_old_uploads() -> int:
    """Remove uploads that nobody went on with for a week; gives how many."""
    old = [upload for upload in _uploads() if upload.expires_at < clock.now()]
    for upload in old:
        landing.remove(_folder(upload.id))
    return len(old)


def _take(upload: Upload) -> Segment | Refused:
    folder = _folder(upload.id)
    root = landing.tree_root(folder)
    path = landing.hand_out(folder, upload.name)
    if path is None:
        # Registered, but the answer was never written down: the tree tells which one it is.
        return _conclude(folder, find_by_root(root), upload)
    try:
        taken = take_segment(
            path,
            camera=upload.camera,
            room_code=upload.room_code,
            start=upload.start,
            tree_root=root,
            by=upload.by,
        )
    except ExamdayError as error:
        arrival = watch.Arrival(path, upload.room_code, upload.camera)
        refused = quarantine(arrival, error, by=upload.by)
        landing.conclude(folder, {"refused": refused.code, "reason": refused.reason})
        return refused
    return _conclude(folder, taken.segment, upload)


def _conclude(folder: Path, segment: Segment | None, upload: Upload) -> Segment:
    if segment is None:
        raise UnknownUpload(what=upload.id)
    landing.conclude(folder, {"segment": segment.id})
    return segment


def _known_outcome(upload: Upload) -> Segment | Refused | None:
    known = landing.outcome(_folder(upload.id))
    if known is None:
        return None
    if "segment" in known:
        return find_segment(known["segment"])
    return Refused(
        room_code=upload.room_code,
        camera=upload.camera,
        name=upload.name,
        code=known["refused"],
        reason=known["reason"],
        kept_at="",
        at=clock.now(),
    )


def _uploads() -> list[Upload]:
    folders = sorted(_store().glob("[0-9a-f]*"))
    return [upload for folder in folders if (upload := _read(folder.name)) is not None]


def _read(upload_id: str) -> Upload | None:
    if len(upload_id) != 2 * _ID_BYTES or not set(upload_id) <= set("0123456789abcdef"):
        return None
    folder = _folder(upload_id)
    about = landing.about(folder)
    if about is None:
        return None
    return Upload(
        id=upload_id,
        sitting_id=about["sitting_id"],
        room_code=about["room_code"],
        camera=about["camera"],
        name=about["name"],
        length=about["length"],
        offset=landing.offset(folder),
        start=datetime.fromisoformat(about["start"]) if about["start"] else None,
        by=about["by"],
        expires_at=datetime.fromisoformat(about["expires_at"]).astimezone(UTC),
    )


def check_room_for(needed: int) -> None:
    """Raise NoRoomForUploads when `needed` bytes would eat into what the exam day keeps."""
    disk = shutil.disk_usage(settings.current().home)
    check_disk(free=disk.free, total=disk.total, needed=needed)


def _store() -> Path:
    return settings.current().home / "uploads"


def _folder(upload_id: str) -> Path:
    return _store() / upload_id
