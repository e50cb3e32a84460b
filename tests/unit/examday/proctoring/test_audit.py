"""The tamper sweep of this room's tables: each column of each row is held to the trace."""

import io
from datetime import datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text

from examday.clock import SITE_ZONE
from examday.db import db
from examday.planning import service as planning
from examday.proctoring import models
from examday.proctoring import service as proctoring
from examday.proctoring.service import MeasureKind, Signature
from examday.staff import service as staff
from examday.staff.service import Role
from examday.trace import service as trace
from tests.factories.proctoring import PROCTOR, make_watched, scan
from tests.factories.staff import make_account

PASSPHRASE = "Signing-9-of-the-supervisor"
# A beacon row only says what was shown when; the verifier judges beacons by the heads themselves.
# The reason of a refusal follows from its code. A number is nobody's fact.
NOT_EVIDENCE = {("proctoring_beacons", None), ("proctoring_arrivals", "reason"), (None, "id")}


@pytest.fixture
def day(app, clock):
    """Every kind of record, once or twice, made by its verb."""
    watched = make_watched()
    picture = io.BytesIO()
    Image.new("L", (8, 8)).save(picture, "PNG")
    still, who = picture.getvalue(), watched.supervisor
    about = {"identity": "66:77", "model": "B", "reason": "换机", "by": PROCTOR}
    proctoring.change_camera("R1-C1", reference=still, **about)
    proctoring.waive_cameras(watched.sitting.id, "R2", reason="防爆", approver=who.id, by=PROCTOR)
    clock.move_to(watched.ends_at + timedelta(minutes=5))
    for kind, photo in ((MeasureKind.PHOTO, still), (MeasureKind.PATROL, b"")):
        people = (watched.proctors[2].id, watched.proctors[3].id)
        proctoring.record_measure(
            watched.sitting.id, "R2", kind=kind, people=people, note="正常", photo=photo, by=PROCTOR
        )
    for seat, kind in (("7", "device"), ("8", "copying")):
        incident = proctoring.record_incident(
            watched.sitting.id,
            "R1",
            kind=kind,
            fact="使用手机",
            handling="收缴",
            seat=seat,
            candidate_id=planning.list_candidates(watched.batch_id)[0].id,
            camera="R1-C1",
            signature=Signature.REFUSED,
            witnesses=("张三", "李四"),
            by=PROCTOR,
        )
    proctoring.decide_incident(incident.id, upheld=True, finding="属实", by=who.actor)
    watched.record(0)
    (segment,) = scan().taken
    watched.record(0).rename(proctoring.inbox_folder("R1", "R1-C1") / "other.mp4")
    path = proctoring.inbox_folder("R1", "R1-C1") / "other.mp4"
    path.write_bytes(b"no film")
    assert scan().refused
    proctoring.check_fixity(segment.id, by=PROCTOR)
    gap = {"reason": "换卡", "approver": who.id, "by": PROCTOR}
    (missing,) = proctoring.missing_spans(watched.sitting.id, "R1-C1")
    proctoring.declare_gap(watched.sitting.id, "R1", "R1-C1", missing.start, missing.end, **gap)
    trace.publish()
    reviewer = make_account(Role.SUPERVISOR)
    staff.issue_certificate(reviewer.id, PASSPHRASE, by=reviewer.actor)
    (spot,) = proctoring.plan_playback(watched.sitting.id, by=reviewer.actor)
    proctoring.sign_playback(
        spot.id, is_clean=False, finding="有人离座", account_id=reviewer.id, passphrase=PASSPHRASE
    )
    clock.move_to(watched.sitting.ends_at + timedelta(minutes=5))
    proctoring.close_room(watched.sitting.id, "R1", checks=["cleared"], by=PROCTOR)
    return watched


def changed(value):
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(seconds=5)
    if isinstance(value, dict):
        return value | {"container": "other"}
    if isinstance(value, list):
        return [*value, value[0]] if value else [7]
    return datetime(2026, 10, 20, tzinfo=SITE_ZONE) if value is None else value + "x"


def test_each_column_of_each_row_is_held_to_the_trace(day):
    assert proctoring.check_records() == []
    tables = [one for one in vars(models).values() if hasattr(one, "__tablename__")]
    seen, missed = 0, []
    for model in tables:
        rows = [row.id for row in db.session.scalars(select(model))] if hasattr(model, "id") else []
        assert rows or model is models.BeaconRow, f"no row of {model.__tablename__} to change"
        for number in rows:
            for column in [one.key for one in model.__table__.columns]:
                if (model.__tablename__, column) in NOT_EVIDENCE or column == "id":
                    continue
                db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
                row = db.session.get_one(model, number)
                setattr(row, column, changed(getattr(row, column)))
                db.session.flush()
                db.session.expire_all()
                seen += 1
                if not proctoring.check_records():
                    missed.append((model.__tablename__, number, column))
                db.session.rollback()
    assert missed == []
    assert seen > 120


def test_a_row_taken_away_or_put_in_is_found(day):
    for sql in (
        "DELETE FROM proctoring_gaps",
        "DELETE FROM proctoring_incidents WHERE id = 1",
        "DELETE FROM proctoring_playbacks",
        "UPDATE proctoring_cameras SET code = 'R1-C9'",
        "INSERT INTO proctoring_waivers VALUES (99, 1, 'R1', 'x', 'staff:a', 'staff:b')",
    ):
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        db.session.execute(text(sql))
        assert proctoring.check_records(), sql
        db.session.rollback()
    assert proctoring.check_records() == []
