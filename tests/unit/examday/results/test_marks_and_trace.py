"""
Whoever changes marks in the database and has the sheet signed all the same: `verify` names the row.

The program's own look at the marks is switched off here, as the thief of a server would do it.
"""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from examday import cli, verifier
from examday.db import unit_of_work
from examday.planning import service as planning
from examday.policy import Subject
from examday.proctoring import service as proctoring
from examday.results import service as results
from examday.results.service import SheetChange
from examday.scoring import service as scoring
from examday.trace import service as trace
from examday.verifier import sheet as sheets
from examday.verifier.log import read_log
from examday.verifier.report import Report
from examday.wire import canonical
from tests.factories.planning import OFFICE
from tests.factories.results import compile_for, pack_sheets, sign_by_both, signers_of
from tests.factories.scoring import enter_all_marks, hold_batch
from tests.factories.staff import make_account

PARTS = ("theory", "practical", "review", "performance", "conduct")


@pytest.fixture
def held(app, clock, monkeypatch):
    """A batch with every part there is: two examined ones, 综合评审, 业绩 and 品德."""
    held = hold_batch(clock, 7, absent=0)
    policy = planning.policy_of(held.batch.id)
    policy = replace(
        policy,
        scoring=replace(policy.scoring, performance_weight=Decimal(20), conduct_weight=Decimal(10)),
        rooms=replace(policy.rooms, senior_levels=(4,)),
    )
    monkeypatch.setattr(planning, "policy_of", lambda _batch_id: policy)
    enter_all_marks(held)
    _judge_the_rest(held)
    return held


def _judge_the_rest(held):
    card = {"card_no": "G1", "card_levels": (4, 2, 1)}
    members = [make_account("examiner", **card) for _ in range(3)]
    scoring.appoint_committee(
        held.batch.id, [one.id for one in members], leader_id=members[0].id, by=OFFICE
    )
    for one in held.present:
        for member in members:
            given = {"paper": Decimal(70), "defence": Decimal(70)}
            scoring.enter_review_mark(one.id, given, by=member.actor)
        worths = scoring.list_component_items(held.batch.id, Subject.PERFORMANCE)
        for clerk in held.clerks[:2]:
            scoring.enter_component_items(one.id, Subject.PERFORMANCE, worths, by=clerk.actor)
            scoring.enter_component_mark(one.id, Subject.CONDUCT, Decimal(90), by=clerk.actor)


def found_in(folder):
    report = verifier.verify(folder, trace.policy_text(), language="en")
    # The day of these tests sets its clock back between its sittings, which is found too.
    found = [one for one in report.findings if one.code != "CLOCK_BACKWARDS"]
    return {(one.code, one.where.rpartition("#")[2], one.text) for one in found}


def test_each_part_changed_in_the_database_is_named_by_its_row(held, monkeypatch, tmp_path):
    signers = signers_of(held)
    people = [one.id for one in held.present]
    with unit_of_work() as work:
        for candidate, part in zip(people, PARTS, strict=False):
            work.execute(
                text("UPDATE scoring_marks SET mark = '99.5' WHERE candidate_id = :c AND subject = :p"),
                {"c": candidate, "p": part},
            )  # fmt: skip
        # The marks of one are given to another, and the other way round.
        for source, target in ((people[0], 0), (people[5], people[0]), (0, people[5])):
            work.execute(text("PRAGMA defer_foreign_keys = ON"))
            work.execute(
                text("UPDATE scoring_marks SET candidate_id = :t WHERE candidate_id = :s"),
                {"s": source, "t": target},
            )
    monkeypatch.setattr(scoring, "check_untouched", lambda _batch_id: None)
    sealed = sign_by_both(compile_for(held), signers)

    found = found_in(pack_sheets(tmp_path / "bundle", sealed))

    assert {code for code, _, _ in found} == {"SHEET_MARK"}
    named = {(row, said.split(": ")[1].split(" says")[0]) for _, row, said in found}
    # Row 1's changed mark went to row 6.
    assert named == {("6", "theory"), ("2", "practical"), ("3", "review"), ("4", "performance"),
                     ("5", "conduct")}  # fmt: skip


@pytest.fixture
def sealed(held):
    return sign_by_both(compile_for(held), signers_of(held))


