"""业绩 and 品德 weigh in the overall mark where the policy says so; they never help a failed part."""

import io
import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from examday import documents
from examday.admission import service as admission
from examday.planning import service as planning
from examday.policy import Subject, load_policies
from examday.results import service as results
from examday.results.service import Outcome
from examday.scoring import rules
from examday.scoring import service as scoring
from examday.scoring.rules import Part, PartState
from examday.trace import service as trace
from tests.factories.results import compile_for
from tests.factories.scoring import enter_all_marks, enter_practical, enter_theory, hold_batch
from tests.factories.staff import sign_in_as

SCORING = replace(
    load_policies(Path("config/policy"))["strictest"].scoring,
    performance_weight=Decimal(20),
    conduct_weight=Decimal(10),
)
LINE = Decimal(60)
AWAY = Part(PartState.NOT_TAKEN)


def marked(text):
    return Part.marked(Decimal(text))


def parts(performance, conduct):
    return {Subject.PERFORMANCE: performance, Subject.CONDUCT: conduct}


@pytest.mark.parametrize(
    ("marks", "overall", "outcome"),
    [
        ("80.0 70.0 90.0 95.0", "80.0", "passed"),  # .35·80 + .35·70 + 18 + 9.5
        ("60.0 60.0 59.9 60.0", "60.0", "passed"),  # 59.98 is rounded, then compared
        ("60.0 60.0 59.7 60.0", "59.9", "failed"),  # 59.94
        ("59.9 100.0 100.0 100.0", "86.0", "failed"),  # no component saves a part
    ],
)
def test_the_overall_mark_is_folded_by_weights(marks, overall, outcome):
    theory, practical, performance, conduct = marks.split()
    exams = [marked(theory), marked(practical), AWAY]
    others = parts(marked(performance), marked(conduct))

    assert rules.overall_mark(exams, others, SCORING) == Decimal(overall)
    assert rules.outcome_with(exams, others, SCORING, LINE) == outcome


def test_a_state_in_a_component_is_never_a_number():
    exams = [marked("80"), marked("80"), AWAY]

    def outcome(state):
        return rules.outcome_with(exams, parts(Part(state), marked("80")), SCORING, LINE)

    assert outcome(PartState.MISSING) == outcome(PartState.DISPUTED) == "open"
    assert outcome(PartState.VOID) == "failed"
    assert rules.overall_mark(exams, parts(Part(PartState.VOID), marked("80")), SCORING) is None
    assert rules.overall_mark(exams, parts(AWAY, AWAY), SCORING) is None


@pytest.fixture
def weighed(app, clock, monkeypatch):
    """A held batch under a policy that weighs both components."""
    held = hold_batch(clock)
    policy = replace(planning.policy_of(held.batch.id), scoring=SCORING)
    monkeypatch.setattr(planning, "policy_of", lambda _batch_id: policy)
    return held


