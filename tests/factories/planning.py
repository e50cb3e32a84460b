"""
A batch as far as a test needs it, made through the services.

make_body() -> Body · make_batch(candidates=6, until="reviewed") -> Batch with roster, two rooms,
a theory and a practical sitting, trained staff on their posts · write_roster(path, n, bad_rows).
"""

import io
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from examday import clock, documents
from examday.demo import people
from examday.planning import service as planning
from examday.planning.service import Batch, BatchState, Body, Duty, Level, ScopeLine
from examday.policy import Subject
from examday.staff import service as staff
from examday.staff.service import Account, Role
from tests.factories.staff import make_account

OFFICE = "staff:office"
SECOND = "staff:second"
OCCUPATION = "电工"
OCCUPATION_CODE = "6-31-01-03"
FILING_NO = "Y000021012001"
EXAM_DAY = date(2026, 10, 20)
_STEPS = tuple(BatchState)
_numbers = count(1)


def make_body(**changed: object) -> Body:
    """Register the site's body with electricians of levels 5 to 3 in its scope."""
    facts: dict[str, object] = {
        "name": "示范重工集团有限公司",
        "filing_no": FILING_NO,
        "uscc": "91210100MA0ABCD0AU",
        "authority": "沈阳市人力资源和社会保障局",
        "valid_from": date(2025, 1, 1),
        "address": "示范市示范路1号",
        "contact": "欧阳文",
        "phone": "024-12345678",
        "scope": [
            ScopeLine(
                occupation=OCCUPATION,
                trade="",
                occupation_code=OCCUPATION_CODE,
                levels=frozenset({Level.JUNIOR, Level.INTERMEDIATE, Level.SENIOR}),
                valid_from=date(2025, 1, 1),
            )
        ],
        "by": OFFICE,
    }
    return planning.register_body(**(facts | changed))  # type: ignore[arg-type]


def open_batch(code: str = "", **changed: object) -> Batch:
    """Open an empty batch for electricians of level 4 on the exam day, with a body if needed."""
    if not planning.list_bodies():
        make_body()
    facts: dict[str, object] = {
        "occupation": OCCUPATION,
        "occupation_code": OCCUPATION_CODE,
        "level": Level.INTERMEDIATE,
        "starts_on": EXAM_DAY,
        "basis": "国家职业技能标准 电工（2018年版）",
        "by": OFFICE,
    }
    code = code or f"B{next(_numbers)}"
    return planning.open_batch(code, f"第{code}批", **(facts | changed))  # type: ignore[arg-type]


def roster_bytes(rows: list[dict[str, str]], *, fields: tuple[str, ...] = people.FIELDS) -> bytes:
    """Give a workbook of these rows, with the headings an import knows."""
    from examday.planning.rules.layout import load_layout
    from examday.settings import config_folder

    columns = load_layout(config_folder() / "roster.toml").columns
    spec = documents.WorkbookSpec(
        sheet="roster",
        title="名册",
        columns=[documents.Column(columns[field].headings[0]) for field in fields],
        rows=[[row[field] for field in fields] for row in rows],
    )
    return documents.fill_workbook(spec)


def write_roster(path: Path, n: int, bad_rows: int = 0, *, seed: int = 1):
    """Write a roster of n good people and some bad rows; gives what was planted."""
    return people.write_roster(path, n, seed=seed, bad_rows=bad_rows)


def import_people(batch: Batch, n: int, *, seed: int = 1) -> None:
    """Import n invented people."""
    content = roster_bytes(people.invent(n, seed=seed))
    outcome = planning.import_roster(batch.id, content, "roster.xlsx", by=OFFICE)
    assert not outcome.listed, [entry.text() for entry in outcome.listed]