def test_an_honest_bundle_has_no_finding_and_a_correction_is_not_one(held, sealed, tmp_path, clock):
    clock.advance(days=3)
    change = SheetChange(held.present[0].id, "theory", "59.9", "item 12 counted twice")
    second = results.correct_sheet(sealed.id, "YY-2026-1", [change], by=OFFICE)
    second = sign_by_both(second, signers_of(held))

    assert found_in(pack_sheets(tmp_path / "bundle", sealed, second)) == set()


def test_every_column_of_a_row_is_named(sealed, tmp_path, capsys):
    """Whether the commitments are left as they were or made anew by whoever changed the row."""
    folder = pack_sheets(tmp_path / "bundle", sealed)
    leaves = (folder / "trace/leaves.jsonl").read_bytes()
    log = read_log(leaves, Report(), origin=json.loads(leaves.split(b"\n")[0])["site"])
    told = next(one.facts for one in log.told if isinstance(one.facts, sheets.SheetSigned))
    honest = results.sheet_file(sealed.id, "sheet.json")
    columns = [name for name in json.loads(honest)["details"][0] if name != "no"]
    assert {*PARTS, "overall", "ticket_no", "candidate_id"} <= set(columns)

    for column in [*columns, "outcome"]:
        for is_made_anew in (False, True):
            document = json.loads(honest)
            change_row(document, 4, column, is_made_anew=is_made_anew)
            report = Report()
            sheets.check_sheet_file(told, "sheet.json", canonical(document), None, report)
            sheets.check_rows(log, told, "sheet.json", canonical(document), report)
            found = {(one.code, one.where) for one in report.findings}
            assert ("SHEET_HASH", "sheet.json") in found
            if not is_made_anew and column != "outcome":
                assert ("SHEET_DETAILS", "sheet.json#4") in found, column
            if column in {*PARTS, "candidate_id", "outcome"}:
                assert found & {("SHEET_MARK", "sheet.json#4"), ("SHEET_OUTCOME", "sheet.json#4")}
            elif is_made_anew:
                assert ("SHEET_ROWS", "sheet.json") in found, column


def change_row(document, no, column, *, is_made_anew):
    row, detail = document["rows"][no - 1], document["details"][no - 1]
    changes = {"candidate_id": 10_000, "outcome": "failed", "practical": "absent"}
    (row if column == "outcome" else detail)[column] = changes.get(column, "99.0")
    if is_made_anew:
        row["detail_sha256"] = hashlib.sha256(canonical(detail)).hexdigest()


def test_a_sheet_changed_where_it_is_stored_is_named_by_its_row(sealed, tmp_path, capsys):
    with unit_of_work() as work:
        content = results.sheet_file(sealed.id, "sheet.json")
        changed = content.replace(b'"theory":"80.0"', b'"theory":"99.0"', 1)
        work.execute(
            text("UPDATE results_files SET content = :c, sha256 = :d WHERE name = 'sheet.json'"),
            {"c": changed, "d": hashlib.sha256(changed).hexdigest()},
        )
    folder = pack_sheets(tmp_path / "bundle", sealed)
    (tmp_path / "policy.txt").write_text(trace.policy_text(), "utf-8")

    assert cli.main(["verify", str(folder), "--policy", str(tmp_path / "policy.txt")]) == 1

    said = capsys.readouterr().out
    row = next(one for one in json.loads(changed)["details"] if one["theory"] == "99.0")
    assert "SHEET_HASH" in said
    assert (
        f"第{row['no']}行（准考证号{row['ticket_no']}）：理论成绩为99.0，留痕中判定为80.0" in said
    )


def test_misconduct_taken_out_of_the_database_is_named(held, monkeypatch, tmp_path):
    sitting = planning.list_sittings(held.batch.id)[0]
    proctoring.record_incident(
        sitting.id, "R1", kind="copying", fact="a note under the paper", by=OFFICE,
        candidate_id=held.present[2].id, signature=proctoring.Signature.SIGNED, voids_mark=True,
    )  # fmt: skip
    monkeypatch.setattr(proctoring, "violations", lambda _batch_id: [])
    sealed = sign_by_both(compile_for(held), signers_of(held))

    found = found_in(pack_sheets(tmp_path / "bundle", sealed))

    assert {(code, row) for code, row, _ in found} == {("SHEET_MISCONDUCT", "3")}
