"""The sheet is its canonical bytes: rows prove to one root, and show no more than they must."""

import hashlib
import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examday import documents
from examday.results import prints, rules
from examday.results.prints import wording
from examday.results.rules import Duty, Heading, Outcome, Row, Sheet, SheetChange, SheetState
from examday.verifier import tree
from examday.wire import canonical, parse_canonical

HEADING = Heading(
    sheet="B1", version=1, site="示范企业考点", body="示范重工集团有限公司",
    body_filing_no="Y000021012001", batch="B1", title="2026年第一批", occupation="电工", trade="",
    occupation_code="6-31-01-03", level=4, level_label="四级/中级工", starts_on=date(2026, 10, 20),
    ends_on=date(2026, 10, 20), place="三号楼", policy="strictest", full_mark="100",
    pass_mark="60", decimals=1, rounding="ROUND_HALF_UP", examiner_spread="10", performance_weight="0",
    conduct_weight="0",
    compiled_at=datetime(2026, 10, 20, 9, 0, tzinfo=UTC), compiled_by="office",
)  # fmt: skip


def row(no, outcome=Outcome.PASSED, **changed):
    facts = {
        "no": no, "candidate_id": 100 + no, "ticket_no": f"21012001260101000{no:03d}",
        "name": "阿卜杜拉·买买提" if no == 2 else f"张三{no}", "sex": "male",
        "id_masked": "210***********9913", "id_last_four": "9913",
        "employer": "示范重工集团有限公司", "theory": "87.5", "practical": "60.0",
        "outcome": outcome,
    }  # fmt: skip
    return Row(**{**facts, **changed})


ROWS = (
    row(1),
    row(2, Outcome.FAILED, theory="59.9"),
    row(3, Outcome.ABSENT, theory="absent", practical="absent"),
    row(4, Outcome.MISCONDUCT, theory="misconduct", practical="misconduct"),
)


def salt(of):
    return hashlib.sha256(f"secret{of.candidate_id}".encode()).hexdigest()


def content_of(rows=ROWS, heading=HEADING, changes=()):
    return rules.sheet_bytes(heading, rows, changes, salt=salt)


CONTENT = content_of()


def test_the_same_rows_give_the_same_bytes_of_every_file():
    assert content_of() == CONTENT
    assert prints.print_pdf(CONTENT) == prints.print_pdf(CONTENT)
    assert prints.print_workbook(CONTENT) == prints.print_workbook(CONTENT)


def test_the_rows_are_read_back():
    assert rules.read_rows(parse_canonical(CONTENT)) == ROWS


def test_the_totals_leave_absence_and_misconduct_out_of_the_rate():
    totals = rules.totals_of(ROWS)

    assert (totals.candidates, totals.present, totals.passed, totals.failed) == (4, 2, 1, 1)
    assert totals.pass_rate == "50.0"
    assert rules.totals_of(ROWS[2:]).pass_rate == ""


def test_a_public_row_shows_neither_marks_nor_the_id_number():
    public = rules.public_list(CONTENT).decode()

    for hidden in ("87.5", "59.9", "210***", "21012001260101000", "theory"):
        assert hidden not in public
        assert hidden in CONTENT.decode()


def test_the_public_list_proves_to_the_same_root():
    public = parse_canonical(rules.public_list(CONTENT))

    assert rules.row_root(public["rows"]) == parse_canonical(CONTENT)["row_root"]


def test_the_details_open_the_commitment_of_their_row():
    document = parse_canonical(CONTENT)

    for shown, detail in zip(document["rows"], document["details"], strict=True):
        assert hashlib.sha256(canonical(detail)).hexdigest() == shown["detail_sha256"]
    assert len({detail["salt"] for detail in document["details"]}) == len(ROWS)


def test_the_verifier_computes_the_same_root():
    from examday.verifier.sheet import row_root

    document = parse_canonical(CONTENT)

    assert row_root(document["rows"]) == document["row_root"]


@given(st.integers(1, 40), st.data())
@settings(max_examples=30, deadline=None)
def test_every_row_has_a_proof_and_no_other_row_fits_it(size, data):
    document = parse_canonical(content_of([row(no) for no in range(1, size + 1)]))
    index = data.draw(st.integers(0, size - 1))
    hashes = rules.row_hashes(document["rows"])
    path = tree.inclusion_proof(index, size, tree.nodes_of(hashes))
    root = bytes.fromhex(document["row_root"])
    changed = {**document["rows"][index], "outcome": "failed"}

    def fits(hashed):
        return tree.is_included(hashed, index=index, size=size, path=path, root=root)

    assert fits(hashes[index])
    assert not fits(rules.row_hashes([changed])[0])


def text_of(pdf):
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def test_the_page_prints_what_the_data_say():
    text = text_of(prints.print_pdf(CONTENT))

    for shown in ("职业技能等级认定成绩登记表", "阿卜杜拉·买买提", "59.9", "不合格", "缺考", "违纪",
                  "考评组长", "四舍五入", "红色印章", rules.short_code(CONTENT), "50.0%"):  # fmt: skip
        assert shown in text.replace("\n", ""), shown
    assert "absent" not in text


def test_the_page_carries_the_sheet_as_an_attachment(tmp_path):
    (tmp_path / "a.pdf").write_bytes(prints.print_pdf(CONTENT))

    subprocess.run(["pdfdetach", "-saveall", "a.pdf"], cwd=tmp_path, check=True)

    assert (tmp_path / "sheet.json").read_bytes() == CONTENT


