"""A batch goes its legal way; each step out of order is refused with its clause."""

from datetime import date, timedelta

import pytest

from examday import clock
from examday.errors import NotFound
from examday.planning import service as planning
from examday.planning.rules import refusals
from examday.planning.service import BatchState, Duty, Level, ScopeLine, Subject
from examday.staff import service as staff
from examday.staff.service import Relation, Role
from examday.trace import service as trace
from tests.factories.planning import (
    EXAM_DAY,
    OFFICE,
    SECOND,
    arrange,
    import_people,
    make_batch,
    make_body,
    open_batch,
)
from tests.factories.staff import make_account

FILING_CLAUSE = "冀职鉴字〔2021〕7号 流程五 HE-09"


def latest_action() -> str:
    return trace.list_entries(limit=1).entries[0].action


def test_a_batch_goes_from_draft_to_closed_and_every_step_is_traced(app):
    batch = make_batch(6, until="held")

    closed = planning.close_batch(batch.id, by=OFFICE)

    assert closed.state is BatchState.CLOSED
    actions = [entry.action for entry in trace.list_entries(action="planning:", limit=99).entries]
    assert actions[-1] == "planning:body:registered"
    assert actions[:3] == [
        "planning:batch:changed",
        "planning:day:closed",
        "planning:day:opened",
    ]
    [opened] = trace.list_entries(action="planning:day:opened").entries
    assert opened.facts["sittings"] == [f"{batch.code}-T", f"{batch.code}-P"]
    assert "override" not in opened.facts


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        ("draft", refusals.RosterMissing),
        ("rostered", refusals.CheckMissing),
        ("checked", refusals.ApprovalMissing),
        ("approved", refusals.FilingMissing),
        ("filed", refusals.ReviewMissing),
    ],
)
def test_the_day_does_not_open_before_its_steps(app, until, refusal):
    batch = make_batch(6, until=until)

    with pytest.raises(refusal) as refused:
        planning.open_day(batch.id, by=OFFICE)

    assert planning.find_batch(batch.id).state is BatchState(until)
    if until in {"approved", "filed"}:
        assert FILING_CLAUSE in refused.value.text()


def test_an_override_needs_a_reason_and_a_name_and_is_traced(app):
    batch = make_batch(6, until="filed")
    with pytest.raises(refusals.OverrideIncomplete, match="HE-09"):
        planning.open_day(batch.id, by=OFFICE, override_reason="系统故障")

    record = planning.open_day(
        batch.id, by=OFFICE, override_reason="市中心系统故障", approver="秦主任"
    )

    assert (record.override_reason, record.approver) == ("市中心系统故障", "秦主任")
    [opened] = trace.list_entries(action="planning:day:opened").entries
    assert opened.facts["override"] == {"reason": "市中心系统故障", "approver": "秦主任"}


def test_an_override_never_stands_for_the_bodys_approval(app):
    batch = make_batch(6, until="checked")

    with pytest.raises(refusals.ApprovalMissing):
        planning.open_day(batch.id, by=OFFICE, override_reason="急", approver="秦主任")


def test_a_review_that_was_not_needed_is_no_override(app):
    batch = make_batch(6)

    record = planning.open_day(batch.id, by=OFFICE, override_reason="以防万一", approver="秦主任")

    assert record.approver == ""


def test_the_second_approval_is_another_persons(app):
    batch = make_batch(3, until="checked")

    with pytest.raises(refusals.SamePerson, match="HE-06"):
        planning.approve_roster(batch.id, 2, by=OFFICE)
    planning.approve_roster(batch.id, 2, by=SECOND)

    assert [approval.by for approval in planning.list_approvals(batch.id)] == [OFFICE, SECOND]


@pytest.mark.parametrize(
    ("until", "step", "refusal"),
    [
        ("draft", 1, refusals.RosterMissing),
        ("rostered", 2, refusals.CheckMissing),
        ("rostered", 3, NotFound),
        ("checked", 1, refusals.RosterFixed),
        ("approved", 2, refusals.RosterFixed),
    ],
)
def test_approvals_out_of_order(app, until, step, refusal):
    batch = make_batch(3, until=until)

    with pytest.raises(refusal):
        planning.approve_roster(batch.id, step, by="staff:third")


def test_an_approved_roster_is_no_longer_imported_but_one_may_withdraw(app):
    batch = make_batch(4, until="approved")
    with pytest.raises(refusals.RosterFixed):
        import_people(batch, 1, seed=7)

    planning.withdraw_candidate(planning.list_candidates(batch.id)[1].id, reason="离职", by=OFFICE)

    assert [candidate.serial for candidate in planning.list_candidates(batch.id)] == [1, 3, 4]


