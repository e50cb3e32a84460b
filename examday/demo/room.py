"""The exam morning and afternoon: papers opened and counted, footage, an incident, no cameras."""

import io
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from examday import clock
from examday.admission import service as admission
from examday.admission.service import Presence
from examday.demo.cast import passphrase
from examday.demo.footage import Scene, record_segment, still
from examday.demo.office import EXAM_DAY
from examday.demo.stage import Today, checkpoint, words
from examday.errors import Refusal
from examday.i18n import gettext as _
from examday.papers import service as papers
from examday.papers.service import Step
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.proctoring.service import MeasureKind, Signature
from examday.staff.service import Account, Role

CAMERAS = ("R1-A", "R1-B")
# Footage of an hour and a half would say no more than this and take an hour to encode.
SEGMENT_SECONDS = 20
SEGMENTS = 3
PLANTED_GAP_SECONDS = 6
_FORMS = ("A", "B")
_PHOTO_EVERY = timedelta(minutes=15)


def open_day(today: Today) -> None:
    """Checks, the first signed head of the day, and the seals: not early, not short-handed."""
    office = today.cast["ou"]
    today.clock.move_to(clock.at(EXAM_DAY, 6, 30))
    keepers = today.cast.holding(Role.CUSTODIAN)
    in_custody = papers.list_papers(today.batch_id)
    with suppress(Refusal):  # too early: refused, and the attempt is in the trace
        papers.approve_opening(in_custody[0].id, keepers[0].id, passphrase(keepers[0]))
    today.clock.move_to(clock.at(EXAM_DAY, 7, 30))
    planning.open_day(today.batch_id, by=office.actor)
    _plan_rooms(today, office)
    checkpoint()
    _print_papers(today, keepers, office)


def watch_theory(today: Today) -> None:
    """Footage of two cameras with one gap, an incident with evidence, a room without cameras."""
    theory = planning.find_sitting(today.theory_id)
    watch(today, theory)
    _catch_cheater(today, theory)
    close(today, theory)
    today.paths["footage"] = today.settings.home / "footage"


def watch(today: Today, sitting: planning.Sitting) -> None:
    """Take footage of the room with cameras, and measures in the one without."""
    _take_footage(today, sitting)
    _measure(today, sitting)


def close(today: Today, sitting: planning.Sitting) -> None:
    """Close both rooms once nothing is open, and publish a signed head."""
    _close_rooms(today, sitting)
    checkpoint()


def _plan_rooms(today: Today, office: Account) -> None:
    for number, code in enumerate(CAMERAS, start=1):
        proctoring.enrol_camera(
            code,
            "R1",
            identity=f"02:00:5e:10:00:{number:02x}",
            model="IPC-demo",
            reference=still(Scene(room="R1", camera=code)),
            by=office.actor,
        )
    for sitting_id in (today.theory_id, today.practical_id):
        sitting = planning.find_sitting(sitting_id)
        end = sitting.starts_at + timedelta(seconds=SEGMENT_SECONDS * SEGMENTS)
        for code in CAMERAS:
            proctoring.plan_coverage(
                sitting_id, "R1", code, sitting.starts_at, end, by=office.actor
            )
        proctoring.waive_cameras(
            sitting_id,
            "R2",
            reason=words()["waiver_reason"],
            approver=today.cast.holding(Role.SUPERVISOR)[0].id,
            by=office.actor,
        )


