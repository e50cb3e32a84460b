"""
The kiosk's commands.

Exit status: 0 done, 1 findings (an image without a code, a queue not empty), 2 unusable input.
"""

import argparse
import getpass
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from examday.wire import Means
from kiosk import app, keys, settings
from kiosk.camera import Camera, Device, Folder, Live, Pictures, pictures_of, read_picture
from kiosk.client import enrol as enrol_at
from kiosk.client import transport_of
from kiosk.door import Door
from kiosk.errors import AlreadyEnrolled, KioskError, ShortPin, WrongPin
from kiosk.i18n import gettext as _
from kiosk.keys import Keys
from kiosk.outbox import State
from kiosk.picture import Picture
from kiosk.scanner import read, scans

_DONE, _FINDINGS, _UNUSABLE = 0, 1, 2
# The page that asked for the PIN is answered before it goes away.
_SAY_SO_SECONDS = 0.3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
    except KioskError as error:
        print(error, file=sys.stderr)
        return _UNUSABLE
    except KeyboardInterrupt:
        return _DONE
    return status


def decode(parsed: argparse.Namespace) -> int:
    """Read the codes of image files; one JSON line each."""
    status = _DONE
    for path in parsed.images:
        try:
            reading = read(read_picture(path), slowly=True)
        except KioskError as error:
            print(error, file=sys.stderr)
            return _UNUSABLE
        if not reading.text:
            status = _FINDINGS
        milliseconds = round(reading.milliseconds, 2)
        if parsed.json:
            line = {"file": str(path), "text": reading.text, "milliseconds": milliseconds}
            print(json.dumps(line, ensure_ascii=False))
        else:
            print(f"{path}\t{reading.text or '-'}\t{milliseconds} ms")
    return status


def enrol(parsed: argparse.Namespace) -> int:
    """Enrol this kiosk with a one-time code and fetch its first roster."""
    home: Path = parsed.home
    if settings.is_enrolled(home):
        raise AlreadyEnrolled(kiosk=settings.load(home).kiosk)
    pin = _new_pin(parsed)
    made = Keys.make(transport_of(parsed.code))
    # Written before the server hears of them, in the clear never where there is a PIN.
    keys.keep(home, made, pin=pin, code=parsed.code)
    kiosk, server_key = enrol_at(parsed.server, parsed.code, made.signer)
    settings.save(home, settings.Enrolled(kiosk, parsed.server, server_key.hex()))
    if not pin:
        print(_("No PIN: the keys lie open on this machine. Set one: kiosk lock"), file=sys.stderr)
    with app.open_door(home, opened=made) as door:
        has_roster = door.line.sync() and door.line.roster is not None
    print(json.dumps({"kiosk": kiosk, "roster": has_roster}))
    return _DONE if has_roster else _FINDINGS


def lock(parsed: argparse.Namespace) -> int:
    """Put the keys of this kiosk behind a PIN, or behind another one when it was forgotten."""
    opened = keys.unlock(parsed.home, parsed.code)
    if opened.transport != transport_of(parsed.code):
        raise WrongPin
    pin = _new_pin(parsed)
    if not pin:
        raise ShortPin(shortest=keys.SHORTEST_PIN)
    keys.keep(parsed.home, opened, pin=pin, code=parsed.code)
    return _DONE


def run(parsed: argparse.Namespace) -> int:
    """Keep a door: camera, line and the examiner's page; with --once, feed a folder and end."""
    opened = _opened(parsed, may_ask_on_page=not parsed.once)
    with app.open_door(parsed.home, server=parsed.server, opened=opened) as door:
        if parsed.once:
            return _feed(door, pictures_of(parsed.feed), confirm=parsed.confirm)
        camera: Camera | None = Folder(parsed.feed) if parsed.feed else None
        live: Live | None = None
        if camera is None and parsed.camera >= 0:
            live = Live()
            camera = Device(parsed.camera, live)
        with app.keeping_up(door), app.serving_screen(door, port=parsed.port, live=live) as address:
            print(_("Open %(address)s on this machine.") % {"address": address}, flush=True)
            return _watch(door, camera)


def scan(parsed: argparse.Namespace) -> int:
    """Feed picture files through the same path as a camera's frames; one JSON line each."""
    opened = _opened(parsed)
    with app.open_door(parsed.home, server=parsed.server, opened=opened) as door:
        return _feed(door, parsed.images, confirm=parsed.confirm)


def sync(parsed: argparse.Namespace) -> int:
    """Send what waits in the outbox."""
    opened = _opened(parsed)
    with app.open_door(parsed.home, server=parsed.server, opened=opened) as door:
        is_empty = door.line.sync()
        print(json.dumps(_queue(door)))
    return _DONE if is_empty else _FINDINGS


def resend(parsed: argparse.Namespace) -> int:
    """Tell the server the whole day again: what it has it answers alike, what it lost it gets."""
    opened = _opened(parsed)
    with app.open_door(parsed.home, server=parsed.server, opened=opened) as door:
        door.outbox.wait_again()
        is_empty = door.line.sync()
        print(json.dumps(_queue(door) | {"events": door.outbox.total()}))
    return _DONE if is_empty else _FINDINGS


