"""Whatever is changed in the database behind the program, `examday audit` names the row."""

import json

import pytest
from sqlalchemy import text

from examday import cli
from examday.db import db, unit_of_work
from examday.errors import Tampered
from examday.planning import service as planning
from examday.results import service as results
from examday.scoring import service as scoring
from tests.factories.omr import omr_day
from tests.factories.planning import OFFICE
from tests.factories.results import PASSPHRASE, compile_for, sign_by_both, signers_of
from tests.factories.scoring import enter_all_marks, enter_practical, enter_theory, hold_batch
from tests.factories.staff import make_account

# column -> another value; what is left out names no score (and `id` is only the row's own name).
MARKS = {
    "batch_id": "batch_id + 1",
    "candidate_id": "candidate_id + 1",
    "subject": "CASE subject WHEN 'theory' THEN 'practical' ELSE 'theory' END",
    "step": "'resolution'",
    "login": "'someone'",
    "mark": "'99.9'",
    "items": '\'{"1": "99.9"}\'',
    "head": '\'{"station": "9"}\'',
    "reason": "'because'",
    "at": "'2020-01-01 00:00:00.000000'",
    "commitment": "'00'",
    "entry_index": "entry_index + 1",
}
SHEETS = {
    "code": "'B9'",
    "version": "version + 1",
    "state": "'compiled'",
    "objection_no": "'YY-9'",
    "compiled_by": "'someone'",
    "row_root": "'00'",
    "entry_index": "entry_index - 1",
}
FILES = {"content": "x'00'", "sha256": "'00'", "name": "'sheet.old'"}
SIGNATURES = {"login": "'someone'", "cert_sha256": "'00'", "duty": "'leader2'"}
SEALED = {
    "results_sheets": ("id = 1", SHEETS),
    "results_files": ("name = 'sheet.json'", FILES),
    "results_signatures": ("duty = 'body'", SIGNATURES),
}
SCANS = {
    "file_sha256": "'00'",
    "file_page": "file_page + 1",
    "state": "'refused'",
    "sheet_id": "NULL",
    "page": "page + 1",
    "reading": "'{}'",
    "commitment": "'00'",
    "entry_index": "entry_index - 1",
}
REVIEWS = {
    "no": "no + 1",
    "letters": "'D'",
    "login": "'someone'",
    "at": "'2020-01-01 00:00:00.000000'",
    "commitment": "'00'",
    "entry_index": "entry_index - 1",
}


def changed(table, column, value, where):
    """Change one column behind the program; to be rolled back."""
    connection = db.session.connection()
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    connection.execute(text(f"UPDATE {table} SET {column} = {value} WHERE {where}"))
    db.session.expire_all()


@pytest.fixture
def sealed(app, clock):
    held = hold_batch(clock)
    return sign_by_both(compile_for(held), signers_of(held))


def test_an_honest_batch_has_no_finding(sealed):
    assert results.check_batch(sealed.batch_id) == ()


def named(batch_id):
    return " ".join(f"{one.code} {one.text}" for one in results.check_batch(batch_id))


def test_a_changed_column_of_a_mark_or_sheet_is_named(sealed):
    for column, value in MARKS.items():
        changed("scoring_marks", column, value, "id = 3")

        said = named(sealed.batch_id)

        assert "MARK_ALTERED" in said, column
        assert sealed.rows[0].ticket_no in said or "scoring_marks 3" in said, column
        db.session.rollback()
    for table, (where, columns) in SEALED.items():
        for column, value in columns.items():
            changed(table, column, value, where)

            assert "SHEET_" in named(sealed.batch_id), (table, column)
            db.session.rollback()


def test_a_deleted_mark_is_named(sealed):
    changed("scoring_marks", "id", "9000", "id = 1")
    db.session.connection().execute(text("DELETE FROM scoring_marks WHERE id = 9000"))

    assert sealed.rows[0].ticket_no in named(sealed.batch_id)
    db.session.rollback()


@pytest.fixture
def read(app, clock):
    """A batch with one scanned sheet and one item read by a person."""
    day = omr_day(clock, 1, spares=0)
    (sheet,) = scoring.list_answer_sheets(day.batch_id)
    jpeg = day.scan(sheet.id, day.right() | {7: "AC"})
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    scoring.review_answer(sheet.id, 7, "A", by=make_account("examiner").actor)
    return day


def test_a_changed_column_of_a_reading_is_named(read):
    assert scoring.check_marks(read.batch_id) == ()
    for table, columns in (("scoring_scans", SCANS), ("scoring_answer_reviews", REVIEWS)):
        for column, value in columns.items():
            changed(table, column, value, "id = 1")

            found = scoring.check_marks(read.batch_id)

            assert [(one.table, one.row_id) for one in found] == [(table, 1)], (table, column)
            db.session.rollback()


def test_neither_compiled_nor_signed_over_a_changed_mark(app, clock):
    held = hold_batch(clock)
    signers, sheet = signers_of(held), compile_for(held)
    with unit_of_work() as work:
        work.execute(text("UPDATE scoring_marks SET mark = '99.0' WHERE subject = 'theory'"))

    with pytest.raises(Tampered, match="scoring_marks 1"):
        results.sign_sheet(sheet.id, signers.leader.id, PASSPHRASE)
    with pytest.raises(Tampered, match="scoring_marks 1"):
        results.compile_sheet(held.batch.id, by=OFFICE)


def test_an_examiner_taken_off_afterwards_does_not_change_the_mean(app, clock):
    """No mark was touched, yet 75.0 would become 72.5; a replacement who marks settles it anew."""
    held = hold_batch(clock)
    for one in held.present:
        enter_theory(held, one.id, "80")
        enter_practical(held, one.id, "70", "75", "80")
    strict = held.examiners[2]
    sitting = planning.list_sittings(held.batch.id)[1]
    post = next(one for one in planning.list_posts(sitting.id) if one.login == strict.login)

    planning.relieve_staff(post.id, reason="an inconvenient mark", by=OFFICE)

    assert named(held.batch.id).count("MARK_ALTERED") == len(held.present)
    scoring.lock_marks(held.batch.id, by=held.leader.actor)
    with pytest.raises(Tampered, match=r"practical: 75\.0 -> 72\.5"):
        results.compile_sheet(held.batch.id, by=OFFICE)


def test_the_command_names_the_row(app, clock, settings, capsys):
    held = hold_batch(clock)
    enter_all_marks(held)
    assert cli.main(["audit", "--home", str(settings.home)]) == 0
    with unit_of_work() as work:
        work.execute(text("UPDATE scoring_marks SET mark = '99.0' WHERE id = 2"))
    capsys.readouterr()

    assert cli.main(["audit", "--home", str(settings.home), "--json"]) == 1

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [one["code"] for one in said["findings"]] == ["MARK_ALTERED"]
    assert "scoring_marks 2" in said["findings"][0]["text"]
