"""
The door roster: all that one kiosk needs to judge tickets with the line down, signed.

The minimum of personal data (a name, the last four characters of the ID number, a seat) and
keyed digests of the tokens: whoever steals it can make no ticket.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from examday.wire import fields as read
from examday.wire.canonical import Malformed
from examday.wire.signed import Sign, open_message, sign_message
from examday.wire.verdict import Doors, Place

KIND = "door-roster"


@dataclass(frozen=True, slots=True)
class DoorLine:
    """
    One candidate: ticket number, token digest ("" when revoked), who, where.

    `already_in` names the sittings they are in; `revoked` are digests that no longer open;
    `photo` is the SHA-256 of their small photo, by which the kiosk asks for it, "" for none.
    """

    ticket_no: str
    digest: str
    name: str
    id_tail: str
    places: tuple[Place, ...]
    already_in: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    photo: str = ""

    def body(self) -> dict[str, Any]:
        """Give the line as JSON values."""
        return {
            "ticket_no": self.ticket_no,
            "digest": self.digest,
            "name": self.name,
            "id_tail": self.id_tail,
            "places": [[place.sitting, place.room, place.seat] for place in self.places],
            "already_in": list(self.already_in),
            "revoked": list(self.revoked),
            "photo": self.photo,
        }

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Self:
        """Read a line strictly."""
        names = ("ticket_no", "digest", "name", "id_tail", "places", "already_in", "revoked")
        read.exactly(body, (*names, "photo"))
        return cls(
            ticket_no=read.text(body["ticket_no"], limit=29),
            digest=read.hexadecimal(body["digest"], size=16),
            name=read.text(body["name"]),
            id_tail=read.text(body["id_tail"], limit=4),
            places=tuple(_place(place) for place in read.sequence(body["places"])),
            already_in=tuple(
                read.text(sitting, limit=60) for sitting in read.sequence(body["already_in"])
            ),
            revoked=tuple(
                read.hexadecimal(digest, size=16) for digest in read.sequence(body["revoked"])
            ),
            photo=read.hexadecimal(body["photo"], size=32),
        )


@dataclass(frozen=True, slots=True)
class DoorRoster:
    """What one kiosk gets: for whom, when it was made, the key of the digests, doors, lines."""

    kiosk: str
    room: str
    issued_at: datetime
    site: str
    hotline: str
    key: bytes
    doors: tuple[Doors, ...]
    lines: tuple[DoorLine, ...]

    def sign(self, sign: Sign) -> bytes:
        """Give the message that travels, signed by the server."""
        body = {
            "kiosk": self.kiosk,
            "room": self.room,
            "issued_at": read.write_time(self.issued_at),
            "site": self.site,
            "hotline": self.hotline,
            "key": self.key.hex(),
            "doors": [_door_body(door) for door in self.doors],
            "lines": [line.body() for line in self.lines],
        }
        return sign_message(KIND, body, sign)

    @classmethod
    def open(cls, message: bytes, server_key: bytes) -> Self:
        """Read a roster that this server signed; raises Malformed for anything else."""
        body = open_message(KIND, message, server_key)
        names = ("kiosk", "room", "issued_at", "site", "hotline", "key", "doors", "lines")
        read.exactly(body, names)
        return cls(
            kiosk=read.text(body["kiosk"], limit=40),
            room=read.text(body["room"], limit=40),
            issued_at=read.read_time(body["issued_at"]),
            site=read.text(body["site"]),
            hotline=read.text(body["hotline"]),
            key=bytes.fromhex(read.hexadecimal(body["key"], size=32)),
            doors=tuple(_door(read.table(door)) for door in read.sequence(body["doors"])),
            lines=tuple(DoorLine.parse(read.table(line)) for line in read.sequence(body["lines"])),
        )


def _door_body(door: Doors) -> dict[str, Any]:
    return {
        "sitting": door.sitting,
        "title": door.title,
        "opens_at": read.write_time(door.opens_at),
        "starts_at": read.write_time(door.starts_at),
        "ends_at": read.write_time(door.ends_at),
        "late_limit_minutes": door.late_limit_minutes,
    }


def _door(body: dict[str, Any]) -> Doors:
    names = ("sitting", "title", "opens_at", "starts_at", "ends_at", "late_limit_minutes")
    read.exactly(body, names)
    return Doors(
        sitting=read.text(body["sitting"], limit=60),
        title=read.text(body["title"]),
        opens_at=read.read_time(body["opens_at"]),
        starts_at=read.read_time(body["starts_at"]),
        ends_at=read.read_time(body["ends_at"]),
        late_limit_minutes=read.whole(body["late_limit_minutes"]),
    )


def _place(value: object) -> Place:
    match value:
        case [str(sitting), str(room), int(seat)]:
            return Place(sitting, room, read.whole(seat))
        case _:
            raise Malformed("not a place")
