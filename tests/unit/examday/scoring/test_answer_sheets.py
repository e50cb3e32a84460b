"""Answer sheets: printed per seat, scanned, read once, doubtful items read by two people, scored."""

import io
from decimal import Decimal
from fractions import Fraction

import pytest
from PIL import Image

from examday.errors import NotFound
from examday.papers.rules.refusals import KeyTooEarly
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.rules.answer_scoring import KeyLine, score_item
from examday.scoring.rules.answer_sheet import SheetKind, layout_from, layout_of, section_of
from examday.scoring.service import PartState, ScanState
from examday.trace import service as trace
from examday.trace.service import Action
from tests.factories.answer_sheets import as_pdf, usual_layout
from tests.factories.omr import omr_day
from tests.factories.planning import OFFICE


@pytest.fixture
def day(app, clock):
    return omr_day(clock)


def last_entry():
    return trace.list_entries(limit=1).entries[0]


def sheets(day):
    found = scoring.list_answer_sheets(day.batch_id)
    return sorted(found, key=lambda one: (one.candidate_id is None, one.id))


def theory(day, candidate_id):
    scores = {one.candidate_id: one for one in scoring.candidate_scores(day.batch_id)}
    return scores[candidate_id].theory


def test_a_layout_of_200_items_takes_two_pages_inside_the_markers():
    layout = usual_layout(140, 20, 40)

    assert (layout.count, len(layout.pages)) == (200, 2)
    assert [item.no for item in layout.items_of(2)] == list(range(101, 201))
    for page in (1, 2):
        spots = [spot for item in layout.items_of(page) for spot in item.spots]
        assert len({(spot.x, spot.y) for spot in spots}) == len(spots)
        assert all(12 < spot.x < 200 and 80 < spot.y < 275 for spot in spots)
    assert layout_from(layout.to_wire()) == layout


@pytest.mark.parametrize(
    "sections",
    [
        [],
        [("single", 1, 201, 4)],
        [("single", 1, 10, 6)],
        [("single", 1, 10, 4), ("judge", 10, 5, 2)],
        [("essay", 1, 1, 2)],
        [("single", 1, 0, 4)],
    ],
)
def test_what_no_sheet_holds_is_refused(sections):
    with pytest.raises(rules.BadLayout):
        layout_of([section_of(k, first=f, count=c, options=o) for k, f, c, o in sections])


@pytest.mark.parametrize(
    ("kind", "key", "given", "partial", "mark"),
    [
        ("single", "B", "B", "", "2"),
        ("single", "B", "", "", "0"),
        ("judge", "A", "B", "half", "0"),
        ("multiple", "ABD", "ABD", "", "2"),
        ("multiple", "ABD", "AB", "", "0"),
        ("multiple", "ABD", "AB", "half", "1"),
        ("multiple", "ABD", "A", "half", "1"),
        ("multiple", "ABCD", "AB", "share", "1"),
        ("multiple", "ABD", "AB", "0.5", "0.5"),
        ("multiple", "ABD", "AB", "9", "2"),
        ("multiple", "ABD", "ABC", "half", "0"),
        ("multiple", "ABD", "ABCD", "share", "0"),
        ("multiple", "ABD", "", "half", "0"),
        ("multiple", "ABD", "AB", "nonsense", "0"),
    ],
)
def test_an_answer_earns_what_the_key_and_the_paper_say(kind, key, given, partial, mark):
    line = KeyLine(1, "i", 1, SheetKind(kind), Decimal(2), key, partial)

    assert score_item(line, given) == Fraction(mark)


def test_from_the_scanner_to_the_mark(day):
    first, second, third, spare = sheets(day)
    assert spare.candidate_id is None
    wrong = day.right() | {1: "A", 2: "D", 61: "AB"}
    files = [
        ("a.jpg", day.scan(first.id, day.right())),
        ("b.pdf", as_pdf([day.scan(second.id, wrong, style="cross", profile="dirty")])),
    ]

    taken = scoring.take_scans(day.batch_id, files, by=OFFICE)

    assert [one.state for one in taken] == [ScanState.READ, ScanState.READ]
    assert last_entry().action == Action.ANSWER_SHEET_READ
    assert last_entry().facts["file_sha256"] == taken[1].file_sha256
    assert scoring.take_scans(day.batch_id, files, by=OFFICE) == ()
    assert sorted(path.read_bytes() for _, path in scoring.scan_files(day.batch_id)) == sorted(
        content for _, content in files
    )
    run = scoring.score_answers(day.batch_id, by=OFFICE)
    assert run.scored == 2
    assert theory(day, first.candidate_id).mark == Decimal("100.0")
    assert theory(day, second.candidate_id).mark == Decimal("97.0")
    assert theory(day, third.candidate_id).state is PartState.MISSING
    assert scoring.score_answers(day.batch_id, by=OFFICE).scored == 0
    assert scoring.check_marks(day.batch_id) == ()
    event = scoring.list_events(day.batch_id, first.candidate_id)[0]
    assert event.head["scans"] == taken[0].file_sha256
    # A typed mark that differs is a quarrel, whichever came first.
    with pytest.raises(rules.AlreadySettled):
        scoring.enter_theory_mark(first.candidate_id, Decimal(1), by=day.held.clerks[0].actor)
    scoring.enter_theory_mark(third.candidate_id, Decimal(1), by=day.held.clerks[0].actor)
    scoring.take_scans(day.batch_id, [("c.jpg", day.scan(third.id, day.right()))], by=OFFICE)
    scoring.score_answers(day.batch_id, by=OFFICE)
    assert theory(day, third.candidate_id).state is PartState.DISPUTED


