"""Every bad cell of a roster is listed by row, column and reason; clean rows are taken."""

import pytest

from examday.demo import people
from examday.planning import service as planning
from examday.planning.rules.layout import NoHeadings
from examday.planning.rules.roster import EmptyRoster
from examday.planning.service.roster import UnreadableRoster
from tests.factories.planning import (
    OFFICE,
    import_people,
    make_batch,
    open_batch,
    roster_bytes,
    workbook_of,
    write_roster,
)

GOOD = people.invent(1, seed=9)[0]
WITH_BIRTH = (*people.FIELDS, "birth_on")
MALE = {"sex": "男", "id_number": "110101199003079913"}
OTHER_DOCUMENT = {"id_type": "护照", "id_number": "E12345678"}


def import_rows(batch, rows, name="r.xlsx", **more):
    return planning.import_roster(batch.id, roster_bytes(rows, **more), name, by=OFFICE)


def test_planted_rows_are_listed_and_the_others_taken(app, tmp_path):
    batch, path = open_batch(), tmp_path / "roster.xlsx"
    planted = write_roster(path, 60, bad_rows=10)

    outcome = planning.import_roster(batch.id, path.read_bytes(), path.name, by=OFFICE)

    headings = {
        "id_number": "证件号码",
        "sex": "性别",
        "kind": "人员类别",
        "attachments": "报名材料",
        "phone": "联系电话",
        "level": "申报等级",
        "employer": "所在单位",
    }
    assert outcome.accepted == 60
    assert {(entry.row, entry.column) for entry in outcome.listed} == {
        (bad.row, headings[bad.column]) for bad in planted
    }
    assert len(planning.list_candidates(batch.id)) == 60


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"name": ""}, "姓名", "empty"),
        ({"name": "张"}, "姓名", "2 to 50"),
        ({"name": "张三3"}, "姓名", "does not hold 3"),
        ({"name": "张\u200b三"}, "姓名", "invisible"),
        (MALE | {"sex": "女"}, "性别", "does not agree"),
        (MALE | {"sex": "雄"}, "性别", "Unknown word"),
        (MALE | {"id_number": "110101199003079914"}, "证件号码", "check digit"),
        (MALE | {"id_number": "110101199002309913"}, "证件号码", "date in the number"),
        (MALE | {"id_number": "110101900307991"}, "证件号码", "15 digits"),
        (MALE | {"id_number": "990101199003079913"}, "证件号码", "No province"),
        ({"sex": "男", "id_number": "11010120150307991X"}, "证件号码", "age on the day is 11"),
        ({"id_type": "饭卡"}, "证件类型", "Unknown word"),
        (OTHER_DOCUMENT, "出生日期", "needs the date of birth"),
        (MALE | {"birth_on": "1990-03-08"}, "出生日期", "does not agree"),
        (MALE | {"birth_on": "三月"}, "出生日期", "not a date"),
        (OTHER_DOCUMENT | {"id_number": "!"}, "证件号码", "not a document number"),
        ({"education": "博学"}, "文化程度", "Unknown word"),
        ({"employer": ""}, "所在单位", "empty"),
        ({"employer": "厂" * 201}, "所在单位", "longer than 200"),
        ({"position": "=cmd|'/c calc'!A1"}, "现从事岗位", "formula"),
        ({"kind": "业务外包人员"}, "人员类别", "辽人社〔2020〕22号 二(三) LN-06"),
        ({"occupation": "焊工"}, "职业名称", "assesses 电工"),
        ({"trade": "维修电工"}, "工种名称", "assesses 电工"),
        ({"level": "技师"}, "申报等级", "四级/中级工"),
        ({"level": "九级"}, "申报等级", "Unknown word"),
        ({"eligibility": ""}, "申报条件", "empty"),
        ({"subjects": "理论、体育"}, "考核科目", "Unknown word"),
        ({"phone": "12345"}, "联系电话", "not a phone"),
        ({"attachments": "社保证明"}, "报名材料", "申报表 is missing (冀职鉴字"),
        (
            {"eligibility": "累计工作满6年", "attachments": "申报表"},
            "报名材料",
            "社保 is missing",
        ),
    ],
)
def test_each_defect_is_named(app, monkeypatch, changed, column, reason):
    monkeypatch.setenv("EXAMDAY_LANG", "en")
    batch = open_batch()
    rows = [person | {"birth_on": ""} for person in people.invent(3, seed=5)]
    rows[1] |= changed

    outcome = import_rows(batch, rows, fields=WITH_BIRTH)

    assert outcome.accepted == 2
    found = [entry for entry in outcome.listed if entry.column == column]
    assert found, outcome.listed
    assert {entry.row for entry in outcome.listed} == {4}
    assert any(reason in entry.text() for entry in found), [entry.text() for entry in found]


