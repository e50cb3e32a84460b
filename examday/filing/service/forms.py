"""Statutory forms: filled from the day's data, checked against each other, printed."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from examday import clock
from examday.db import unit_of_work
from examday.errors import BadInput, Refusal
from examday.filing import prints, rules
from examday.filing.service import config, desk_sources, queries, sources, steps
from examday.filing.service.records import Records
from examday.i18n import N_
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action

# So many sheets of a form of each candidate go into one file: memory stays small, files open.
PART_ROWS = 200
_AT_ONCE = 2


class NothingToPrint(Refusal):
    """A form of each candidate or sitting needs at least one."""

    code = "nothing_to_print"
    message = N_("There is nothing to print on this form yet.")


class UnknownFormat(BadInput):
    """A form is printed as a workbook or as a page."""

    code = "unknown_format"
    message = N_("A form is printed as xlsx or pdf, not as %(fmt)s.")


@dataclass(frozen=True, slots=True)
class FormState:
    """A form of this site and whether the batch has come far enough to fill it."""

    form: rules.StatutoryForm
    is_ready: bool
    reason: str
    parts: int = 1


def form_states(batch_id: int) -> list[FormState]:
    """List this site's forms in the order of the day, ready or not and why."""
    reached = {state.stage: state for state in steps.stages(batch_id)}
    return [
        FormState(
            form,
            reached[form.stage].is_reached,
            reached[form.stage].reason,
            count_parts(form, batch_id),
        )
        for form in config.list_forms()
    ]


def fill_form(name: str, batch_id: int, *, part: int | None = None) -> tuple[rules.FilledForm, ...]:
    """
    Fill a form from the batch; refused before its stage, or when two forms disagree.

    One filled form for the batch, or one for each row; `part` (from 1) takes PART_ROWS of those.
    """
    form = config.find_form(name)
    steps.require(form.stage, batch_id)
    return _fill(form, Records(batch_id), part=part)


def count_parts(form: rules.StatutoryForm, batch_id: int) -> int:
    """Count the parts in which a form of each candidate is printed; 1 for every other form."""
    if not form.each or form.rows != "applications":
        return 1
    return max(1, -(-planning.count_candidates(batch_id) // PART_ROWS))


def print_form(name: str, batch_id: int, fmt: str = "xlsx", *, part: int | None = None) -> bytes:
    """Give the bytes of a filled form as "xlsx" or "pdf"."""
    filled = fill_form(name, batch_id, part=part)
    if fmt == "xlsx":
        return prints.to_workbook(filled)
    if fmt == "pdf":
        return prints.print_page(filled, at=clock.now())
    raise UnknownFormat(fmt=fmt)


def print_workbook(form: rules.StatutoryForm, of: Records) -> bytes:
    """Give a form of the whole batch as .xlsx."""
    steps.require(form.stage, of.batch_id)
    return prints.to_workbook(_fill(form, of))


def print_all(form: rules.StatutoryForm, of: Records) -> Iterator[tuple[str, bytes]]:
    """
    Give every file of a form for the archive as (suffix, bytes): the rows are gathered once.

    A form of each candidate is typeset only, in parts: nobody edits 5,000 sheets of a workbook.
    """
    steps.require(form.stage, of.batch_id)
    if form.each:
        yield from _print_parts(form, of)
        return
    filled = _fill(form, of)
    yield ".xlsx", prints.to_workbook(filled)
    yield ".pdf", prints.print_page(filled, at=clock.now())


def _print_parts(form: rules.StatutoryForm, of: Records) -> Iterator[tuple[str, bytes]]:
    rows, context = sources.SOURCES[form.rows](of), _context(form, of)
    parts = [rows[at : at + PART_ROWS] for at in range(0, len(rows), PART_ROWS)]
    words, now = config.words(), clock.now()

    def print_part(part: Sequence[object]) -> bytes:
        return prints.print_page(rules.fill_each(form, part, context, words), at=now)

    # A large page is typeset in a process of its own: two of them, as the smallest server has cores.
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for number, page in enumerate(pool.map(print_part, parts), 1):
            yield ".pdf" if len(parts) == 1 else f"-{number:03d}.pdf", page


def export_form(name: str, batch_id: int, fmt: str, *, by: str, part: int | None = None) -> bytes:
    """Print a form to hand it in, and trace that it left the house: it may hold ID numbers."""
    content = print_form(name, batch_id, fmt, part=part)
    with unit_of_work():
        trace.append(
            Action.FORM_PRINTED,
            subject=name,
            by=by,
            facts={
                "batch": planning.find_batch(batch_id).code,
                "format": fmt,
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
    return content


def _fill(
    form: rules.StatutoryForm, of: Records, *, part: int | None = None
) -> tuple[rules.FilledForm, ...]:
    rows = sources.SOURCES[form.rows](of)
    _cross_check(form.rows, rows, of)
    if form.each and part is not None:
        rows = rows[(part - 1) * PART_ROWS : part * PART_ROWS]
    filled = rules.fill_each(form, rows, _context(form, of), config.words())
    if not filled:
        raise NothingToPrint
    return filled


def _cross_check(source: str, rows: Sequence[Any], of: Records) -> None:
    """Refuse a form that does not agree with its neighbours (HE-20, DOMAIN §8)."""
    if source == "arrangement":
        rules.check_arrangement(rows, sources.roster(of))
    elif source == "result_lines":
        rules.check_results(rows, sources.certified_candidates(of), of.count_numbered())
    elif source == "certified_candidates":
        rules.check_results(sources.result_lines(of), rows, of.count_numbered())
    elif source == "totals_by_occupation":
        rules.check_totals(rows, len(queries.list_month(desk_sources.month_of(of))))


def _context(form: rules.StatutoryForm, of: Records) -> rules.FormContext:
    batch, body, words = of.batch, of.body, config.words()
    days = dict.fromkeys((batch.starts_on.isoformat(), batch.ends_on.isoformat()))
    month, today = desk_sources.month_of(of), clock.today()
    contact = " ".join(filter(None, (body.contact, body.phone)))
    uncounted = sources.uncounted_levels(of)
    return rules.FormContext(
        body=rules.BodyLine(body.name, body.filing_no),
        batch=rules.BatchLine(batch.code, batch.title),
        site=batch.site,
        contact=contact,
        filled_by=contact,
        filled_on=today.isoformat(),
        held_on=words.list_mark.join(days),
        month=words.month.format(year=month.year, month=month.month),
        candidate_kinds=frozenset(str(each.kind) for each in of.people),
        methods=frozenset({str(batch.method)}),
        totals=sources.level_totals(of.people),
        in_sum=words.in_sum.format(levels=uncounted) if uncounted else "",
        left_out=words.left_out.format(levels=uncounted) if uncounted else "",
        publicity=(
            desk_sources.publicity_line(of)
            if form.stage != rules.STAGES[0]
            else rules.PublicityLine()
        ),
    )