def _print_papers(today: Today, keepers: list[Account], office: Account) -> None:
    """Two of three custodians open A and B; what is printed is packed for each room."""
    printer = papers.register_printer(
        words()["printer"],
        qualification=words()["printer_qualification"],
        agreement_no="BM-2026-017",
        valid_from=EXAM_DAY - timedelta(days=200),
        valid_to=EXAM_DAY + timedelta(days=165),
        by=office.actor,
    )
    theory = planning.find_sitting(today.theory_id)
    needed = {
        room: Counter(seat.paper_form for seat in today.seats(theory.id, room))
        for room in theory.room_codes
    }
    for paper in papers.list_papers(today.batch_id):
        if paper.form_code not in _FORMS:
            continue
        papers.approve_opening(paper.id, keepers[0].id, passphrase(keepers[0]))
        with suppress(Refusal):  # one of two: refused, and the attempt is in the trace
            papers.print_paper(paper.id, 1, 0, printer.id, by=office.actor)
        papers.approve_opening(paper.id, keepers[1].id, passphrase(keepers[1]))
        copies = sum(counts[paper.form_code] for counts in needed.values())
        pdf = papers.print_paper(paper.id, copies, len(needed), printer.id, by=office.actor)
        (today.desk / "papers" / f"{paper.form_code}.pdf").write_bytes(pdf)
        for room, counts in needed.items():
            _hand_over(today, paper.id, room, f"{room}-{paper.form_code}", counts[paper.form_code])


def _hand_over(today: Today, paper_id: int, room: str, seal_no: str, copies: int) -> None:
    proctors = _proctors(today, room)
    for step, people in (
        (Step.PACKED, (today.cast["ou"].id, today.cast["cao"].id)),
        (Step.DRAWN, (today.cast["cao"].id, proctors[0].id)),
    ):
        papers.hand_over(
            today.theory_id,
            room,
            paper_id=paper_id,
            step=step,
            copies=copies + 1,
            seal_no=seal_no,
            people=people,
            place=words()["seal_place"],
            by=today.cast["cao"].actor,
        )


def unseal(today: Today) -> None:
    """启封 in each room: the seal shown, two candidates witness (DOMAIN §3.4)."""
    theory = planning.find_sitting(today.theory_id)
    for room in theory.room_codes:
        first, second = _proctors(today, room)
        here = [
            one.ticket_no
            for one in admission.attendance(theory.id, room)
            if one.state in {Presence.PRESENT, Presence.LATE}
        ]
        links = papers.list_hand_overs(theory.id, room)
        for link in (link for link in links if link.step is Step.DRAWN):
            papers.record_unsealing(
                theory.id,
                room,
                seal_no=link.seal_no,
                copies_counted=link.copies,
                proctors=(first.id, second.id),
                witnesses=(here[0], here[1]),
                by=first.actor,
            )


def roll_cameras(today: Today, sitting: planning.Sitting) -> None:
    """Segments as a recorder drops them; the second camera loses some seconds once."""
    today.clock.move_to(sitting.starts_at - timedelta(minutes=1))
    checkpoint()
    today.clock.move_to(sitting.starts_at)

    def beacon(moment: datetime) -> str:
        shown = proctoring.beacon("R1", at=moment)
        return shown.text if shown else ""

    for number in range(SEGMENTS):
        for code in CAMERAS:
            is_planted = (sitting.id, code, number) == (today.theory_id, CAMERAS[1], 1)
            lost = PLANTED_GAP_SECONDS if is_planted else 0
            record_segment(
                proctoring.inbox_folder("R1", code),
                Scene(room="R1", camera=code),
                start=sitting.starts_at + timedelta(seconds=number * SEGMENT_SECONDS),
                seconds=SEGMENT_SECONDS - lost,
                beacon=beacon,
                seed=today.seed + number,
            )


def _take_footage(today: Today, sitting: planning.Sitting) -> None:
    looks = [proctoring.scan_inbox(settle_seconds=0) for _look in range(2)]
    today.note(
        _("Footage"),
        _("%(sitting)s: %(segments)s segments hashed and logged, %(refused)s refused")
        % {
            "sitting": sitting.code,
            "segments": sum(len(look.taken) for look in looks),
            "refused": sum(len(look.refused) for look in looks),
        },
    )
    for code in CAMERAS:
        for span in proctoring.missing_spans(sitting.id, code):
            proctoring.declare_gap(
                sitting.id,
                "R1",
                code,
                span.start,
                span.end,
                reason=words()["gap_reason"],
                approver=today.cast.holding(Role.SUPERVISOR)[0].id,
                by=_proctors(today, "R1")[0].actor,
            )
            today.note(
                _("Gap"),
                _("%(camera)s: %(seconds).1f s found, declared with reason and approver")
                % {"camera": code, "seconds": (span.end - span.start).total_seconds()},
            )