def test_a_listed_id_number_or_phone_is_masked(app):
    batch = open_batch()
    rows = people.invent(1, seed=5)
    rows[0] |= {"id_number": "110101199003079914", "phone": "1390000"}

    listed = import_rows(batch, rows).listed

    assert {entry.value for entry in listed} == {"110***********9914", "*******"}


def test_the_second_of_two_equal_id_numbers_is_listed_with_the_first_ones_row(app):
    batch = open_batch()
    rows = people.invent(3, seed=5)
    rows[2] |= {"id_number": rows[0]["id_number"].lower(), "sex": rows[0]["sex"]}

    outcome = import_rows(batch, rows)

    assert outcome.accepted == 2
    [duplicate] = outcome.listed
    assert (duplicate.row, dict(duplicate.facts)) == (5, {"row": "3"})


def test_a_corrected_file_replaces_rows_and_lets_approvals_fall(app):
    batch = make_batch(5, until="checked")

    rows = people.invent(6, seed=1)
    rows[0]["employer"] = "另一单位"
    outcome = import_rows(batch, rows)

    assert (outcome.accepted, outcome.replaced) == (6, 5)
    assert planning.list_approvals(batch.id) == ()
    assert planning.find_batch(batch.id).state is planning.BatchState.ROSTERED
    candidates = planning.list_candidates(batch.id)
    assert [candidate.serial for candidate in candidates] == [1, 2, 3, 4, 5, 6]
    assert candidates[0].employer == "另一单位"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_in_the_encodings_offices_use(app, encoding):
    from examday.planning.rules.layout import load_layout
    from examday.settings import config_folder

    batch = open_batch()
    columns = load_layout(config_folder() / "roster.toml").columns
    rows = people.invent(5, seed=4)
    lines = [[columns[field].headings[0] for field in people.FIELDS]]
    lines += [[row[field] for field in people.FIELDS] for row in rows]
    content = "\r\n".join(",".join(line) for line in lines).encode(encoding)

    outcome = planning.import_roster(batch.id, content, "名册.CSV", by=OFFICE)

    assert (outcome.accepted, outcome.listed) == (5, ())
    assert "李㛃" in {candidate.name for candidate in planning.list_candidates(batch.id)}


def test_an_id_number_stored_as_a_number_has_lost_digits(app, monkeypatch):
    monkeypatch.setenv("EXAMDAY_LANG", "en")
    batch = open_batch()
    content = raw_workbook(id_number=110101199003079913)

    outcome = planning.import_roster(batch.id, content, "r.xlsx", by=OFFICE)

    assert outcome.accepted == 0
    assert "lost digits" in outcome.listed[0].text()


def test_a_real_formula_is_listed_even_where_it_shows_a_good_value(app, monkeypatch):
    monkeypatch.setenv("EXAMDAY_LANG", "en")
    batch = open_batch()

    outcome = planning.import_roster(
        batch.id, raw_workbook(employer='="示范"&"厂"'), "r.xlsx", by=OFFICE
    )

    assert [(entry.column, "formula" in entry.text()) for entry in outcome.listed] == [
        ("所在单位", True)
    ]