def make_staff(
    batch: Batch, *, held_on: date | None = None, rooms: int = 2
) -> dict[str, list[Account]]:
    """Hire the people of a day: 2 proctors a room, 3 examiners, a supervisor; all declared."""
    card = {"card_no": "K1", "card_levels": (5, 4, 3), "card_valid_to": date(2028, 12, 31)}
    crew = {
        "proctors": [make_account(Role.PROCTOR) for _ in range(2 * rooms)],
        "examiners": [make_account(Role.EXAMINER, **card) for _ in range(3)],
        "supervisors": [make_account(Role.SUPERVISOR)],
    }
    everyone = [account for group in crew.values() for account in group]
    trained_on = (held_on or batch.starts_on) - timedelta(days=3)
    staff.record_training([one.id for one in everyone], trained_on, "考前培训", by=OFFICE)
    for account in everyone:
        staff.declare_avoidance(account.id, batch.code, "无", by=account.actor)
    return crew


def arrange(batch: Batch, *, capacity: int = 30) -> dict[str, list[Account]]:
    """Add rooms R1, R2 and as many as it takes, two sittings on the first day, and post staff."""
    count = max(2, -(-len(planning.list_candidates(batch.id)) // capacity))
    rooms = [f"R{n}" for n in range(1, count + 1)]
    known = {room.code for room in planning.list_rooms()}
    for code in [code for code in rooms if code not in known]:
        planning.add_room(code, f"{code}考场", capacity, by=OFFICE)
    crew = make_staff(batch, rooms=count)
    for subject, hour in ((Subject.THEORY, 9), (Subject.PRACTICAL, 13)):
        sitting = planning.arrange_sitting(
            batch.id,
            f"{batch.code}-{subject.value[0].upper()}",
            subject,
            clock.at(batch.starts_on, hour, 0),
            90,
            rooms,
            by=OFFICE,
            form="闭卷笔试" if subject is Subject.THEORY else "现场操作",
        )
        post_everyone(sitting.id, crew)
    return crew


def post_everyone(sitting_id: int, crew: dict[str, list[Account]]) -> None:
    """Post two proctors to each room, the examiners and the supervisor to the whole sitting."""
    for nth, account in enumerate(crew["proctors"]):
        planning.post_staff(sitting_id, f"R{nth // 2 + 1}", account.id, Duty.PROCTOR, by=OFFICE)
    duties = (Duty.EXAMINER_LEADER, Duty.EXAMINER, Duty.EXAMINER)
    for duty, account in zip(duties, crew["examiners"], strict=True):
        planning.post_staff(sitting_id, "", account.id, duty, by=OFFICE)
    supervisor = crew["supervisors"][0]
    planning.post_staff(sitting_id, "", supervisor.id, Duty.QUALITY_SUPERVISOR, by=OFFICE)


def make_batch(
    candidates: int = 6, *, until: str = "reviewed", seed: int = 1, **changed: object
) -> Batch:
    """Make a batch of n candidates and bring it as far as a state: "rostered" … "open", "held"."""
    batch = open_batch(**changed)  # type: ignore[arg-type]
    goal = _STEPS.index(BatchState(until))
    day = min(clock.today(), batch.starts_on)
    steps = (
        (BatchState.ROSTERED, lambda: import_people(batch, candidates, seed=seed)),
        (BatchState.CHECKED, lambda: planning.approve_roster(batch.id, 1, by=OFFICE)),
        (BatchState.APPROVED, lambda: _approve_and_arrange(batch)),
        (BatchState.FILED, lambda: planning.file_roster(batch.id, sent_on=day, by=OFFICE)),
        (
            BatchState.REVIEWED,
            lambda: planning.record_filing_review(batch.id, reviewed_on=day, by=OFFICE),
        ),
        (BatchState.OPEN, lambda: planning.open_day(batch.id, held_on=batch.starts_on, by=OFFICE)),
        (BatchState.HELD, lambda: planning.close_day(batch.id, by=OFFICE)),
    )
    for state, take in steps:
        if goal >= _STEPS.index(state):
            take()
    return planning.find_batch(batch.id)


def _approve_and_arrange(batch: Batch) -> None:
    planning.approve_roster(batch.id, 2, by=SECOND)
    arrange(batch)


def workbook_of(rows: list[list[object]]) -> bytes:
    """Give a raw workbook (openpyxl), for hostile content that our own writer refuses."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def local_time(batch: Batch, hour: int, minute: int = 0) -> datetime:
    """Give an instant on the batch's first day, in the site's time."""
    return clock.at(batch.starts_on, hour, minute)