def test_nobody_leaves_a_roster_that_was_filed(app):
    batch = make_batch(2, until="filed")
    first = planning.list_candidates(batch.id)[0]

    with pytest.raises(refusals.RosterFixed):
        planning.withdraw_candidate(first.id, reason="离职", by=OFFICE)


def test_filing_after_the_last_day_is_recorded_as_late(app, clock):
    clock.move_to(clock.now() - timedelta(days=8))
    batch = make_batch(3, until="approved")
    latest = {deadline.code: deadline.due_on for deadline in planning.deadlines(batch.id)}

    planning.file_roster(batch.id, sent_on=date(2026, 10, 12), by=OFFICE)

    assert latest["filing_1"] == date(2026, 10, 13)
    [filed] = trace.list_entries(action="planning:roster:filed").entries
    assert (filed.facts["late"], filed.facts["latest"]) == (False, "2026-10-13")


def test_dates_that_lie_ahead_or_run_backwards_are_refused(app):
    batch = make_batch(3, until="approved")
    with pytest.raises(refusals.SentTooEarly):
        planning.file_roster(batch.id, sent_on=date(2026, 10, 21), by=OFFICE)
    planning.file_roster(batch.id, sent_on=date(2026, 10, 19), by=OFFICE)
    [filed] = trace.list_entries(action="planning:roster:filed").entries
    assert filed.facts["late"] is True

    with pytest.raises(refusals.SentTooEarly):
        planning.record_filing_review(batch.id, reviewed_on=date(2026, 10, 18), by=OFFICE)


def test_both_filing_records(app):
    batch = make_batch(3)

    planning.file_with_approver(batch.id, sent_on=EXAM_DAY, by=OFFICE)

    assert [filing.number for filing in planning.list_filings(batch.id)] == [1, 2]
    with pytest.raises(refusals.RosterFixed):
        planning.file_with_approver(batch.id, sent_on=EXAM_DAY, by=OFFICE)
    with pytest.raises(refusals.RosterFixed):
        planning.record_filing_review(batch.id, reviewed_on=EXAM_DAY, by=OFFICE)


@pytest.mark.parametrize(
    ("changed", "refusal", "clause"),
    [
        ({"level": Level.TECHNICIAN}, refusals.OutOfScope, "甘人社通〔2021〕138号 六(三)"),
        ({"trade": "维修电工"}, refusals.OutOfScope, "GS-29"),
        ({"occupation_code": "6-31-01-04"}, refusals.OutOfScope, "GS-29"),
        ({"occupation": "钳工"}, refusals.OutOfScope, "GS-29"),
        ({"occupation": "消防设施操作员"}, refusals.Licensed, "甘人社通〔2021〕138号 一(三)"),
        ({"starts_on": date(2024, 12, 31)}, refusals.BodyExpired, "辽人社〔2020〕22号 四(二)"),
        ({"ends_on": date(2028, 1, 2)}, refusals.BodyExpired, "LN-12"),
        ({"bank_source": "industry"}, refusals.NotOffered, "GS-16"),
    ],
)
def test_a_batch_outside_the_filed_scope_is_a_hard_stop(app, changed, refusal, clause):
    with pytest.raises(refusal) as refused:
        open_batch(**changed)

    assert clause in str(refused.value.params["clause"])
    assert planning.list_batches() == ()


def test_a_scope_line_counts_from_its_own_date(app):
    later = ScopeLine("钳工", "", "6-20-01-01", frozenset({Level.JUNIOR}), date(2026, 10, 21))
    make_body(scope=[later])
    facts = {"occupation": "钳工", "occupation_code": "6-20-01-01", "level": Level.JUNIOR}

    with pytest.raises(refusals.OutOfScope):
        open_batch(**facts)

    assert open_batch(starts_on=date(2026, 10, 21), **facts).occupation == "钳工"


def test_a_body_is_renewed_under_the_same_number_and_never_longer_than_allowed(app):
    first = make_body()
    assert first.valid_to == date(2028, 1, 1)

    renewed = make_body(valid_from=date(2026, 6, 1), name="示范重工（集团）有限公司")

    assert (renewed.id, len(planning.list_bodies())) == (first.id, 1)
    with pytest.raises(refusals.BodyExpired):
        make_body(valid_to=date(2028, 1, 2))


