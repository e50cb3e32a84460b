"""The sheet: compiled, signed by two, published, objected to, corrected, published again."""

import io
from datetime import date

from PIL import Image, ImageDraw

from examday import clock
from examday.demo.cast import passphrase
from examday.demo.stage import Today, checkpoint, words
from examday.i18n import gettext as _
from examday.publicity import service as publicity
from examday.results import service as results
from examday.results.service import Outcome, Row, SheetChange
from examday.staff.service import Role

_CORRECTED_MARK = "66.0"


def sign_sheet(today: Today) -> None:
    """成绩登记表: the office compiles, the leader certifies, the body signs."""
    today.clock.move_to(clock.at(date(2026, 10, 21), 9))
    sheet = results.compile_sheet(today.batch_id, by=today.cast["ou"].actor)
    _sign(today, sheet.id)


def publish_and_correct(today: Today) -> None:
    """Five working days; one objection upheld, version 2, a new notice; then closed (GS-21/22)."""
    office, second = today.cast["ou"], today.cast["an"]
    today.clock.move_to(clock.at(date(2026, 10, 21), 16))
    notice = publicity.publish(today.sheet_id, by=office.actor)
    _post(notice, by=office.actor)
    complaint = publicity.record_complaint(
        channel="phone", text=words()["complaint_text"], by=office.actor, batch_id=today.batch_id
    )
    failed = _who_failed_in_practice(today)
    today.clock.move_to(clock.at(date(2026, 10, 23), 10))
    publicity.answer_complaint(complaint.id, words()["complaint_answer"], by=office.actor)
    objection = publicity.object_(
        notice.id,
        name=failed.name,
        contact="13800001234",
        about=failed.name,
        text=words()["objection_text"],
        by=office.actor,
    )
    publicity.accept(objection.id, by=office.actor)
    publicity.investigate(objection.id, by=second.actor, note=words()["objection_investigation"])
    today.clock.move_to(clock.at(date(2026, 10, 26), 11))
    decided = publicity.decide(
        objection.id,
        True,  # noqa: FBT003
        words()["objection_finding"],
        by=second.actor,
    )
    corrected = results.correct_sheet(
        today.sheet_id,
        decided.number,
        [
            SheetChange(
                candidate_id=failed.candidate_id,
                subject="practical",
                after=_CORRECTED_MARK,
                reason=words()["correction_reason"],
            )
        ],
        by=office.actor,
    )
    _sign(today, corrected.id)
    today.clock.move_to(clock.at(date(2026, 10, 27), 9))
    again = publicity.publish(today.sheet_id, by=office.actor)
    _post(again, by=office.actor)
    today.clock.move_to(clock.at(date(2026, 11, 4), 9))
    publicity.close_due_notices()
    checkpoint()
    closed = publicity.find_notice(again.id)
    today.note(
        _("Publicity"),
        _("five working days, objection %(number)s upheld, version 2, closed on %(on)s")
        % {"number": objection.number, "on": closed.period.ends_on},
    )


def _post(notice: publicity.Notice, *, by: str) -> None:
    """GS-21: a picture of the notice where it stands, kept as evidence."""
    picture = Image.new("RGB", (480, 640), (150, 120, 90))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 420, 580), fill="white")
    posted = clock.local(clock.now()).isoformat(sep=" ", timespec="minutes")
    draw.text((90, 90), f"{notice.code}  {posted}", fill="black")
    for line in range(130, 540, 20):
        draw.line((90, line, 390, line), fill=(120, 120, 120), width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    publicity.attach_posting(
        notice.id, out.getvalue(), "notice.png", place=words()["posting_place"], by=by
    )


def _sign(today: Today, sheet_id: int) -> None:
    signer = today.cast.holding(Role.SIGNER)[0]
    for person in (today.cast.leader, signer):
        sheet = results.sign_sheet(sheet_id, person.id, passphrase(person))
    today.sheet_id = sheet.id
    files = {path.name: path for path in results.sheet_files(sheet.id)}
    today.paths |= {"sheet_pdf": files["sheet.pdf"], "sheet_json": files["sheet.json"]}
    today.note(
        _("Score sheet"),
        _("version %(version)s signed by %(leader)s and %(signer)s")
        % {"version": sheet.version, "leader": today.cast.leader.name, "signer": signer.name},
    )


def _who_failed_in_practice(today: Today) -> Row:
    """Somebody whose theory is well above the line and whose practical mark is just below."""
    rows = results.find_sheet(today.sheet_id).rows
    failed = [row for row in rows if row.outcome is Outcome.FAILED]
    in_practice = [row for row in failed if float(row.practical) < float(row.theory)]
    return max(in_practice, key=lambda row: float(row.theory) - float(row.practical))
