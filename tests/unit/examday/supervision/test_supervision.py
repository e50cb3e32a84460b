"""双随机 can be repeated by anybody, an inspection says enough, and looking leaves a trace."""

import hashlib
import json
from datetime import date

import pytest

from examday.filing import service as filing
from examday.staff.service import Role
from examday.supervision import rules
from examday.supervision import service as supervision
from examday.supervision.service import Answer, Kind
from examday.trace import service as trace
from tests.factories.planning import EXAM_DAY, make_batch
from tests.factories.staff import make_account, sign_in, sign_in_as

__all__ = ["sign_in"]
SEED = "双色球 2026118"
OFFICE = "staff:office"


def test_a_draw_is_that_of_plain_sha_256_whatever_the_order():
    names = [f"B1-{n}" for n in range(10)]
    lots = {hashlib.sha256(f"{SEED}\n{name}".encode()).hexdigest(): name for name in names}

    drawn = rules.draw(reversed(names), seed=SEED, count=3)

    assert drawn == tuple(lots[key] for key in sorted(lots)[:3])
    assert rules.draw(names, seed=SEED + "x", count=10) != rules.draw(names, seed=SEED, count=10)


def test_sittings_and_inspectors_are_drawn_once_and_the_trace_repeats_it(app):
    make_batch(4)
    made = supervision.draw_inspections(from_day=EXAM_DAY, to_day=EXAM_DAY, seed=SEED, by=OFFICE)

    assert made.is_true()
    assert (len(made.sittings), len(made.pool)) == (1, 2)
    [entry] = trace.list_entries(action="supervision:inspections:drawn").entries
    assert json.loads(entry.leaf)["facts"]["seed"] == SEED
    with pytest.raises(rules.AlreadyDrawn):
        supervision.draw_inspections(
            from_day=date(2026, 10, 1), to_day=date(2026, 10, 31), seed=SEED + "2", by=OFFICE
        )


@pytest.mark.parametrize(
    ("days", "seed", "refusal"),
    [
        ((EXAM_DAY, EXAM_DAY), "short", rules.SeedMissing),
        ((date(2026, 1, 5), date(2026, 1, 6)), SEED, rules.NothingToDraw),
    ],
)
def test_a_draw_nobody_could_repeat_is_refused(app, days, seed, refusal):
    make_batch(4)

    with pytest.raises(refusal):
        supervision.draw_inspections(from_day=days[0], to_day=days[1], seed=seed, by=OFFICE)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"inspector": " "}, rules.CardMissing),
        ({"kind": Kind.EXTERNAL, "card_no": ""}, rules.CardMissing),
        ({"finding": ""}, rules.FindingMissing),
        ({"answers": {"seal": Answer.NO}, "advice": ""}, rules.FindingMissing),
    ],
)
def test_an_inspection_that_leaves_something_out_is_refused(changed, refusal):
    said = {"inspector": "李督导", "card_no": "D1", "answers": {}, "finding": "良好", "advice": ""}
    given = {"kind": Kind.INTERNAL} | said | changed

    with pytest.raises(refusal):
        rules.check_inspection(given.pop("kind"), **given)


def test_an_inspection_stands_on_its_form(app, settings):
    batch = make_batch(4)
    [sitting, _] = _sittings(batch)
    supervision.record_inspection(
        sitting.id,
        kind="external",
        inspector="李督导",
        card_no="D-1",
        answers={"seal": Answer.NO, "posted": Answer.YES},
        remarks={"seal": "封条破损"},
        finding="总体有序",
        advice="加强交接检查",
        by=OFFICE,
    )

    form, blank = filing.fill_form("hubei/supervision_record", batch.id)
    texts = {cell for row in form.texts() for cell in row}

    assert {"李督导 D-1", "封条破损", "总体有序", "加强交接检查"} <= texts
    ticks = [row[3:5] for row in form.texts() if row[0] in {"1", "7"}]
    assert ticks == [["√", ""], ["", "√"]]
    assert "√" not in {cell for row in blank.texts() for cell in row}
    [entry] = trace.list_entries(action="supervision:inspection:recorded").entries
    assert "李督导" not in entry.leaf.decode()


def test_pages_draw_record_and_keep_the_ledger(app, client):
    batch = make_batch(4)
    sitting = _sittings(batch)[0]
    supervisor = make_account(Role.SUPERVISOR)
    sign_in_as(client, supervisor)
    days = {"from_day": str(EXAM_DAY), "to_day": str(EXAM_DAY), "seed": SEED}

    assert client.post("/supervision/draws", data=days).status_code == 302
    page = f"/supervision/sittings/{sitting.id}/inspection"
    assert "试卷封装完好" in client.get(page).text
    answers = {f"answer_{check.code}": "yes" for check in supervision.list_checks()}
    said = {"kind": "internal", "inspector": "李督导", "finding": "良好"}
    assert client.post(page, data=answers | said).status_code == 302
    assert "李督导" in client.get("/supervision/").text
    client.get(f"/planning/batches/{batch.id}")
    client.get(f"/filing/batches/{batch.id}")

    looks = [(look.actor, look.page) for look in supervision.list_looks()]
    assert looks == [(supervisor.actor, "filing.batch"), (supervisor.actor, "planning.batch")]
    assert len(trace.list_entries(action="trace:record:viewed").entries) == 2
    sign_in_as(client, make_account(Role.OFFICE))
    client.get(f"/planning/batches/{batch.id}")
    assert len(supervision.list_looks()) == 2
    assert supervisor.actor in client.get("/supervision/looks").text


def test_counts_add_up_by_quarter_and_month(app):
    make_batch(4)

    quarters, months = filing.quarters(2026), filing.months(2026)

    assert [each.candidates for each in quarters] == [0, 0, 0, 4]
    assert sum(each.batches for each in months) == sum(each.batches for each in quarters) == 1


def _sittings(batch):
    from examday.planning import service as planning

    return planning.list_sittings(batch.id)


def test_a_supervisor_of_the_industry_records_a_visit(app, client):
    """County and industry bodies take part in 督导 (鲁人社字〔2020〕201号, SD-02): with their card."""
    batch = make_batch(2)
    sitting = _sittings(batch)[0]
    sign_in_as(client, make_account(Role.SUPERVISOR))
    url = f"/supervision/sittings/{sitting.id}/inspection"
    assert "行业" in client.get(url).text
    said = {
        "kind": "industry",
        "inspector": "周行业",
        "finding": "有序",
        "answers": {},
        "advice": "",
    }

    with pytest.raises(rules.CardMissing):
        supervision.record_inspection(sitting.id, **said, card_no="", by=OFFICE)
    made = supervision.record_inspection(sitting.id, **said, card_no="H-7", by=OFFICE)

    assert made.kind is Kind.INDUSTRY
    assert supervision.list_inspections(batch.id)[0].card_no == "H-7"