def raw_workbook(**changed):
    from examday.planning.rules.layout import load_layout
    from examday.settings import config_folder

    columns = load_layout(config_folder() / "roster.toml").columns
    row = GOOD | changed
    return workbook_of(
        [
            [columns[field].headings[0] for field in people.FIELDS],
            [row[field] for field in people.FIELDS],
        ]
    )


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (b"", "r.xlsx", UnreadableRoster),
        (b"\x00\x01", "r.pdf", UnreadableRoster),
        (b"\xff\xff\xff", "r.csv", UnreadableRoster),
        (b"a,b\n1,2\n", "r.csv", NoHeadings),
        (b"PK\x03\x04garbage", "r.xlsx", Exception),
    ],
)
def test_unusable_files_change_nothing(app, content, name, refusal):
    batch = open_batch()

    with pytest.raises(refusal):
        planning.import_roster(batch.id, content, name, by=OFFICE)

    assert planning.find_batch(batch.id).state is planning.BatchState.DRAFT
    assert planning.last_import(batch.id) is None


def test_a_heading_without_people_is_refused(app):
    batch = open_batch()

    with pytest.raises(EmptyRoster):
        import_rows(batch, [])


def test_id_numbers_and_phones_are_not_in_the_database_in_clear(app, settings):
    batch = open_batch()
    import_people(batch, 5)

    candidates = planning.list_candidates(batch.id)
    stored = b"".join(path.read_bytes() for path in settings.home.glob("examday.db*"))
    for candidate in candidates:
        assert candidate.id_number.encode() not in stored
        assert candidate.phone.encode() not in stored
        assert candidate.id_number not in repr(candidate)
    assert planning.find_by_id_number(batch.id, candidates[3].id_number) == candidates[3]
    assert planning.find_by_id_number(batch.id, "11010519491231002X") is None


def test_the_trace_of_an_import_holds_no_personal_data(app):
    from examday.trace import service as trace

    batch = make_batch(5, until="approved")

    leaves = "".join(str(entry) for entry in trace.list_entries(limit=100).entries)
    for candidate in planning.list_candidates(batch.id):
        assert candidate.name not in leaves
        assert candidate.id_number not in leaves
        assert candidate.phone not in leaves


def test_a_thousand_rows_are_read_in_seconds(app):
    from examday import clock

    batch = open_batch()
    content = roster_bytes(people.invent(1000, seed=2))
    started = clock.monotonic_ms()

    outcome = planning.import_roster(batch.id, content, "r.xlsx", by=OFFICE)

    assert outcome.accepted == 1000
    assert clock.monotonic_ms() - started < 5000


def test_invented_people_are_the_same_for_a_seed_and_all_different():
    once, again, other = (people.invent(300, seed=seed) for seed in (1, 1, 2))

    assert once == again != other
    assert len({person["id_number"] for person in once}) == 300
    assert len({person["name"] for person in once}) > 150
    assert {"李㛃", "阿依古丽·买买提"} <= {person["name"] for person in once}


def test_the_headings_of_the_blank_roster_are_understood(app):
    from examday import documents
    from examday.planning.rules.layout import load_layout
    from examday.settings import config_folder

    batch = open_batch()

    rows = documents.read_workbook(planning.blank_roster(batch.id))

    layout = load_layout(config_folder() / "roster.toml")
    heading = layout.find_heading([[str(cell or "") for cell in row] for row in rows])
    assert set(heading.places) == set(layout.columns)


def test_form_rows_print_the_words_of_the_forms(app):
    batch = make_batch(5)

    [first, *_], [arranged] = planning.roster_rows(batch.id), planning.arrangement_rows(batch.id)

    assert (first.level, first.trade, first.id_type) == ("四级/中级工", "——", "居民身份证")
    assert first.subjects == "理论知识、操作技能"
    assert arranged.candidates == 5
    assert arranged.theory_time == "2026-10-20 09:00–10:30"
    assert arranged.practical_place == "R1考场、R2考场"
    assert len(arranged.examiners.split("、")) == 3