def _opened(parsed: argparse.Namespace, *, may_ask_on_page: bool = False) -> Keys:
    """Open the keys: by the PIN of a file, of a terminal, or of the page; raises Locked."""
    home: Path = parsed.home
    if parsed.pin_file:
        return keys.unlock(home, parsed.pin_file.read_text("utf-8").strip())
    if not keys.is_locked(home):
        return keys.unlock(home)
    if not may_ask_on_page:
        return keys.unlock(home, _ask(_("PIN: ")))
    with app.serving_unlock(home, port=parsed.port) as (address, lock):
        print(_("Unlock at %(address)s on this machine.") % {"address": address}, flush=True)
        opened = lock.wait()
        time.sleep(_SAY_SO_SECONDS)
    return opened


def _new_pin(parsed: argparse.Namespace) -> str:
    """Read a new PIN from its file or, twice alike, from the terminal; empty means none."""
    if parsed.pin_file:
        pin: str = parsed.pin_file.read_text("utf-8").strip()
        return pin
    pin = _ask(_("New PIN of this kiosk (empty: none): "))
    if pin != (_ask(_("The same again: ")) if pin else ""):
        raise WrongPin
    return pin


def _ask(prompt: str) -> str:
    return getpass.getpass(prompt).strip() if sys.stdin.isatty() else ""


def _feed(door: Door, paths: Iterable[Path], *, confirm: bool) -> int:
    """Scan pictures one by one; `confirm` stands in for the examiner's tap 本人."""
    door.line.sync()
    for path in paths:
        seen = False
        for text in scans(Pictures([path])):
            seen = True
            picture = _scanned(door, text)
            answer = _told(path, picture)
            if confirm and picture.open_id:
                after = door.identify(picture.open_id, is_holder=True)
                answer["after"] = after.words.word
            print(json.dumps(answer | _queue(door), ensure_ascii=False), flush=True)
        if not seen:
            print(json.dumps({"file": str(path), "verdict": "", "text": ""}), flush=True)
    door.line.sync()
    return _DONE if not door.outbox.count(State.WAITING) else _FINDINGS


def _scanned(door: Door, text: str) -> Picture:
    return door.scan(text, Means.CAMERA)


def _told(path: Path, picture: Picture) -> dict[str, Any]:
    return {
        "file": str(path),
        "verdict": picture.verdict,
        "word": _(picture.words.word),
        "ticket_no": picture.ticket_no,
        "room": picture.room,
        "seat": picture.seat,
    }


def _queue(door: Door) -> dict[str, Any]:
    return {
        "line": "up" if door.line.is_up else "down",
        "waiting": door.outbox.count(State.WAITING),
        "dead": door.outbox.count(State.DEAD),
        "quarantined": door.outbox.count(State.QUARANTINED),
    }


def _watch(door: Door, camera: Camera | None) -> int:
    watcher = app.Watcher(door, camera) if camera else None
    if watcher:
        watcher.start()
    # The page goes on without a camera: numbers can be typed, and a scanner may be plugged in.
    told = ""
    while True:
        failure = str(watcher.failure) if watcher and watcher.failure else ""
        if failure != told:
            print(failure, file=sys.stderr, flush=True)
            told = failure
        time.sleep(0.5)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description=_("The check-in at a door."))
    commands = parser.add_subparsers(required=True)

    command = commands.add_parser("run", help=_("keep a door"))
    _at_home(command)
    command.add_argument("--feed", type=Path, metavar="FOLDER", help=_("pictures, not a camera"))
    command.add_argument("--once", action="store_true", help=_("show the pictures once, then end"))
    command.add_argument("--confirm", action="store_true", help=_("tap for the examiner"))
    command.add_argument("--camera", type=int, default=0, help=_("number of the camera; -1: none"))
    command.add_argument("--port", type=int, default=8091)
    command.set_defaults(run=run)

    command = commands.add_parser("enrol", help=_("enrol with a one-time code"))
    command.add_argument("--home", type=Path, default=_home())
    command.add_argument("--server", required=True, metavar="URL")
    command.add_argument("--code", required=True)
    _with_pin(command)
    command.set_defaults(run=enrol)

    command = commands.add_parser("lock", help=_("put this kiosk behind a PIN, or a new one"))
    command.add_argument("--home", type=Path, default=_home())
    command.add_argument("--code", required=True, help=_("the code it was enrolled with"))
    _with_pin(command)
    command.set_defaults(run=lock)

    command = commands.add_parser("scan", help=_("feed pictures as a camera would"))
    _at_home(command)
    command.add_argument("--confirm", action="store_true", help=_("tap for the examiner"))
    command.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    command.set_defaults(run=scan)

    command = commands.add_parser("sync", help=_("send what waits"))
    _at_home(command)
    command.set_defaults(run=sync)

    command = commands.add_parser("resend", help=_("send everything again, to rebuild a server"))
    _at_home(command)
    command.add_argument("--all", action="store_true", required=True)
    command.set_defaults(run=resend)

    command = commands.add_parser("decode", help=_("read the codes of pictures"))
    command.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    command.add_argument("--json", action="store_true", help=_("JSON lines"))
    command.set_defaults(run=decode)
    return parser


def _at_home(command: argparse.ArgumentParser) -> None:
    command.add_argument("--home", type=Path, default=_home())
    command.add_argument("--server", default="", metavar="URL", help=_("another address"))
    _with_pin(command)


def _with_pin(command: argparse.ArgumentParser) -> None:
    command.add_argument("--pin-file", type=Path, metavar="FILE", help=_("a file with the PIN"))


def _home() -> Path:
    return Path.home() / ".examday-kiosk"