def test_doubtful_items_wait_for_two_people_who_agree(day):
    sheet = sheets(day)[0]
    answers = day.right() | {5: "", 7: "AC", 61: "A"}
    jpeg = day.scan(sheet.id, answers, ghosts={9: "ABCD"})
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    one, two, three = (clerk.actor for clerk in day.held.clerks)
    left = sheets(day)[0].left
    assert {5, 7, 9, 61} <= set(left)
    assert scoring.score_answers(day.batch_id, by=OFFICE).scored == 0

    shown = scoring.review_item(sheet.id, 7, login="x", by=one)
    assert (shown.seen, shown.offered, shown.key) == ("AC", "ABCD", day.key[7])
    assert scoring.crop(sheet.id, 7).startswith(b"\x89PNG")
    with pytest.raises(rules.BadAnswer):
        scoring.review_answer(sheet.id, 7, "E", by=one)
    for no in left:
        for who in (one, two):
            scoring.review_answer(sheet.id, no, day.key[no] if no == 9 else answers[no], by=who)
    assert sheets(day)[0].left == ()
    with pytest.raises(rules.NothingToReview):
        scoring.review_answer(sheet.id, 7, "A", by=three)
    scoring.score_answers(day.batch_id, by=OFFICE)
    assert theory(day, sheet.candidate_id).mark == Decimal("97.0")


def test_two_readers_who_differ_need_a_third(day):
    sheet = sheets(day)[0]
    jpeg = day.scan(sheet.id, day.right() | {7: "AC"})
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    one, two, three = day.held.clerks

    scoring.review_answer(sheet.id, 7, "A", by=one.actor)
    with pytest.raises(rules.ReviewedBefore):
        scoring.review_answer(sheet.id, 7, "A", by=one.actor)
    assert last_entry().facts["code"] == "reviewed_before"
    scoring.review_answer(sheet.id, 7, "C", by=two.actor)

    assert sheets(day)[0].left == (7,)
    assert (sheet.id, 7) in scoring.waiting(day.batch_id, login=three.login)
    assert (sheet.id, 7) not in scoring.waiting(day.batch_id, login=one.login)
    scoring.review_answer(sheet.id, 7, "C", by=three.actor)
    assert scoring.answers_of(sheet.id)[7] == "C"


def test_a_corrected_identity_never_reads_the_answers_again(day, monkeypatch):
    mine, other, _third, spare = sheets(day)
    jpeg = day.scan(spare.id, day.right())
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    before = scoring.answers_of(spare.id)
    from examday.scoring.service import scans

    monkeypatch.setattr(scans, "measure", None)

    with pytest.raises(rules.SheetTaken):
        scoring.identify_sheet(spare.id, mine.candidate_id, "spare given", by=OFFICE)
    scoring.replace_sheet(mine.id, "coffee on the sheet", by=OFFICE)
    scoring.identify_sheet(spare.id, mine.candidate_id, "spare given", by=OFFICE)

    assert scoring.answers_of(spare.id) == before
    assert sheets(day)[-1].form_code == mine.form_code
    assert last_entry().facts["before"] is None
    scoring.score_answers(day.batch_id, by=OFFICE)
    assert theory(day, mine.candidate_id).mark == Decimal("100.0")
    assert theory(day, other.candidate_id).state is PartState.MISSING


