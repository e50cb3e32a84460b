"""业绩 and 品德 weigh in the overall mark where the policy says so; they never help a failed part."""

import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

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
