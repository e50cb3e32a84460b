"""Every verb of a batch in every state it may stand in: what is out of order names its clause."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from examday.demo import people
from examday.errors import ExamdayError
from examday.filing import service as filing
from examday.planning import service as planning
from examday.publicity import service as publicity
from examday.publicity.rules.objection import NEXT
from examday.trace import service as trace
from tests.factories.planning import (
    EXAM_DAY,
    SECOND,
    arrange,
    import_people,
    make_batch,
    make_body,
    open_batch,
    roster_bytes,
)
from tests.factories.sheets import FakeSheets

OFFICE = "staff:office"
CLAUSE = re.compile(r"\b(GS|HE|LN|HS|SD)-\d\d\b")
# The way of a batch. After "held" planning sees nothing new: what follows is publicity's and filing's.
WAY = (
    *("draft", "rostered", "checked", "approved", "filed", "reviewed", "open", "held"),
    *("signed", "posted", "objected", "publicised", "accepted", "certified", "closed", "archived"),
)


@dataclass
class Walk:
    """A batch on its way, and what its verbs are called with."""

    batch: planning.Batch
    sheets: FakeSheets
    earlier: planning.Batch
    roster: bytes
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.batch.id

    def person(self) -> int:
        return planning.list_candidates(self.id)[0].id

    def sitting(self) -> int:
        return planning.list_sittings(self.id)[0].id

    def post(self) -> planning.Post:
        return planning.list_posts(self.sitting())[0]

    def sheet(self) -> int:
        newest = self.sheets.latest_sheet(self.id)
        return (newest or self.sheets.sign(self.batch, is_signed=False)).id

    def notice(self) -> int:
        return publicity.latest_notice(self.id).id


def span(first: str, last: str) -> frozenset[str]:
    return frozenset(WAY[WAY.index(first) : WAY.index(last) + 1])


NEVER: frozenset[str] = frozenset()
# verb: (how it is called, in which states it is legal, in which there is nothing to call it on)
VERBS: dict[str, tuple[Callable[[Walk], object], frozenset[str], frozenset[str]]] = {
    "planning.import_roster": (
        lambda w: planning.import_roster(w.id, w.roster, "r.xlsx", by=OFFICE),
        span("draft", "checked"),
        NEVER,
    ),
    "planning.approve_roster 1": (
        lambda w: planning.approve_roster(w.id, 1, by=OFFICE),
        span("rostered", "rostered"),
        NEVER,
    ),
    "planning.approve_roster 2": (
        lambda w: planning.approve_roster(w.id, 2, by=SECOND),
        span("checked", "checked"),
        NEVER,
    ),
    "planning.withdraw_candidate": (
        lambda w: planning.withdraw_candidate(w.person(), reason="离职", by=OFFICE),
        span("rostered", "approved"),
        span("draft", "draft"),
    ),
    "planning.add_late": (
        lambda w: planning.add_late(
            w.id, w.roster, "r.xlsx", reason="补报", approver="赵主任", by=OFFICE
        ),
        span("approved", "reviewed"),
        NEVER,
    ),
    "planning.enter_resit": (
        lambda w: planning.enter_resit(
            w.id,
            planning.list_candidates(w.earlier.id)[0].id,
            "theory",
            mark=Decimal(70),
            sheet="S-1",
            by=OFFICE,
        ),
        span("draft", "checked"),
        NEVER,
    ),
    "planning.arrange_sitting": (
        lambda w: planning.arrange_sitting(
            w.id, "X", "theory", datetime(2026, 10, 20, 18).astimezone(), 90, ["R1"], by=OFFICE
        ),
        span("draft", "approved"),
        NEVER,
    ),
    "planning.post_staff": (
        lambda w: planning.post_staff(
            w.sitting(), "", w.post().account_id, w.post().duty, by=OFFICE
        ),
        span("approved", "open"),
        span("draft", "checked"),
    ),
    "planning.relieve_staff": (
        lambda w: planning.relieve_staff(w.post().id, reason="病假", by=OFFICE),
        span("approved", "open"),
        span("draft", "checked"),
    ),
    "planning.file_roster": (
        lambda w: planning.file_roster(w.id, sent_on=date(2026, 10, 12), by=OFFICE),
        span("approved", "approved"),
        NEVER,
    ),
    "planning.record_filing_review": (
        lambda w: planning.record_filing_review(w.id, reviewed_on=date(2026, 10, 12), by=OFFICE),
        span("filed", "filed"),
        NEVER,
    ),
    "planning.file_with_approver": (
        lambda w: planning.file_with_approver(w.id, sent_on=date(2026, 10, 12), by=OFFICE),
        span("reviewed", "certified"),
        NEVER,
    ),
    "planning.open_day": (
        lambda w: planning.open_day(w.id, held_on=EXAM_DAY, by=OFFICE),
        span("reviewed", "reviewed"),
        NEVER,
    ),
    "planning.close_day": (
        lambda w: planning.close_day(w.id, by=OFFICE),
        span("open", "open"),
        NEVER,
    ),
    "planning.close_batch": (
        lambda w: planning.close_batch(w.id, by=OFFICE),
        span("held", "certified"),  # filing.close_batch, which people use, is stricter
        NEVER,
    ),
    "publicity.publish": (
        lambda w: publicity.publish(w.sheet(), by=OFFICE),
        span("signed", "signed"),
        NEVER,
    ),
    "publicity.plan_posting": (
        lambda w: publicity.plan_posting(w.sheet(), date(2026, 12, 1), by=OFFICE),
        span("signed", "signed"),
        NEVER,
    ),
    "publicity.close_notice": (
        lambda w: publicity.close_notice(w.notice(), by=OFFICE),
        NEVER,
        span("draft", "signed"),
    ),
    "publicity.object_": (
        lambda w: publicity.object_(
            w.notice(), name="李四", contact="1", about="张三", text="有误", by=OFFICE
        ),
        span("posted", "posted"),
        span("draft", "signed"),
    ),
    "filing.approve_results": (
        lambda w: filing.approve_results(w.id, approver="王审核", office="中心", by=OFFICE),
        span("publicised", "publicised"),
        NEVER,
    ),
    "filing.allocate_certificates": (
        lambda w: filing.allocate_certificates(w.id, by=OFFICE),
        span("accepted", "accepted"),
        NEVER,
    ),
    "filing.export_certificate_data": (
        lambda w: filing.export_certificate_data(w.id),
        span("certified", "archived"),
        NEVER,
    ),
    "filing.preview_certificates": (
        lambda w: filing.preview_certificates(w.id, part=1, by=OFFICE),
        span("certified", "archived"),
        NEVER,
    ),
    "filing.export_form": (
        lambda w: filing.export_form("hebei/result_filing_2", w.id, "xlsx", by=OFFICE),
        span("certified", "archived"),
        NEVER,
    ),
    "filing.close_batch": (
        lambda w: filing.close_batch(w.id, by=OFFICE),
        span("certified", "certified"),
        NEVER,
    ),
    "filing.request_archive": (
        lambda w: filing.request_archive(w.id, by=OFFICE),
        span("certified", "closed"),
        NEVER,
    ),
    "filing.archive_batch": (
        lambda w: filing.archive_batch(w.id, by=OFFICE),
        span("certified", "closed"),
        NEVER,
    ),
    "filing.verify_bundle": (
        lambda w: filing.verify_bundle(w.id, by=OFFICE),
        span("archived", "archived"),
        NEVER,
    ),
    "filing.look_into_bundle": (
        lambda w: filing.look_into_bundle(w.id, purpose="移交", witness="苏督导", by=OFFICE),
        span("archived", "archived"),
        NEVER,
    ),
    "filing.hold_bundle": (
        lambda w: filing.hold_bundle(w.id, reason="复议", by=OFFICE),
        span("archived", "archived"),
        NEVER,
    ),
    "filing.release_bundle": (
        lambda w: filing.release_bundle(w.id, reason="办结", by=OFFICE),
        span("archived", "archived"),
        NEVER,
    ),
    "filing.propose_destruction": (
        lambda w: filing.propose_destruction(w.id, by=OFFICE),
        NEVER,  # in its period; after it: test_archive.py
        NEVER,
    ),
    "filing.destroy_bundle": (
        lambda w: filing.destroy_bundle(w.id, by=OFFICE),
        NEVER,
        NEVER,
    ),
}
# Verbs whose order is not a batch's: kept in any state, or walked below (objections).
ELSEWHERE = {
    *(f"planning.{name}" for name in ("add_equipment", "withdraw_equipment", "add_room")),
    *(f"planning.{name}" for name in ("open_batch", "register_body", "attach_document")),
    *(f"planning.{name}" for name in ("attach_paper", "name_work_plan", "sign_in_for_duty")),
    *(f"publicity.{name}" for name in ("attach_posting", "record_complaint", "answer_complaint")),
    *(f"publicity.{name}" for name in ("accept", "reject", "investigate", "decide")),
}


def test_no_verb_is_left_out_of_the_table():
    found = {
        f"{room.__name__.split('.')[1]}.{name}"
        for room in (planning, publicity, filing)
        for name in room.__all__
        if inspect.isfunction(verb := getattr(room, name))
        and "by" in inspect.signature(verb).parameters
    }

    assert found - {verb.split()[0] for verb in VERBS} == ELSEWHERE


def test_every_step_out_of_order_is_refused_with_its_clause_and_changes_nothing(
    app, clock, monkeypatch
):
    clock.move_to(datetime(2026, 10, 12, 9, 0))
    make_body()
    sheets = FakeSheets(app.extensions["examday_settings"].home)
    sheets.stand_in(monkeypatch)
    earlier = make_batch(1, until="rostered", code="2026-00", seed=5)
    roster = roster_bytes(people.invent(2, seed=77))
    walk = Walk(open_batch("2026-01"), sheets, earlier, roster)
    wrong, tried = [], 0
    for state, go_on in zip(WAY, way_on(walk, clock), strict=True):
        for verb, (call, legal, nothing_there) in VERBS.items():
            if state in legal or state in nothing_there:
                continue
            tried += 1
            before = trace.list_entries(limit=1).entries[0].index
            try:
                call(walk)
                wrong.append(f"{verb} went through: {state}")
            except ExamdayError as refused:
                if not CLAUSE.search(refused.text()):
                    wrong.append(f"{verb} in {state} names no clause: {refused.text()}")
            if trace.list_entries(limit=1).entries[0].index != before:
                wrong.append(f"{verb} left an entry: {state}")
        go_on()

    assert wrong == []
    assert tried > 300


def way_on(walk: Walk, clock) -> tuple[Callable[[], object], ...]:
    """What takes a batch from each state to the next."""

    def file() -> None:
        arrange(walk.batch)
        planning.file_roster(walk.id, sent_on=date(2026, 10, 12), by=OFFICE)

    def hold() -> None:
        planning.close_day(walk.id, by=OFFICE)
        clock.move_to(datetime(2026, 10, 20, 18, 0))

    def object_to_it() -> None:
        walk.seen["objection"] = publicity.object_(
            walk.notice(), name="李四", contact="1", about="张三", text="有误", by=OFFICE
        )
        clock.move_to(datetime(2026, 11, 3, 10, 0))

    def answer() -> None:
        number = walk.seen["objection"].id
        publicity.accept(number, by=OFFICE)
        publicity.investigate(number, by=OFFICE)
        publicity.decide(number, upheld=False, finding="核查无误", by=OFFICE)
        publicity.close_notice(walk.notice(), by=OFFICE)

    return (
        lambda: import_people(walk.batch, 3),
        lambda: planning.approve_roster(walk.id, 1, by=OFFICE),
        lambda: planning.approve_roster(walk.id, 2, by=SECOND),
        file,
        lambda: planning.record_filing_review(walk.id, reviewed_on=date(2026, 10, 12), by=OFFICE),
        lambda: planning.open_day(walk.id, held_on=EXAM_DAY, by=OFFICE),
        hold,
        lambda: walk.sheets.sign(walk.batch),
        lambda: publicity.publish(walk.sheet(), by=OFFICE),
        object_to_it,
        answer,
        lambda: filing.approve_results(walk.id, approver="王审核", office="中心", by=OFFICE),
        lambda: filing.allocate_certificates(walk.id, by=OFFICE),
        lambda: filing.close_batch(walk.id, by=OFFICE),
        lambda: filing.archive_batch(walk.id, by=OFFICE),
        lambda: None,
    )


STEPS: dict[publicity.ObjectionState, Callable[[int], object]] = {
    publicity.ObjectionState.ACCEPTED: lambda n: publicity.accept(n, by=OFFICE),
    publicity.ObjectionState.REJECTED: lambda n: publicity.reject(n, "非本批次", by=OFFICE),
    publicity.ObjectionState.INVESTIGATING: lambda n: publicity.investigate(n, by=OFFICE),
    publicity.ObjectionState.UPHELD: lambda n: publicity.decide(n, True, "属实", by=OFFICE),
    publicity.ObjectionState.DISMISSED: lambda n: publicity.decide(n, False, "不实", by=OFFICE),
}
WAYS = {
    publicity.ObjectionState.RECEIVED: (),
    publicity.ObjectionState.ACCEPTED: ("ACCEPTED",),
    publicity.ObjectionState.REJECTED: ("REJECTED",),
    publicity.ObjectionState.INVESTIGATING: ("ACCEPTED", "INVESTIGATING"),
    publicity.ObjectionState.UPHELD: ("ACCEPTED", "INVESTIGATING", "UPHELD"),
    publicity.ObjectionState.DISMISSED: ("ACCEPTED", "INVESTIGATING", "DISMISSED"),
}


def test_every_step_of_an_objection_out_of_order_is_refused(app, clock, sheets):
    batch = make_batch(2, until="rostered")
    clock.move_to(datetime(2026, 10, 20, 18, 0))
    notice = publicity.publish(sheets.sign(batch).id, by=OFFICE)
    assert set(WAYS) == set(publicity.ObjectionState)

    for state, way in WAYS.items():
        raised = publicity.object_(
            notice.id, name="李四", contact="1", about="张三", text="有误", by=OFFICE
        )
        for step in way:
            STEPS[publicity.ObjectionState[step]](raised.id)
        for to, take in STEPS.items():
            if to in NEXT.get(state, ()):
                continue
            with pytest.raises(ExamdayError) as refused:
                take(raised.id)
            assert CLAUSE.search(refused.value.text()), (state, to)
            assert publicity.find_objection(raised.id).state is state
