"""直接认定, 业绩评审, 竞赛选拔: no exam, and still roster, evidence and a signed sheet (GS-10, LN-10)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from examday.demo import people
from examday.planning import service as planning
from examday.planning.rules.refusals import EvidenceMissing, SittingMissing
from examday.planning.service import BatchState, Method, Owner, Subject
from examday.results import service as results
from examday.scoring import service as scoring
from examday.scoring.service import PartState
from examday.staff import service as staff
from examday.staff.service import Role
from tests.factories.planning import OFFICE, SECOND, open_batch, roster_bytes
from tests.factories.results import PASSPHRASE
from tests.factories.staff import make_account

PDF = b"%PDF-1.7 evidence"


def import_for_review(batch, count=2, subjects="综合评审"):
    rows = [row | {"subjects": subjects} for row in people.invent(count, seed=4)]
    return planning.import_roster(batch.id, roster_bytes(rows), "roster.xlsx", by=OFFICE)


def bring_to_review(clock, method=Method.PANEL):
    clock.move_to(datetime(2026, 10, 9, 9, 0))
    batch = open_batch(method=method)
    import_for_review(batch)
    planning.approve_roster(batch.id, 1, by=OFFICE)
    planning.approve_roster(batch.id, 2, by=SECOND)
    planning.file_roster(batch.id, sent_on=date(2026, 10, 9), by=OFFICE)
    planning.record_filing_review(batch.id, reviewed_on=date(2026, 10, 9), by=OFFICE)
    clock.move_to(datetime(2026, 10, 20, 9, 0))
    return batch


def attach_evidence(batch, *serials):
    for serial in serials:
        name = f"{serial}-业绩材料.pdf"
        planning.attach_paper(batch.id, content=PDF, filename=name, by=OFFICE)


def test_the_roster_names_the_review_and_nothing_that_is_examined(app):
    batch = open_batch(method=Method.PANEL)

    wrong = import_for_review(batch, subjects="理论知识、操作技能")
    right = import_for_review(batch)

    assert (wrong.accepted, right.accepted) == (0, 2)
    assert {each.column for each in wrong.listed} == {"考核科目"}
    assert "综合评审" in wrong.listed[0].text()
    assert planning.list_candidates(batch.id)[0].subjects == (Subject.REVIEW,)


def test_an_exam_is_not_replaced_by_a_review(app):
    batch = open_batch()

    outcome = import_for_review(batch)

    assert outcome.accepted == 0
    assert "理论知识" in outcome.listed[0].text()


def test_an_exam_without_sittings_is_still_not_filed(app, clock):
    batch = open_batch()
    rows = roster_bytes(people.invent(2, seed=4))
    planning.import_roster(batch.id, rows, "roster.xlsx", by=OFFICE)
    planning.approve_roster(batch.id, 1, by=OFFICE)
    planning.approve_roster(batch.id, 2, by=SECOND)

    with pytest.raises(SittingMissing):
        planning.file_roster(batch.id, sent_on=date(2026, 9, 1), by=OFFICE)


def test_without_evidence_of_each_candidate_the_day_does_not_open(app, clock):
    batch = bring_to_review(clock)
    attach_evidence(batch, 1)

    with pytest.raises(EvidenceMissing) as refused:
        planning.open_day(batch.id, by=OFFICE)

    assert refused.value.params["serials"] == "2"
    assert "LN-10" in refused.value.params["clause"]
    assert planning.find_batch(batch.id).state is BatchState.REVIEWED


def test_the_result_of_a_competition_stands_for_all_of_its_batch(app, clock):
    batch = bring_to_review(clock, Method.COMPETITION)
    with pytest.raises(EvidenceMissing):
        planning.open_day(batch.id, by=OFFICE)
    planning.attach_document(
        Owner.BATCH,
        batch.id,
        "competition_result",
        content=PDF,
        filename="a.pdf",
        dated_on=date(2026, 9, 1),
        by=OFFICE,
    )

    planning.open_day(batch.id, by=OFFICE)

    assert planning.find_batch(batch.id).state is BatchState.OPEN


def test_from_roster_to_signed_sheet_without_an_exam(app, clock):
    batch = bring_to_review(clock)
    attach_evidence(batch, 1, 2)
    planning.open_day(batch.id, by=OFFICE)
    card = {"card_no": "G1", "card_levels": (5, 4, 3), "card_valid_to": date(2028, 1, 1)}
    members = [make_account(Role.EXAMINER, **card) for _ in range(3)]
    ids = [one.id for one in members]
    scoring.appoint_committee(batch.id, ids, leader_id=ids[0], by=OFFICE)
    passes, fails = planning.list_candidates(batch.id)
    for candidate, mark in ((passes, "80"), (fails, "50")):
        given = {part: Decimal(mark) for part in ("paper", "defence")}
        for member in members:
            scoring.enter_review_mark(candidate.id, given, by=member.actor)
    planning.close_day(batch.id, by=OFFICE)
    scoring.lock_marks(batch.id, by=members[0].actor)

    sheet = results.compile_sheet(batch.id, by=OFFICE)
    body = make_account(Role.SIGNER)
    for account in (members[0], body):
        staff.issue_certificate(account.id, PASSPHRASE, by=account.actor)
        sheet = results.sign_sheet(sheet.id, account.id, PASSPHRASE)

    assert sheet.is_signed
    assert [(row.theory, row.practical, row.review) for row in sheet.rows] == [
        (PartState.NOT_TAKEN.value, PartState.NOT_TAKEN.value, "80.0"),
        (PartState.NOT_TAKEN.value, PartState.NOT_TAKEN.value, "50.0"),
    ]
    assert [row.outcome.value for row in sheet.rows] == ["passed", "failed"]
    assert planning.find_batch(batch.id).state is BatchState.HELD
