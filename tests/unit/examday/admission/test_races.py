"""Many kiosks at once: one admission each, whatever the interleaving."""

import random
import threading
from datetime import datetime

from examday.admission import service as admission
from examday.admission.rules import Record, Trust, ledger, merge, stand
from examday.admission.service import CaseKind, Presence
from examday.db import db
from examday.wire import Act, Verdict
from tests.factories.admission import Device, make_door


def test_threads_of_kiosks_racing_for_the_same_tickets_admit_each_once(app, clock):
    clock.move_to(datetime(2026, 10, 19, 9, 0))
    day = make_door(6)
    clock.move_to(datetime(2026, 10, 20, 8, 40))
    kiosks = [Device.enrol() for _ in range(5)]
    start, failures = threading.Barrier(len(kiosks)), []

    def race(kiosk):
        try:
            with app.app_context():
                start.wait()
                for ticket in day.tickets:
                    kiosk.check_in(ticket.number)
                db.session.remove()
        except Exception as error:  # noqa: BLE001 (told by the main thread)
            failures.append(error)

    threads = [threading.Thread(target=race, args=(kiosk,)) for kiosk in kiosks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.rollback()

    assert not failures
    assert len(admission.check_ins(day.theory.id)) == len(day.tickets)
    said = admission.list_scans(limit=1000)
    taps = [scan for scan in said if scan.act == "identified"]
    first = [tap for tap in taps if tap.verdict is not Verdict.ALREADY_IN]
    for line in admission.attendance(day.theory.id):
        conflicts = [c for c in admission.list_cases() if c.candidate_id == line.candidate_id]
        wanted = Presence.UNSETTLED if conflicts else Presence.PRESENT
        assert line.state == wanted
        assert {case.kind for case in conflicts} <= {CaseKind.CONFLICT}
    assert len(first) >= len(day.tickets)
    assert len(said) == sum(len(kiosk.chain) for kiosk in kiosks)


def test_ten_thousand_seeded_interleavings_of_the_real_merge_agree():
    """Partitions, repeats and orders drawn at random; the standing is the same for all."""
    rng = random.Random(20261020)
    at = datetime(2026, 10, 20)
    for _ in range(10_000):
        records = []
        for n in range(rng.randint(1, 4)):
            scan = Record(f"s{n}", f"k{n}", Act.SCANNED, "", at, rng.choice(list(Verdict)))
            tap = Record(f"t{n}", f"k{n}", rng.choice([Act.IDENTIFIED, Act.HELD]), f"s{n}", at,
                         scan.verdict, rng.choice(list(Trust)), rng.random() < 0.2)  # fmt: skip
            records += [scan, tap]
            if rng.random() < 0.3:
                records.append(Record(f"u{n}", f"k{n}", Act.UNDONE, f"t{n}", at, scan.verdict))
        expected = stand(ledger(records))

        parts = [[] for _ in range(rng.randint(1, 3))]
        for record in records:
            for part in rng.sample(parts, rng.randint(1, len(parts))):
                part.append(record)
        rng.shuffle(parts)
        united = {}
        for part in parts:
            rng.shuffle(part)
            united = merge(united, ledger(part))

        assert stand(united) == expected
        assert set(united) == {record.event_id for record in records}
