"""Thousands of tickets raced for by twenty kiosks: one admission each, and whoever lost is told."""

import random
import threading
import time
from datetime import datetime

import pytest
from sqlalchemy import insert, select, text

from examday.admission import service as admission
from examday.admission.models import SeatRow, TicketRow
from examday.admission.service import secrets as keys
from examday.db import db, unit_of_work
from examday.wire import Act, Verdict, check_digit, token_proof
from tests.factories.admission import Device, make_door

KIOSKS = 20
BATCH = 20


def many_tickets(day, count: int) -> dict[str, bytes]:
    """Seat so many candidates straight in the tables; gives each ticket's secret by number."""
    from examday.planning.models import CandidateRow

    table = CandidateRow.__table__
    with unit_of_work() as work:
        pattern = dict(work.execute(select(table).limit(1)).mappings().one())
        unique = {
            column.name
            for index in (*table.indexes, *table.constraints)
            for column in getattr(index, "columns", ())
            if column.name not in ("id", "batch_id")
        }
        people, tickets, seats, secrets = [], [], [], {}
        for n in range(count):
            digits = f"9{n:011d}"
            number = digits + check_digit(digits)
            person = dict(pattern) | {"id": 100_000 + n, "serial": 1000 + n}
            for name in unique - {"serial"}:
                if isinstance(person[name], str):
                    person[name] = f"{n:064x}"[: len(person[name]) or 1] if person[name] else ""
            people.append(person)
            secrets[number] = keys.token(number, issue_no=1).secret
            tickets.append(
                {"batch_id": day.batch.id, "candidate_id": person["id"], "number": number,
                 "issue_no": 1, "state": "valid", "token_digest": keys.digest(number, issue_no=1),
                 "issued_at": datetime.fromisoformat("2026-10-19T00:00:00+00:00"),
                 "revoked_reason": ""}
            )  # fmt: skip
            seats.append(
                {"sitting_id": day.theory.id, "room_code": "R1", "seat_no": 1000 + n,
                 "candidate_id": person["id"], "ticket_no": number, "paper_form": "A"}
            )  # fmt: skip
        for model, rows in ((table, people), (TicketRow, tickets), (SeatRow, seats)):
            work.execute(insert(model), rows)
    return secrets


class Racer(threading.Thread):
    """One kiosk that scans every ticket, in an order of its own, and taps those let in."""

    def __init__(self, app, device: Device, secrets: dict[str, bytes], start) -> None:
        super().__init__(daemon=True)
        self.app, self.device, self.secrets, self.gate = app, device, secrets, start
        self.won, self.lost, self.told = 0, 0, 0
        self.failure: Exception | None = None

    def run(self) -> None:
        """Race."""
        try:
            with self.app.app_context():
                self.gate.wait()
                self._race()
                db.session.remove()
        except Exception as error:  # noqa: BLE001 (told by the main thread)
            self.failure = error

    def _race(self) -> None:
        numbers = random.Random(self.device.id).sample(list(self.secrets), len(self.secrets))
        for start in range(0, len(numbers), BATCH):
            scans = [self._scan(number) for number in numbers[start : start + BATCH]]
            taps = []
            for scan, answer in zip(scans, self.device.send(*scans), strict=True):
                if answer.verdict.lets_in:
                    tap = self.device.say(Act.IDENTIFIED, scan.ticket_no, about=scan.event_id)
                    taps.append(tap)
                else:
                    assert answer.verdict is Verdict.ALREADY_IN
                    self.lost += 1
                    self.told += bool(answer.earlier_kiosk and answer.earlier_at)
            for answer in self.device.send(*taps) if taps else ():
                self.won += answer.verdict is not Verdict.ALREADY_IN

    def _scan(self, number: str):
        nonce = random.randbytes(16).hex()
        proof = token_proof(self.secrets[number], nonce=nonce)
        return self.device.say(Act.SCANNED, number, nonce=nonce, proof=proof)


@pytest.mark.parametrize("tickets", [60, pytest.param(10_000, marks=pytest.mark.slow)])
def test_twenty_kiosks_race_for_every_ticket(app, clock, tickets):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(4)
    secrets = many_tickets(day, tickets)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    start = threading.Barrier(KIOSKS)
    racers = [Racer(app, Device.enrol(), secrets, start) for _ in range(KIOSKS)]
    since = time.monotonic()
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(timeout=3000)
        assert racer.failure is None, racer.failure
    took = time.monotonic() - since
    db.session.rollback()

    rows = db.session.execute(
        text("SELECT count(*), count(DISTINCT candidate_id) FROM admission_check_ins"
             " WHERE active_event != ''")
    ).one()  # fmt: skip
    admitted = {scan.candidate_id for scan in admission.check_ins(day.theory.id)}
    conflicts = {
        case.candidate_id for case in admission.list_cases() if case.kind.value == "conflict"
    }
    doubled = set(
        db.session.scalars(
            text("SELECT candidate_id FROM admission_events WHERE act = 'identified'"
                 " GROUP BY candidate_id HAVING count(*) > 1")
        )
    )  # fmt: skip
    lost, told = sum(r.lost for r in racers), sum(r.told for r in racers)
    events = sum(len(racer.device.chain) for racer in racers)
    print(
        f"\n{tickets} tickets x {KIOSKS} kiosks: {rows[1]} admitted once each, {len(conflicts)} "
        f"conflict cases, {lost} refused and told where; {events} events in {took:.1f} s"
    )
    assert tuple(rows) == (tickets, tickets)
    assert len(admitted) == tickets
    assert conflicts == doubled, "every second tap is a case, and nothing else is"
    assert lost == told
    assert lost + sum(racer.won for racer in racers) <= tickets * KIOSKS
