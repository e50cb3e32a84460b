"""Days before: the body and its scope, the roster, rooms and sittings, staff, the filing."""

from datetime import date

from examday import clock
from examday.demo import cast, people
from examday.demo.cast import Cast
from examday.demo.stage import Today, words
from examday.filing import service as filing
from examday.i18n import gettext as _
from examday.planning import service as planning
from examday.planning.service import Duty, Level, RoomKind, ScopeLine, Sitting, Subject
from examday.staff import service as staff
from examday.staff.service import Role

EXAM_DAY = date(2026, 10, 20)
BAD_ROWS = 6
SEATS = 30  # the most one room holds (DOMAIN §3.2); the demo day has two
_MINUTES = 90
_FILED_ON = date(2026, 10, 9)
_REVIEWED_ON = date(2026, 10, 13)


def prepare_batch(today: Today) -> None:
    """Everything up to the reviewed filing, five working days before the exam (HE-09)."""
    text = words()
    today.cast = cast.hire()
    office, second = today.cast["ou"], today.cast["an"]
    planning.register_body(
        name=text["body"],
        filing_no="Y000021012001",
        uscc="91210100MA0ABCD0AU",
        authority=text["authority"],
        valid_from=date(2024, 11, 1),
        address=text["address"],
        contact=office.name,
        phone="024-12345678",
        scope=[
            ScopeLine(
                occupation=text["occupation"],
                trade="",
                occupation_code="6-31-01-03",
                levels=frozenset({Level.JUNIOR, Level.INTERMEDIATE, Level.SENIOR}),
                valid_from=date(2024, 11, 1),
            )
        ],
        by=office.actor,
    )
    batch = planning.open_batch(
        "2026-04",
        text["batch_title"],
        occupation=text["occupation"],
        occupation_code="6-31-01-03",
        level=Level.INTERMEDIATE,
        starts_on=EXAM_DAY,
        basis=text["basis"],
        site=text["address"],
        by=office.actor,
    )
    today.batch_id = batch.id
    _import_roster(today)
    planning.approve_roster(batch.id, 1, by=office.actor, signatory=office.name)
    planning.approve_roster(batch.id, 2, by=second.actor, signatory=second.name)
    _arrange(today)
    today.clock.move_to(clock.at(_FILED_ON, 10))
    planning.file_roster(batch.id, sent_on=_FILED_ON, by=office.actor)
    today.clock.move_to(clock.at(_REVIEWED_ON, 15))
    planning.record_filing_review(batch.id, reviewed_on=_REVIEWED_ON, by=office.actor)
    planning.file_with_approver(batch.id, sent_on=_REVIEWED_ON, by=office.actor)
    _print_forms(today)


def _import_roster(today: Today) -> None:
    path = today.desk / "roster.xlsx"
    people.write_roster(path, today.candidates, seed=today.seed, bad_rows=BAD_ROWS)
    imported = planning.import_roster(
        today.batch_id, path.read_bytes(), path.name, by=today.cast["ou"].actor
    )
    today.note(
        _("Roster"),
        _("%(accepted)s candidates taken, %(listed)s cells listed by row and reason")
        % {"accepted": imported.accepted, "listed": len(imported.listed)},
    )


def _arrange(today: Today) -> None:
    office, crew, batch = today.cast["ou"], today.cast, today.batch_id
    text = words()
    for code, has_cameras in (("R1", True), ("R2", False)):
        planning.add_room(
            code,
            text["rooms"][code],
            SEATS,
            kind=RoomKind.BOTH,
            place=text["places"][code],
            has_cameras=has_cameras,
            by=office.actor,
        )
    staff.record_training(
        [one.id for one in crew.accounts.values()],
        date(2026, 9, 25),
        text["training"],
        by=office.actor,
    )
    code = planning.find_batch(batch).code
    for one in crew.accounts.values():
        staff.declare_avoidance(one.id, code, text["no_ties"], by=one.actor)
    theory = planning.arrange_sitting(
        batch,
        "T1",
        Subject.THEORY,
        starts_at=clock.at(EXAM_DAY, 9),
        minutes=_MINUTES,
        room_codes=("R1", "R2"),
        form=text["theory_form"],
        by=office.actor,
    )
    practical = planning.arrange_sitting(
        batch,
        "P1",
        Subject.PRACTICAL,
        starts_at=clock.at(EXAM_DAY, 13, 30),
        minutes=_MINUTES,
        room_codes=("R1", "R2"),
        form=text["practical_form"],
        by=office.actor,
    )
    today.theory_id, today.practical_id = theory.id, practical.id
    for sitting in (theory, practical):
        _post(sitting, crew, by=office.actor)


def _post(sitting: Sitting, crew: Cast, *, by: str) -> None:
    proctors = crew.holding(Role.PROCTOR)
    for place, account in zip(("R1", "R1", "R2", "R2"), proctors, strict=True):
        planning.post_staff(sitting.id, place, account.id, Duty.PROCTOR, by=by)
    leader, *examiners = crew.holding(Role.EXAMINER)[:3]
    planning.post_staff(sitting.id, "", leader.id, Duty.EXAMINER_LEADER, by=by)
    for account in examiners:
        planning.post_staff(sitting.id, "", account.id, Duty.EXAMINER, by=by)
    supervisor = crew.holding(Role.SUPERVISOR)[0]
    planning.post_staff(sitting.id, "", supervisor.id, Duty.QUALITY_SUPERVISOR, by=by)


def _print_forms(today: Today) -> None:
    """人员名册备案表 and 考务安排表, as a workbook and as PDF."""
    folder = today.desk / "forms"
    folder.mkdir()
    for name in ("roster_filing", "arrangement"):
        for kind in ("xlsx", "pdf"):
            content = filing.export_form(name, today.batch_id, kind, by=today.cast["ou"].actor)
            (folder / f"{name}.{kind}").write_bytes(content)
    today.paths["forms"] = folder