def _catch_cheater(today: Today, theory: planning.Sitting) -> None:
    here = [one for one in admission.attendance(theory.id, "R1") if one.state is Presence.PRESENT]
    caught = here[len(here) // 2]
    proctoring.record_incident(
        theory.id,
        "R1",
        kind="copying",
        fact=words()["cheating_fact"],
        handling=words()["cheating_handling"],
        candidate_id=caught.candidate_id,
        seat=str(caught.seat_no),
        camera=CAMERAS[0],
        evidence_at=theory.starts_at + timedelta(seconds=30),
        at=theory.starts_at + timedelta(seconds=30),
        signature=Signature.SIGNED,
        by=_proctors(today, "R1")[0].actor,
    )
    today.note(_("Incident"), _("one candidate, with evidence at a second of footage"))


def _measure(today: Today, sitting: planning.Sitting) -> None:
    """GS-20: where no camera may hang, two people patrol and photograph at a steady pace."""
    first, second = _proctors(today, "R2")
    moment = sitting.starts_at
    while moment <= sitting.ends_at:
        for kind, note, photo in (
            (MeasureKind.PATROL, words()["measure_log"], b""),
            (MeasureKind.PHOTO, words()["measure_photo"], _photo(moment)),
        ):
            proctoring.record_measure(
                sitting.id,
                "R2",
                kind=kind,
                people=(first.id, second.id),
                note=note,
                photo=photo,
                at=moment,
                by=first.actor,
            )
        moment += _PHOTO_EVERY


def _close_rooms(today: Today, sitting: planning.Sitting) -> None:
    today.clock.move_to(sitting.ends_at + timedelta(minutes=10))
    folder = today.desk / "rooms"
    folder.mkdir(exist_ok=True)
    for room in sitting.room_codes:
        first, second = _proctors(today, room)
        if sitting.id == today.theory_id:
            _count_papers(sitting.id, room, first, second)
        proctoring.close_room(
            sitting.id,
            room,
            by=first.actor,
            checks=("cleared", "rules_read", "seats_match", "monitoring", "hotline_shown"),
        )
        record = proctoring.print_room_record(sitting.id, room, by=first.actor)
        (folder / f"{sitting.code}-{room}.pdf").write_bytes(record)


def _count_papers(sitting_id: int, room: str, first: Account, second: Account) -> None:
    issued = papers.balance(sitting_id, room).issued
    states = Counter(one.state for one in admission.attendance(sitting_id, room))
    absent = states[Presence.ABSENT]
    used = states[Presence.PRESENT] + states[Presence.LATE]
    papers.record_balance(
        sitting_id,
        room,
        used=used,
        absent=absent,
        spare=issued - used - absent,
        void=0,
        seal_no=f"{room}-back",
        people=(first.id, second.id),
        by=first.actor,
    )


def _proctors(today: Today, room: str) -> tuple[Account, Account]:
    proctors = today.cast.holding(Role.PROCTOR)
    return (proctors[0], proctors[1]) if room == "R1" else (proctors[2], proctors[3])


def _photo(moment: datetime) -> bytes:
    picture = Image.new("RGB", (640, 360), (90, 110, 120))
    draw = ImageDraw.Draw(picture)
    for seat in range(15):
        left, top = 60 + seat % 5 * 110, 120 + seat // 5 * 75
        draw.rectangle((left, top, left + 70, top + 40), fill=(200, 190, 160))
    draw.text((20, 20), clock.local(moment).isoformat(sep=" ", timespec="minutes"), fill="white")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
