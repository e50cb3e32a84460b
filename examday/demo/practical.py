"""The afternoon: the practical paper is opened, candidates come again, the day is closed."""

from examday import clock
from examday.demo import doors, room
from examday.demo.bank import PRACTICAL_FORM
from examday.demo.cast import passphrase
from examday.demo.office import EXAM_DAY
from examday.demo.stage import Today, checkpoint
from examday.papers import service as papers
from examday.planning import service as planning
from examday.scoring import service as scoring
from examday.staff.service import Role


def hold(today: Today) -> None:
    """实操: check in, watch, close the rooms, close the day."""
    _open_paper(today)
    practical = planning.find_sitting(today.practical_id)
    doors.check_in_practical(today)
    room.watch(today, practical)
    room.close(today, practical)
    today.clock.move_to(clock.at(EXAM_DAY, 15, 30))
    planning.close_day(today.batch_id, by=today.cast["ou"].actor)
    checkpoint()


def _open_paper(today: Today) -> None:
    """Two custodians open it; paper and marking sheet are printed, and marks follow its table."""
    office = today.cast["ou"]
    paper = next(
        one for one in papers.list_papers(today.batch_id) if one.form_code == PRACTICAL_FORM
    )
    for keeper in today.cast.holding(Role.CUSTODIAN)[:2]:
        papers.approve_opening(paper.id, keeper.id, passphrase(keeper))
    printer = papers.list_printers()[0]
    folder = today.desk / "papers"
    pdf = papers.print_paper(paper.id, today.candidates, 1, printer.id, by=office.actor)
    (folder / f"{PRACTICAL_FORM}.pdf").write_bytes(pdf)
    record = papers.print_record_table(paper.id, by=office.actor)
    (folder / "record.pdf").write_bytes(record)
    scoring.attach_sealed_rubric(today.batch_id, by=office.actor)
