"""Printing: only an opened paper, only for a printer with a valid agreement (HE-08)."""

import secrets
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from examday import clock, settings
from examday.db import db, unit_of_work
from examday.documents import qr_png, typeset
from examday.papers import rules
from examday.papers.models import ApprovalRow, PaperRow, PrinterRow, PrintOrderRow
from examday.papers.rules.copies import CopyCode
from examday.papers.rules.custody import Paper, Printer, PrintOrder
from examday.papers.rules.dots import dots_of
from examday.papers.rules.printable import pictures_as_texts, printable
from examday.papers.rules.refusals import (
    BadCount,
    KeyTooEarly,
    NoSuchPart,
    NoSuchPrinter,
    OpeningRefused,
    PrintingClosed,
    ShortHanded,
)
from examday.papers.service.custody import find_paper, open_payload, trace_refusal
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

_PRINTS = Path(__file__).parents[1] / "prints"


def register_printer(
    name: str,
    *,
    qualification: str,
    agreement_no: str,
    valid_from: date,
    valid_to: date,
    by: str,
) -> Printer:
    """Enter a printer with its 保密协议; both days of validity count."""
    with unit_of_work() as work:
        row = PrinterRow(name=name, qualification=qualification, agreement_no=agreement_no)
        row.valid_from, row.valid_to = valid_from, valid_to
        work.add(row)
        work.flush()
        trace.append(
            Action.PRINTER_REGISTERED,
            subject=f"printer/{row.id}",
            by=by,
            facts={
                "printer": name,
                "qualification": qualification,
                "agreement": agreement_no,
                "valid_from": valid_from.isoformat(),
                "valid_to": valid_to.isoformat(),
            },
        )
        return _printer(row)


def print_paper(paper_id: int, copies: int, spares: int, printer: int, *, by: str) -> bytes:
    """
    Give the PDF of all copies of an opened paper and record the order; the PDF is kept nowhere.

    Every page carries the code of its copy as a QR; spares come last.

    `printer` is the number in the register. Raises PrinterNotValid, BadCount, ShortHanded
    (traced) while custodians are missing, NoSuchPaper, NoSuchPrinter.
    """
    rules.check_counts(copies, spares)
    if copies < 1:
        raise BadCount
    chosen = find_printer(printer)
    rules.check_printer(chosen, today=clock.today())
    paper = find_paper(paper_id)
    if paper.is_printing_closed and not paper.is_open:
        raise PrintingClosed
    code = secrets.token_hex(6).upper()
    marked, pictures = mark_copies(code, copies, spares)
    data, shown = opened(paper, by=by)
    pdf = typeset(
        _PRINTS / ("practical_paper.typ" if "tasks" in data["paper"] else "paper.typ"),
        {**data, "copies": marked},
        assets=pictures | shown,
        timestamp=paper.received_at,
        mathematics=True,
    )
    with unit_of_work() as work:
        row = PrintOrderRow(paper_id=paper_id, printer_id=printer, copies=copies, spares=spares)
        row.pdf_sha256, row.ordered_at = sha256(pdf).hexdigest(), clock.now()
        row.ordered_by, row.code = by, code
        work.add(row)
        trace.append(
            Action.PAPER_PRINTED,
            subject=f"paper/{paper_id}/{paper.form_code}",
            by=by,
            facts={
                "paper": paper_id,
                "form": paper.form_code,
                "part": "paper",
                "copies": copies,
                "spares": spares,
                "printer": chosen.name,
                "agreement": chosen.agreement_no,
                "pdf_sha256": row.pdf_sha256,
                "code": code,
            },
        )
    return pdf


def close_printing(paper_id: int, *, by: str) -> Paper:
    """
    End the printing of a paper: the custodians' shares are wiped, so it is shut again.

    Whoever needs it later, the answer key for one, has the custodians approve once more.
    Raises NoSuchPaper, PrintingClosed.
    """
    paper = find_paper(paper_id)
    if paper.is_printing_closed and not paper.approvals:
        raise PrintingClosed
    with unit_of_work() as work:
        work.get_one(PaperRow, paper_id).printing_closed_at = clock.now()
        approvals = select(ApprovalRow).where(ApprovalRow.paper_id == paper_id)
        for approval in work.scalars(approvals):
            # Overwritten before it is deleted: a freed page of the file keeps its old bytes.
            approval.share = "0" * len(approval.share)
            work.flush()
            work.delete(approval)
        trace.append(
            Action.SHARES_WIPED,
            subject=f"paper/{paper_id}/{paper.form_code}",
            by=by,
            facts={"paper": paper_id, "form": paper.form_code, "shares": len(paper.approvals)},
        )
    return find_paper(paper_id)