@pytest.mark.parametrize(
    ("today", "warning"),
    [
        (date(2027, 10, 2), None),
        (date(2027, 10, 3), planning.BodyWarning.EXPIRES_SOON),
        (date(2028, 1, 2), planning.BodyWarning.EXPIRED),
    ],
)
def test_a_body_that_runs_out_is_warned_of(app, clock, today, warning):
    make_body()
    clock.move_to(clock.now().replace(year=today.year, month=today.month, day=today.day))

    found = set(planning.list_body_warnings()) & {
        planning.BodyWarning.EXPIRES_SOON,
        planning.BodyWarning.EXPIRED,
    }

    assert found == ({warning} if warning else set())


def test_a_body_without_activity_is_warned_of(app, clock):
    make_body()
    clock.move_to(clock.now().replace(year=2026, month=6, day=30))
    assert planning.list_body_warnings() == ()

    clock.move_to(clock.now().replace(year=2026, month=7, day=1))
    assert planning.list_body_warnings() == (planning.BodyWarning.IDLE,)

    clock.move_to(clock.now().replace(year=2027, month=1, day=1))
    assert planning.list_body_warnings() == (planning.BodyWarning.IDLE_TOO_LONG,)


def test_codes_are_not_given_twice(app):
    open_batch("B-1")
    planning.add_room("R1", "一考场", 30, by=OFFICE)

    with pytest.raises(refusals.DuplicateCode):
        open_batch("B-1")
    with pytest.raises(refusals.DuplicateCode):
        planning.add_room("R1", "另一考场", 30, by=OFFICE)
    with pytest.raises(refusals.RoomTooLarge):
        planning.add_room("R2", "礼堂", 31, by=OFFICE)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"starts_at": clock.at(date(2026, 10, 21), 9)}, refusals.OutsideBatch),
        ({"minutes": 89}, refusals.TooShort),
        ({"room_codes": ["R9"]}, NotFound),
        ({"room_codes": []}, refusals.SittingMissing),
        ({"room_codes": ["W1"]}, refusals.WrongRoom),
        ({"room_codes": ["R1"]}, refusals.NotEnoughSeats),
        ({"code": "taken"}, refusals.DuplicateCode),
        ({"starts_at": clock.at(EXAM_DAY, 14, 29)}, refusals.RoomTaken),
    ],
)
def test_a_sitting_that_cannot_be_held_is_refused(app, changed, refusal):
    batch = make_batch(3, until="rostered")
    planning.add_room("R1", "小考场", 2, by=OFFICE)
    planning.add_room("R2", "大考场", 2, by=OFFICE)
    planning.add_room("W1", "车间", 30, kind="practical", by=OFFICE)
    facts = {
        "code": "T",
        "subject": Subject.THEORY,
        "starts_at": clock.at(EXAM_DAY, 13),
        "minutes": 90,
        "room_codes": ["R1", "R2"],
    }
    planning.arrange_sitting(batch.id, **(facts | {"code": "taken"}), by=OFFICE)

    wanted = facts | {"starts_at": clock.at(EXAM_DAY, 9)} | changed
    with pytest.raises(refusal):
        planning.arrange_sitting(batch.id, **wanted, by=OFFICE)


def test_sittings_one_after_the_other_may_share_a_room(app):
    batch = make_batch(3, until="rostered")
    planning.add_room("R1", "考场", 30, by=OFFICE)
    for number, start in enumerate((clock.at(EXAM_DAY, 9), clock.at(EXAM_DAY, 10, 30))):
        planning.arrange_sitting(
            batch.id, f"T{number}", Subject.THEORY, start, 90, ["R1"], by=OFFICE
        )

    assert len(planning.list_sittings(batch.id)) == 2


CARD = {"card_no": "K9", "card_levels": (4,), "card_valid_to": date(2027, 1, 1)}


def sitting_with(app):
    batch = make_batch(6, until="rostered")
    arrange(batch)
    return batch, planning.list_sittings(batch.id)[0]


@pytest.mark.parametrize(
    ("card", "trained", "relation", "reason"),
    [
        (CARD, False, Relation.NONE, "no training"),
        (CARD, True, None, "no avoidance declaration"),
        (CARD, True, Relation.KINSHIP, "declared relation"),
        ({}, True, Relation.NONE, "no examiner's card"),
        (CARD | {"card_levels": (5,)}, True, Relation.NONE, "does not cover"),
        (CARD | {"card_valid_to": date(2026, 10, 19)}, True, Relation.NONE, "expired"),
    ],
)
def test_who_may_not_examine_is_not_posted(  # noqa: PLR0917
    app, monkeypatch, card, trained, relation, reason
):
    monkeypatch.setenv("EXAMDAY_LANG", "en")
    batch, sitting = sitting_with(app)
    account = make_account(Role.EXAMINER, **card)
    if trained:
        staff.record_training([account.id], date(2026, 10, 1), "培训", by=OFFICE)
    if relation is not None:
        staff.declare_avoidance(account.id, batch.code, "x", by=account.actor, relation=relation)

    with pytest.raises(refusals.NotPostable) as refused:
        planning.post_staff(sitting.id, "", account.id, Duty.EXAMINER, by=OFFICE)

    assert reason in refused.value.text()


