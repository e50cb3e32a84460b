"""How much a check-in asks of the database: a number that creeps up costs the morning."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import event

from examday.admission.service import secrets
from examday.db import db
from examday.settings import current
from examday.signing import Ed25519Key
from examday.wire import Act
from tests.factories.admission import Device, make_door

# As it stands, BEGIN among them; whoever needs one more weighs it against 300 people at a door.
MOST_STATEMENTS = 17
MOST_FOR_ONE_MORE_EVENT = 9


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_check_in_asks_little_of_the_database(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(4)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    kiosk = Device.enrol()
    scan = kiosk.say(Act.SCANNED, day.tickets[0].number)
    db.session.rollback()
    with statements() as for_scan:
        kiosk.send(scan)
    tap = kiosk.say(Act.IDENTIFIED, day.tickets[0].number, about=scan.event_id)
    with statements() as for_tap:
        kiosk.send(tap)
    assert len(for_scan) <= MOST_STATEMENTS, "\n".join(for_scan)
    assert len(for_tap) <= MOST_STATEMENTS, "\n".join(for_tap)
    events = [kiosk.say(Act.SCANNED, ticket.number) for ticket in day.tickets[1:]]
    with statements() as for_more:
        kiosk.send(*events)
    more = (len(for_more) - len(for_scan)) / (len(events) - 1)
    assert more <= MOST_FOR_ONE_MORE_EVENT, "\n".join(for_more)


def test_another_key_file_is_another_voice(app):
    before = secrets.server_key().public_bytes
    assert secrets.server_key().public_bytes == before
    path = current().keys / "door-server.key"
    path.unlink()
    put_back = Ed25519Key.load_or_create(path)
    assert secrets.server_key().public_bytes == put_back.public_bytes != before
