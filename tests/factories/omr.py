"""
A held batch with answer sheets: layout, an opened paper with its key, scans of every candidate.

omr_day(clock, candidates) -> OmrDay; day.scan(sheet, answers=…) gives a JPEG as a scanner would.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import cv2
import numpy as np

from examday import clock as examday_clock
from examday import documents
from examday.papers import service as papers
from examday.planning import service as planning
from examday.policy import Subject
from examday.scoring import service as scoring
from examday.scoring.models import AnswerSheetRow
from examday.scoring.rules.answer_sheet import SheetKind, SheetLayout, flag_spots
from examday.scoring.service.answer_sheets import code_of
from examday.staff import service as staff
from question_bank import seal
from tests.factories.answer_sheets import PROFILES, SCALE, Hand, blank_page, distort, usual_layout
from tests.factories.papers import PASSPHRASE, make_custodians
from tests.factories.planning import OFFICE
from tests.factories.scoring import HeldBatch, hold_batch


@dataclass
class OmrDay:
    """A held batch whose theory was answered on sheets."""

    held: HeldBatch
    layout: SheetLayout
    key: dict[int, str]
    paper_id: int

    @property
    def batch_id(self) -> int:
        return self.held.batch.id

    def right(self) -> dict[int, str]:
        return dict(self.key)

    def scan(
        self, sheet_id: int, answers: dict[int, str], *, page: int = 1, style: str = "pen",
        profile: str = "scan", seed: int = 1, code: str | None = None, flags: tuple[str, ...] = (),
        ghosts: dict[int, str] | None = None,
    ) -> bytes:  # fmt: skip
        """Fill the sheet in with these letters and scan it; `ghosts` are rubbed out."""
        from examday.db import db

        rng = np.random.default_rng([seed, sheet_id, page])
        row = db.session.get_one(AnswerSheetRow, sheet_id)
        text = code_of(row, page) if code is None else code
        picture = blank_page(self.layout, page, "X" * len(text)).copy()
        qr = cv2.imdecode(
            np.frombuffer(
                documents.qr_png(text, module_px=8, quiet_modules=0, level="Q"), np.uint8
            ),
            cv2.IMREAD_GRAYSCALE,
        )
        side = round(26 * SCALE)
        left, top = round(162 * SCALE), round(24 * SCALE)
        picture[top - 4 : top + side + 4, left - 4 : left + side + 4] = 255
        picture[top : top + side, left : left + side] = cv2.resize(
            qr, (side, side), interpolation=cv2.INTER_NEAREST
        )
        hand = Hand(rng, style)
        for item in self.layout.items_of(page):
            for spot in item.spots:
                if spot.letter in answers.get(item.no, ""):
                    hand.mark(picture, spot.x, spot.y)
                elif spot.letter in (ghosts or {}).get(item.no, ""):
                    hand.mark(picture, spot.x, spot.y, strength=0.35)
        for flag, spot in flag_spots().items():
            if flag.value in flags:
                hand.mark(picture, spot.x, spot.y)
        return distort(picture, PROFILES[profile], rng)


def omr_payload(
    layout: SheetLayout, *, form: str = "A", partial: str = "", written: int = 0
) -> tuple[dict[str, Any], dict[int, str]]:
    """A paper for the layout; marks 1 / 1 / 1 of 100 items, the key by a fixed pattern."""
    sections, key_items, key, no = [], [], {}, 0
    for section in layout.sections:
        items = []
        for no in range(section.first, section.first + section.count):
            letters = "ABCDE"[: section.options]
            if section.kind is SheetKind.MULTIPLE:
                letters = letters[no % 2 :: 2] if len(letters[no % 2 :: 2]) > 1 else letters[:2]
            else:
                letters = letters[no % len(letters)]
            key[no] = letters
            judge = section.kind is SheetKind.JUDGE
            options = [] if judge else [f"选项{n}" for n in range(section.options)]
            items.append({"no": no, "item": f"i{no}", "version": 1, "stem": f"第{no}题",
                          "options": options, "point": "A-A-001", "pictures": []})  # fmt: skip
            answer = {"A": "√", "B": "×"}[letters] if judge else letters
            key_items.append({"no": no, "mark": "1", "answer": answer})
        sections.append({"kind": section.kind.value, "heading": "", "mark_each": "1",
                         "instruction": "", "items": items, "partial": partial})  # fmt: skip
    if written:
        first = no + 1
        items = [{"no": first + n, "item": f"w{n}", "version": 1, "stem": "简述", "options": [],
                  "point": "A-A-001", "pictures": []} for n in range(written)]  # fmt: skip
        sections.append({"kind": "short", "heading": "", "mark_each": "10", "items": items})
        key_items += [{"no": one["no"], "mark": "10", "answer": "要点一；要点二"} for one in items]
    paper = {"v": 1, "code": f"D-{form}", "title": "电工四级", "occupation": "电工", "level": 4,
             "form": form, "minutes": 90, "total": "100", "notes": [], "sections": sections}  # fmt: skip
    return {"paper": paper, "key": {"v": 1, "form": form, "items": key_items}}, key


def take_paper(batch_id: int, payload: dict[str, Any], form: str) -> int:
    people = make_custodians()
    sealed = seal.seal(
        json.dumps(payload, ensure_ascii=False).encode(),
        header={"form": form},
        custodians={one.login: staff.custodian_public_key(one.id) for one in people},
        threshold=2,
        not_before=examday_clock.now() - timedelta(hours=1),
    )
    paper = papers.take_custody(
        sealed, batch_id=batch_id, subject="theory", form_code=form,
        by=(people[0].id, people[1].id),
    )  # fmt: skip
    for one in people[:2]:
        papers.approve_opening(paper.id, one.id, PASSPHRASE)
    return paper.id


def omr_day(
    clock, candidates: int = 3, *, layout: SheetLayout | None = None, partial: str = "",
    written: int = 0, spares: int = 1,
) -> OmrDay:  # fmt: skip
    """Hold a batch, open both forms, set the layout, print a sheet for every seat."""
    held = hold_batch(clock, candidates, absent=0)
    layout = layout or usual_layout()
    paper_id, key = 0, {}
    for form in ("A", "B"):
        payload, key = omr_payload(layout, form=form, partial=partial, written=written)
        paper_id = take_paper(held.batch.id, payload, form)
    scoring.set_layout(held.batch.id, layout.sections, by=OFFICE)
    sitting = next(
        one for one in planning.list_sittings(held.batch.id) if one.subject is Subject.THEORY
    )
    rooms = sorted({seat.room_code for seat in _seats(held.batch.id, sitting.id)})
    for at, room in enumerate(rooms):
        pdf = scoring.print_answer_sheets(
            sitting.id, room, by=OFFICE, spares=spares if at == 0 else 0
        )
        assert pdf.startswith(b"%PDF")
    return OmrDay(held, layout, key, paper_id)


def _seats(batch_id: int, sitting_id: int):
    from examday.admission import service as admission

    return [
        seat
        for ticket in admission.list_tickets(batch_id)
        for seat in ticket.seats
        if seat.sitting_id == sitting_id
    ]


__all__ = ["Decimal", "OmrDay", "omr_day", "omr_payload", "take_paper"]