def test_nobody_is_in_two_rooms_at_once_or_posted_without_the_role(app):
    _batch, sitting = sitting_with(app)
    proctor = planning.list_posts(sitting.id)[0]
    with pytest.raises(refusals.PersonBusy):
        planning.post_staff(sitting.id, "R2", proctor.account_id, Duty.PROCTOR, by=OFFICE)
    planning.relieve_staff(proctor.id, reason="生病", by=OFFICE)

    with pytest.raises(refusals.NotPostable):
        planning.post_staff(sitting.id, "R1", proctor.account_id, Duty.EXAMINER, by=OFFICE)

    assert latest_action() == "planning:staff:relieved"
    assert planning.list_needs(sitting.id)[0].facts == {"needed": 2, "present": 1}


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (Duty.QUALITY_SUPERVISOR, "HS-13"),
        (Duty.EXAMINER, "考评员"),
        (Duty.EXAMINER_LEADER, "考评员"),
        (Duty.PROCTOR, "监考员"),
    ],
)
def test_the_day_does_not_open_short_of_staff(app, gone, message):
    batch = make_batch(6)
    for sitting in planning.list_sittings(batch.id):
        for post in planning.list_posts(sitting.id):
            if post.duty is gone:
                planning.relieve_staff(post.id, reason="生病", by=OFFICE)
                break

    with pytest.raises(refusals.StaffMissing, match=message):
        planning.open_day(batch.id, by=OFFICE)


def test_a_relation_declared_after_the_posting_still_stops_the_day(app, monkeypatch):
    """回避: the declaration may come last, and names who must be replaced."""
    monkeypatch.setenv("EXAMDAY_LANG", "en")
    batch = make_batch(6)
    sitting = planning.list_sittings(batch.id)[1]
    post = next(p for p in planning.list_posts(sitting.id) if p.duty is Duty.EXAMINER)
    actor = staff.find_account(post.account_id).actor
    staff.declare_avoidance(post.account_id, batch.code, "x", by=actor, relation=Relation.SAME_UNIT)
    assert {need.weight.value for need in planning.list_needs(sitting.id)} == {"warns"}

    staff.declare_avoidance(post.account_id, batch.code, "x", by=actor, relation=Relation.KINSHIP)

    with pytest.raises(refusals.StaffMissing) as refused:
        planning.open_day(batch.id, by=OFFICE)
    assert f"{post.name}: a declared relation to candidates" in refused.value.text()


def test_a_day_opens_once_and_only_where_something_is_held(app):
    batch = make_batch(6)
    with pytest.raises(refusals.NothingToday):
        planning.open_day(batch.id, by=OFFICE, held_on=date(2026, 10, 21))
    with pytest.raises(refusals.DayNotOpen):
        planning.close_day(batch.id, by=OFFICE)
    planning.open_day(batch.id, by=OFFICE)

    with pytest.raises(refusals.DayOpen):
        planning.open_day(batch.id, by=OFFICE)
    with pytest.raises(refusals.DayNotOpen):
        planning.close_batch(batch.id, by=OFFICE)


def test_an_expired_body_cannot_open_its_day(app):
    batch = make_batch(6)
    make_body(valid_to=EXAM_DAY - timedelta(days=1))

    with pytest.raises(refusals.BodyExpired):
        planning.open_day(batch.id, by=OFFICE, override_reason="急", approver="秦主任")


def test_deadlines_stand_as_the_days_go_by(app):
    batch = make_batch(6, until="held")
    planning.close_batch(batch.id, by=OFFICE)

    found = {deadline.code: deadline for deadline in planning.deadlines(batch.id)}

    assert found["filing_1"].due_on == date(2026, 10, 13)
    assert found["filing_1"].state is planning.DeadlineState.DONE
    assert found["publish_safe"].due_on == date(2026, 10, 22)
    assert found["publish_safe"].state is planning.DeadlineState.SOON
    assert found["publish_literal"].due_on == date(2026, 10, 29)
    assert found["publish_literal"].state is planning.DeadlineState.COMING
    assert found["keep_paper"].due_on == date(2029, 10, 20)
    assert found["keep_electronic"].due_on == date(2031, 10, 20)
    assert all(deadline.clause for deadline in found.values())