def test_components_are_typed_twice_and_stand_on_the_sheet(weighed, client, tmp_path):
    held, batch_id = weighed, weighed.batch.id
    enter_all_marks(held)
    for clerk, slip in zip(held.clerks[:2], ("90", "91"), strict=True):
        sign_in_as(client, clerk)
        page = client.get(f"/scoring/{batch_id}/performance")
        assert page.text.count('name="mark-') == len(held.present)  # the absent have none
        marks = {f"mark-{one.id}": "90" for one in held.present[1:]}
        client.post(
            f"/scoring/{batch_id}/performance", data=marks | {f"mark-{held.present[0].id}": slip}
        )
        client.post(
            f"/scoring/{batch_id}/conduct", data={f"mark-{one.id}": "95" for one in held.present}
        )
    (quarrel,) = scoring.quarrels(batch_id)
    assert quarrel.subject is Subject.PERFORMANCE
    with pytest.raises(rules.MarkerConflict):
        scoring.resolve_component(
            held.present[0].id, Subject.PERFORMANCE, Decimal(90), "x", by=held.clerks[0].actor
        )
    sign_in_as(client, held.clerks[2])
    done = client.post(
        f"/scoring/{batch_id}/differences",
        data={"candidate_id": held.present[0].id, "subject": "performance", "mark": "90",
              "reason": "the file says so"},
    )  # fmt: skip
    assert done.status_code == 302
    assert trace.list_entries(limit=1).entries[0].action == "scoring:component_mark:resolved"

    sheet = compile_for(held)

    row = sheet.rows[0]
    assert (row.performance, row.conduct, row.overall) == ("90.0", "95.0", "81.8")
    assert sheet.rows[3].performance == "not_taken"
    assert sheet.rows[3].outcome is Outcome.ABSENT
    assert results.check_batch(batch_id) == ()
    (tmp_path / "a.pdf").write_bytes(results.sheet_file(sheet.id, "sheet.pdf"))
    printed = subprocess.run(
        ["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode()
    for said in ("工作业绩20%", "职业道德10%", "综合成绩", "81.8"):
        assert said in "".join(printed.split()), said


@pytest.fixture
def senior(weighed, monkeypatch):
    """The same batch where its level counts as one of 技师 and 高级技师."""
    policy = planning.policy_of(weighed.batch.id)
    policy = replace(policy, rooms=replace(policy.rooms, senior_levels=(4,)))
    monkeypatch.setattr(planning, "policy_of", lambda _batch_id: policy)
    return weighed


ITEMS = list(SCORING.performance_worths)


def items(*marks):
    return dict(zip(ITEMS, map(Decimal, marks), strict=True))


def test_seniors_achievements_are_marked_item_by_item(senior):
    """LN-08: projects, problems solved, innovation, apprentices; their sum is the mark."""
    (who, other, _), (first, second, _) = senior.present, (one.actor for one in senior.clerks)
    enter = scoring.enter_component_items
    assert sum(SCORING.performance_worths.values()) == 100
    with pytest.raises(rules.WrongItems, match=ITEMS[1]):
        scoring.enter_component_mark(who.id, Subject.PERFORMANCE, Decimal(80), by=first)
    with pytest.raises(rules.WrongItems, match=ITEMS[4]):
        enter(who.id, Subject.PERFORMANCE, dict(list(items(*"11111").items())[:4]), by=first)
    with pytest.raises(rules.BadMark, match=ITEMS[2]):
        enter(who.id, Subject.PERFORMANCE, items("30", "10", "15.1", "10", "10"), by=first)

    for clerk in (first, second):
        part = enter(who.id, Subject.PERFORMANCE, items("30", "10", "15", "9.5", "0"), by=clerk)
    enter(other.id, Subject.PERFORMANCE, items("30", "10", "15", "9.5", "0"), by=first)
    quarrel = enter(other.id, Subject.PERFORMANCE, items("30", "10", "15", "0", "9.5"), by=second)

    assert part.mark == Decimal("64.5")
    assert quarrel.state is PartState.DISPUTED  # the sums agree, the items do not
    assert scoring.check_marks(senior.batch.id) == ()


def test_items_are_typed_on_the_page_and_a_slip_keeps_its_row(senior, client):
    who, batch_id = senior.present[0], senior.batch.id
    sign_in_as(client, senior.clerks[0])
    assert f'name="mark-{who.id}-4"' in client.get(f"/scoring/{batch_id}/performance").text
    typed = {f"mark-{who.id}-{at}": mark for at, mark in enumerate(("30", "10", "16", "9", "0"))}

    refused = client.post(f"/scoring/{batch_id}/performance", data=typed)
    taken = client.post(f"/scoring/{batch_id}/performance", data=typed | {f"mark-{who.id}-2": "15"})

    assert refused.status_code == 422
    assert 'value="16"' in refused.text
    assert ITEMS[2] in refused.text
    assert taken.status_code == 302
    (event,) = scoring.list_events(batch_id, who.id)
    assert dict(event.items) == items("30.0", "10.0", "15.0", "9.0", "0.0")


def test_items_come_from_a_workbook_and_what_computes_is_listed(senior, client):
    numbers = {one.candidate_id: one.number for one in admission.list_tickets(senior.batch.id)}
    a, b, c = (numbers[one.id] for one in senior.present)
    columns = [documents.Column(title) for title in ("准考证号", *ITEMS)]
    content = documents.fill_workbook(
        documents.WorkbookSpec(
            sheet="业绩", title="工作业绩", columns=columns,
            rows=[[a, 30, 10, 15, 9, 0], [b, 30, 10, 15, 9, 0], [c, 30, 10, 15, 90, 0],
                  [numbers[senior.absent[0].id], 1, 1, 1, 1, 1]],
        )
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(content))
    second = next(row for row in book.active.iter_rows() if row[0].value == b)
    second[3].value = "=10+5"
    out = io.BytesIO()
    book.save(out)
    sign_in_as(client, senior.clerks[0])

    page = client.post(
        f"/scoring/{senior.batch.id}/import",
        data={"subject": "performance", "file": (io.BytesIO(out.getvalue()), "a.xlsx")},
    )
    short = client.post(
        f"/scoring/{senior.batch.id}/import",
        data={"subject": "conduct", "file": (io.BytesIO(content), "a.xlsx")},
    )

    listed = re.findall(r'<td class="num">([^<]*)</td><td>[^<]*</td><td>([^<]*)</td>', page.text)
    assert [one for one, _ in listed] == [b, c, numbers[senior.absent[0].id]]
    assert "公式" in listed[0][1]
    assert ITEMS[3] in listed[1][1]
    who = senior.present[0].id
    assert [one.mark for one in scoring.list_events(senior.batch.id, who)] == [Decimal("64.0")]
    assert short.status_code == 422


def test_without_a_weight_nothing_is_asked(app, clock):
    held = hold_batch(clock)
    enter_theory(held, held.present[0].id, "80")
    enter_practical(held, held.present[0].id, "80")

    assert scoring.marking_lines(held.batch.id, Subject.CONDUCT, login=held.clerks[0].login) == ()
    with pytest.raises(rules.NoComponent):
        scoring.enter_component_mark(
            held.present[0].id, Subject.CONDUCT, Decimal(80), by=held.clerks[0].actor
        )
    assert [one.subject.value for one in scoring.progress(held.batch.id)] == ["theory", "practical"]