def test_a_page_without_readable_code_is_read_when_someone_says_whose_it_is(day):
    sheet = sheets(day)[0]
    strange = day.scan(sheet.id, day.right(), code="EXA1/1/1/00000000/000000000000")
    (scan,) = scoring.take_scans(day.batch_id, [("a.jpg", strange)], by=OFFICE)
    assert scan.state is ScanState.UNIDENTIFIED

    found = scoring.identify_scan(scan.id, sheet.id, 1, by=OFFICE)

    assert found.state is ScanState.READ
    assert scoring.answers_of(sheet.id)[1] == day.key[1]
    with pytest.raises(rules.ScanIsRead):
        scoring.identify_scan(scan.id, sheets(day)[1].id, 1, by=OFFICE)
    with pytest.raises(NotFound):
        scoring.identify_scan(99, sheet.id, 1, by=OFFICE)


def test_two_scans_of_one_page_that_read_differently_are_for_people(day):
    sheet = sheets(day)[0]
    scans = [
        ("a.jpg", day.scan(sheet.id, day.right() | {3: "A"})),
        ("b.jpg", day.scan(sheet.id, day.right() | {3: "B"}, seed=2)),
    ]

    scoring.take_scans(day.batch_id, scans, by=OFFICE)

    assert sheets(day)[0].left == (3,)


def test_the_proctor_s_box_keeps_a_sheet_from_being_scored(day):
    sheet = sheets(day)[0]
    jpeg = day.scan(sheet.id, day.right(), flags=("misconduct",))
    scoring.take_scans(day.batch_id, [("a.jpg", jpeg)], by=OFFICE)
    assert sheets(day)[0].left == (0,)

    for clerk in day.held.clerks[:2]:
        scoring.review_answer(sheet.id, 0, "misconduct", by=clerk.actor)

    assert sheets(day)[0].flags == "misconduct"
    assert scoring.score_answers(day.batch_id, by=OFFICE).scored == 0


def test_one_bad_file_does_not_hold_up_the_rest(day):
    sheet = sheets(day)[0]
    plain = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(plain, "JPEG")
    small = io.BytesIO()
    jpeg = day.scan(sheet.id, day.right())
    Image.open(io.BytesIO(jpeg)).resize((420, 594)).save(small, "PNG")
    files = [
        ("empty.jpg", b""),
        ("text.pdf", b"%PDF-1.7\nnothing"),
        ("white.jpg", plain.getvalue()),
        ("small.png", small.getvalue()),
        ("good.jpg", jpeg),
    ]

    taken = scoring.take_scans(day.batch_id, files, by=OFFICE)

    assert [one.state for one in taken] == [ScanState.REFUSED] * 4 + [ScanState.READ]
    assert all(one.reason for one in taken[:4])
    assert len(scoring.list_scans(day.batch_id)) == 5


def test_the_scanner_s_folder_is_emptied_into_what_is_kept(day, settings):
    jpeg = day.scan(sheets(day)[0].id, day.right())
    (scoring.inbox(day.batch_id) / "1.JPG").write_bytes(jpeg)

    (scan,) = scoring.take_inbox(day.batch_id, by=OFFICE)

    assert list(scoring.inbox(day.batch_id).iterdir()) == []
    kept = settings.home / "scans" / "kept" / str(day.batch_id) / scan.file_sha256
    assert kept.read_bytes() == jpeg
    assert scoring.crop(scan.sheet_id, 1).startswith(b"\x89PNG")


def test_no_key_before_the_sittings_are_over(day, clock):
    sitting = planning.list_sittings(day.batch_id)[0]
    scoring.take_scans(
        day.batch_id, [("a.jpg", day.scan(sheets(day)[0].id, day.right()))], by=OFFICE
    )
    assert sitting.subject is Subject.THEORY
    clock.move_to(sitting.starts_at)

    with pytest.raises(KeyTooEarly):
        scoring.score_answers(day.batch_id, by=OFFICE)


def test_closed_marks_take_no_more_scans(day):
    first = sheets(day)[0]
    for one in sheets(day)[:3]:
        scoring.take_scans(
            day.batch_id, [(f"{one.id}.jpg", day.scan(one.id, day.right()))], by=OFFICE
        )
    scoring.score_answers(day.batch_id, by=OFFICE)
    from tests.factories.scoring import enter_practical

    for one in day.held.present:
        enter_practical(day.held, one.id, "80")
    scoring.lock_marks(day.batch_id, by=OFFICE)

    for change in (
        lambda: scoring.take_scans(
            day.batch_id, [("z.jpg", day.scan(first.id, {}, seed=9))], by=OFFICE
        ),
        lambda: scoring.identify_sheet(first.id, first.candidate_id, "x", by=OFFICE),
        lambda: scoring.replace_sheet(first.id, "x", by=OFFICE),
        lambda: scoring.review_answer(first.id, 1, "A", by=OFFICE),
    ):
        with pytest.raises(rules.MarksLocked):
            change()
