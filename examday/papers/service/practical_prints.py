"""
The two other parts of a practical paper: 考核准备通知单 and 考核评分记录表 (DOMAIN §2.5, HS-06).

The notice may be printed before the paper is opened, from the day named at the seal, and then
names no task. The marking table is the paper's, and is printed once the paper is open.
"""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.documents import typeset
from examday.papers.models import NoticeRow
from examday.papers.rules.custody import Paper
from examday.papers.rules.refusals import NoSuchPart, NoticeTooEarly
from examday.papers.service.custody import find_paper, trace_refusal
from examday.papers.service.printing import opened
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

_PRINTS = Path(__file__).parents[1] / "prints"


def notice_time(paper_id: int) -> datetime | None:
    """Say from when the notice of a practical paper is given out; None where there is none."""
    row = db.session.get(NoticeRow, paper_id)
    return None if row is None else row.printable_from


def print_notice(paper_id: int, *, by: str) -> bytes:
    """
    Give the 考核准备通知单 for the site as PDF; the print is traced.

    Raises NoSuchPart for a paper without one, NoticeTooEarly (traced) before its day.
    """
    paper = find_paper(paper_id)
    row = db.session.get(NoticeRow, paper_id)
    if row is None:
        raise NoSuchPart
    if clock.now() < row.printable_from:
        refusal = NoticeTooEarly(from_=f"{clock.local(row.printable_from):%Y-%m-%d %H:%M}")
        trace_refusal(paper, refusal, by=by)
        raise refusal
    batch = planning.find_batch(paper.batch_id)
    data = {
        "title": batch.title,
        "occupation": batch.occupation + (f" {batch.trade}" if batch.trade else ""),
        "level": str(int(batch.level)),
        "form": paper.form_code,
        "site": settings.current().site_name,
        "held_on": _held_on(paper),
        "digest": paper.paper_digest[:16],
        "tasks": json.loads(row.content),
    }
    pdf = typeset(_PRINTS / "preparation_notice.typ", data, timestamp=paper.received_at)
    _trace(paper, "notice", pdf, by=by)
    return pdf


def print_record_table(paper_id: int, *, by: str) -> bytes:
    """
    Give the blank 考核评分记录表 of an opened practical paper as PDF; the print is traced.

    Raises ShortHanded (traced) while custodians are missing, NoSuchPart for a theory paper.
    """
    paper = find_paper(paper_id)
    data, _shown = opened(paper, by=by)
    if "tasks" not in data["paper"]:
        raise NoSuchPart
    pdf = typeset(_PRINTS / "record_table.typ", data, timestamp=paper.received_at)
    _trace(paper, "record", pdf, by=by)
    return pdf


def _held_on(paper: Paper) -> str:
    days = sorted(
        {
            f"{clock.local(one.starts_at):%Y-%m-%d}"
            for one in planning.list_sittings(paper.batch_id)
            if one.subject.value == paper.subject
        }
    )
    return " ".join(days)


def _trace(paper: Paper, part: str, pdf: bytes, *, by: str) -> None:
    with unit_of_work():
        trace.append(
            Action.PAPER_PRINTED,
            subject=f"paper/{paper.id}/{paper.form_code}",
            by=by,
            facts={
                "paper": paper.id,
                "form": paper.form_code,
                "part": part,
                "copies": 1,
                "spares": 0,
                "pdf_sha256": sha256(pdf).hexdigest(),
            },
        )
