"""Dates by the clauses' own vectors; seats and people by the ratios."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from examday.planning.rules import Duty, ExamRoom, Post, Sitting, dates
from examday.planning.rules.staffing import Weight, needs, overlap, spread
from examday.policy import Subject, load_policies
from examday.settings import config_folder
from examday.workdays import Calendar

CALENDAR = Calendar.load(config_folder() / "calendar")
HEBEI = load_policies(config_folder() / "policy")["hebei-2021"]


def iso(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("exam", "latest"), [("2025-10-13", "2025-09-29"), ("2026-02-25", "2026-02-11")]
)
def test_the_last_filing_day(exam, latest):
    assert dates.filing_latest(iso(exam), HEBEI, CALENDAR) == iso(latest)


@pytest.mark.parametrize(
    ("posted", "end"), [("2025-09-29", "2025-10-13"), ("2026-02-13", "2026-02-27")]
)
def test_the_last_day_of_publicity(posted, end):
    assert dates.publicity_end(iso(posted), HEBEI, CALENDAR) == iso(end)


@pytest.mark.parametrize(
    ("exam_end", "literal", "safe"),
    [("2025-09-27", "2025-10-13", "2025-09-29"), ("2026-02-13", "2026-03-02", "2026-02-24")],
)
def test_both_readings_of_the_seven_days(exam_end, literal, safe):
    assert dates.publish_latest(iso(exam_end), HEBEI, CALENDAR) == iso(literal)
    assert dates.publish_safe(iso(exam_end), HEBEI, CALENDAR) == iso(safe)


def test_the_safe_start_ends_within_the_seven_days():
    for day in (date(2025, month, 14) for month in range(1, 13)):
        safe = dates.publish_safe(day, HEBEI, CALENDAR)
        literal = dates.publish_latest(day, HEBEI, CALENDAR)
        assert dates.publicity_end(safe, HEBEI, CALENDAR) == literal


def test_a_retention_from_a_leap_day_ends_with_february():
    assert dates.keep_until(iso("2028-02-29"), 3) == iso("2031-02-28")
    assert dates.keep_until(iso("2028-02-29"), 4) == iso("2032-02-29")


def room(code, capacity):
    return ExamRoom(id=0, code=code, name=code, capacity=capacity)


def test_candidates_spread_over_rooms_by_capacity():
    assert spread(60, [room("R1", 30), room("R2", 30)]) == {"R1": 30, "R2": 30}
    assert spread(45, [room("R1", 30), room("R2", 15)]) == {"R1": 30, "R2": 15}
    assert spread(7, [room("R1", 30), room("R2", 30)]) == {"R1": 4, "R2": 3}
    assert spread(0, [room("R1", 30)]) == {"R1": 0}


START = datetime(2026, 10, 20, 1, tzinfo=UTC)
SITTING = Sitting(1, 1, "S", Subject.THEORY, START, 90, ("R1",))
PRACTICAL = replace(SITTING, subject=Subject.PRACTICAL)


def post(duty, code="R1"):
    return Post(0, 1, code, 0, "x", "x", "", duty)


SUPERVISOR = post(Duty.QUALITY_SUPERVISOR, "")


def test_spans_that_only_touch_do_not_overlap():
    assert not overlap(SITTING, SITTING.ends_at, 90)
    assert overlap(SITTING, START, 1)


@pytest.mark.parametrize(
    ("candidates", "proctors", "needed"),
    [(10, 1, 2), (30, 2, None), (31, 2, 3), (45, 3, None), (46, 3, 4), (0, 0, 2)],
)
def test_proctors_are_two_and_one_per_fifteen(candidates, proctors, needed):
    posts = [post(Duty.PROCTOR)] * proctors + [SUPERVISOR]

    found = needs(SITTING, posts, filled={"R1": candidates}, policy=HEBEI)

    assert [need.facts["needed"] for need in found] == ([needed] if needed else [])


@pytest.mark.parametrize(
    ("examiners", "leaders", "stops"),
    [(2, 1, 0), (1, 1, 2), (3, 1, 1), (2, 0, 3), (1, 2, 1), (4, 1, 0), (0, 0, 3)],
)
def test_examiners_are_three_and_odd_with_one_leader(examiners, leaders, stops):
    posts = [post(Duty.EXAMINER, "")] * examiners + [post(Duty.EXAMINER_LEADER)] * leaders

    found = needs(PRACTICAL, [*posts, SUPERVISOR], filled={"R1": 10}, policy=HEBEI)

    assert sum(need.weight is Weight.STOPS for need in found) == stops


def test_the_ratio_of_examiners_is_pointed_out():
    posts = [post(Duty.EXAMINER), post(Duty.EXAMINER), post(Duty.EXAMINER_LEADER), SUPERVISOR]

    assert needs(PRACTICAL, posts, filled={"R1": 15}, policy=HEBEI) == ()
    [warned] = needs(PRACTICAL, posts, filled={"R1": 16}, policy=HEBEI)

    assert (warned.weight, warned.facts) == (Weight.WARNS, {"at_once": 15})


def test_a_sitting_without_an_internal_supervisor_is_short():
    posts = [post(Duty.PROCTOR)] * 2

    [need] = needs(SITTING, posts, filled={"R1": 5}, policy=HEBEI)

    assert "HS-13" in need.clause