def print_answer_key(paper_id: int, *, by: str) -> bytes:
    """
    Give the PDF of the answer key for markers, once every sitting of the subject has ended.

    Raises KeyTooEarly and ShortHanded, both traced; NoSuchPart for a practical paper.
    """
    paper = find_paper(paper_id)
    payload, shown = opened(paper, by=by, is_key=True)
    if "tasks" in payload["paper"]:
        raise NoSuchPart
    pdf = typeset(
        _PRINTS / "answer_key.typ",
        payload,
        assets=shown,
        timestamp=paper.received_at,
        mathematics=True,
    )
    with unit_of_work():
        trace.append(
            Action.PAPER_PRINTED,
            subject=f"paper/{paper_id}/{paper.form_code}",
            by=by,
            facts={
                "paper": paper_id,
                "form": paper.form_code,
                "part": "key",
                "copies": 1,
                "spares": 0,
                "pdf_sha256": sha256(pdf).hexdigest(),
            },
        )
    return pdf


def find_printer(printer_id: int) -> Printer:
    """Find a registered printer; raises NoSuchPrinter."""
    row = db.session.get(PrinterRow, printer_id)
    if row is None:
        raise NoSuchPrinter(printer=printer_id)
    return _printer(row)


def list_printers() -> list[Printer]:
    """List the register of printers."""
    return [_printer(row) for row in db.session.scalars(select(PrinterRow).order_by(PrinterRow.id))]


def list_print_orders(paper_id: int) -> list[PrintOrder]:
    """List what was printed of a paper."""
    rows = db.session.execute(
        select(PrintOrderRow, PrinterRow)
        .join(PrinterRow, PrinterRow.id == PrintOrderRow.printer_id)
        .where(PrintOrderRow.paper_id == paper_id)
        .order_by(PrintOrderRow.id)
    )
    return [
        PrintOrder(
            id=order.id,
            paper_id=order.paper_id,
            printer=printer.name,
            agreement_no=printer.agreement_no,
            copies=order.copies,
            spares=order.spares,
            pdf_sha256=order.pdf_sha256,
            ordered_at=order.ordered_at,
            ordered_by=order.ordered_by,
            code=order.code,
        )
        for order, printer in rows
    ]


def mark_copies(
    code: str, copies: int, spares: int
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Give number, dots and QR of every copy, spares last, and the pictures of the QRs."""
    marked: list[dict[str, Any]] = []
    pictures: dict[str, bytes] = {}
    for number in range(1, copies + spares + 1):
        name = f"copy-{number}.png"
        pictures[name] = qr_png(str(CopyCode(code, number)), level="Q")
        marked.append(
            {
                "index": number - 1,
                "no": number,
                "is_spare": number > copies,
                "picture": name,
                "dots": dots_of(CopyCode(code, number)),
            }
        )
    return marked, pictures


def opened(
    paper: Paper, *, by: str, is_key: bool = False
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Give what is printed of a paper, and its pictures as texts (for this room's drawers)."""
    _check_may_open(paper, by=by, is_key=is_key)
    payload = open_payload(paper)
    facts = {"site": settings.current().site_name, "digest": paper.paper_digest[:16]}
    return printable(payload) | facts, pictures_as_texts(payload)


def check_key_may_open(paper: Paper, *, by: str) -> None:
    """Raise ShortHanded or KeyTooEarly, traced, unless the key may be looked at now."""
    _check_may_open(paper, by=by, is_key=True)


def _check_may_open(paper: Paper, *, by: str, is_key: bool) -> None:
    try:
        if not paper.is_open:
            raise ShortHanded(needed=paper.threshold, given=len(paper.approvals))
        if is_key:
            _check_sittings_are_over(paper)
    except OpeningRefused as refusal:
        trace_refusal(paper, refusal, by=by)
        raise


def _check_sittings_are_over(paper: Paper) -> None:
    ends = [
        sitting.ends_at
        for sitting in planning.list_sittings(paper.batch_id)
        if sitting.subject.value == paper.subject
    ]
    if ends and clock.now() < max(ends):
        raise KeyTooEarly(ends_at=f"{clock.local(max(ends)):%Y-%m-%d %H:%M}")


def _printer(row: PrinterRow) -> Printer:
    return Printer(
        row.id, row.name, row.qualification, row.agreement_no, row.valid_from, row.valid_to
    )