def test_the_code_in_the_corner_names_sheet_and_digest(tmp_path):
    import zxingcpp
    from PIL import Image

    (tmp_path / "a.pdf").write_bytes(prints.print_pdf(CONTENT))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "a.pdf", "a"], cwd=tmp_path, check=True)

    with Image.open(tmp_path / "a-1.png") as picture:
        codes = [code.text for code in zxingcpp.read_barcodes(picture)]

    assert codes == [f"EXS1:B1:1:{rules.short_code(CONTENT)}"]


def test_the_workbook_has_the_rows_of_the_page():
    cells = documents.read_workbook(prints.print_workbook(CONTENT))
    start = next(at for at, line in enumerate(cells) if line[0] == "序号")

    assert [str(cell) for cell in cells[start]] == wording.titles(parse_canonical(CONTENT))
    assert cells[start + 2][2] == "阿卜杜拉·买买提"
    assert float(cells[start + 2][9]) == 59.9
    assert cells[start + 3][9] == "缺考"
    assert cells[start + 1][1] == ROWS[0].ticket_no


def test_a_name_without_a_glyph_stops_the_sheet_and_is_named():
    with pytest.raises(documents.MissingGlyph) as refused:
        prints.print_pdf(content_of([row(1, name="李\U00020bb7")]))

    assert refused.value.params["character"] == "\U00020bb7"


def test_three_hundred_rows_are_a_matter_of_a_moment():
    import time

    content = content_of([row(no) for no in range(1, 301)])
    start = time.process_time()
    prints.print_pdf(content)
    prints.print_workbook(content)

    assert time.process_time() - start < 4


# --- corrections -----------------------------------------------------------------------------


def decide(parts):
    least = min(float(parts["theory"]), float(parts["practical"]))
    return (Outcome.PASSED if least >= 60 else Outcome.FAILED), ""


def test_a_correction_changes_what_it_names_and_nothing_else():
    change = SheetChange(102, "theory", "60.0", "item 12 was marked wrong")

    rows, done = rules.apply_changes(ROWS, [change], decide=decide)

    assert rows[1] == replace(ROWS[1], theory="60.0", outcome=Outcome.PASSED)
    assert (rows[0], *rows[2:]) == (ROWS[0], *ROWS[2:])
    assert done == (replace(change, before="59.9"),)


def test_a_correction_gives_its_reason_and_changes_something():
    with pytest.raises(rules.NeedsObjection):
        rules.apply_changes(ROWS, [SheetChange(102, "theory", "60.0", " ")], decide=decide)
    with pytest.raises(rules.NothingChanged):
        rules.apply_changes(ROWS, [SheetChange(102, "theory", "59.9", "x")], decide=decide)
    with pytest.raises(KeyError):
        rules.apply_changes(ROWS, [SheetChange(999, "theory", "60.0", "x")], decide=decide)


def test_a_corrected_page_says_what_changed():
    heading = replace(HEADING, version=2, objection_no="YY-1")
    change = SheetChange(102, "theory", "60.0", "第12题漏分", before="59.9")

    text = text_of(prints.print_pdf(content_of(heading=heading, changes=[change])))

    for shown in ("第2版", "YY-1", "59.9→60.0", "第12题漏分"):
        assert shown in "".join(text.split())


# --- who signs -------------------------------------------------------------------------------


def sheet_in(state, *signed_by):
    signatures = tuple(
        rules.SheetSignature(Duty.LEADER, login, login, HEADING.compiled_at, "")
        for login in signed_by
    )
    return Sheet(
        id=1, batch_id=1, code="B1", version=1, state=state, objection_no="", replaces_id=None,
        replaced_by=None, compiled_by="office", compiled_at=HEADING.compiled_at, rows=ROWS,
        totals=rules.totals_of(ROWS), changes=(), signatures=signatures, json_sha256="",
        pdf_sha256="", xlsx_sha256="", row_root="", short_code="", entry_index=None,
    )  # fmt: skip


FRESH = sheet_in(SheetState.COMPILED)
CERTIFIED = sheet_in(SheetState.LEADER_SIGNED, "leader")


def signer(sheet, login, *, body=False):
    return rules.check_signer(
        sheet, login=login, leaders={"leader"}, markers={"leader", "marker"}, signs_for_body=body
    )


def test_the_leader_certifies_and_the_body_signs():
    assert signer(FRESH, "leader") is Duty.LEADER
    assert signer(CERTIFIED, "wang", body=True) is Duty.BODY


@pytest.mark.parametrize(
    ("sheet", "login", "body", "refusal"),
    [
        (FRESH, "office", True, rules.CompilerSigns),
        (CERTIFIED, "office", True, rules.CompilerSigns),
        (CERTIFIED, "leader", True, rules.SignedBefore),
        (CERTIFIED, "marker", True, rules.MarkerSigns),
        (CERTIFIED, "someone", False, rules.NotBodySigner),
        (FRESH, "wang", True, rules.NotLeaderOfBatch),
        (sheet_in(SheetState.SIGNED), "wang", True, rules.SheetSealed),
    ],
)
def test_nobody_else_signs(sheet, login, body, refusal):
    with pytest.raises(refusal):
        signer(sheet, login, body=body)


def test_the_sheet_is_json_that_anyone_can_read():
    assert json.loads(CONTENT)["sheet"] == "B1"
