"""Statutory forms: filled from the day's data, checked against each other, printed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from examday import clock
from examday.db import unit_of_work
from examday.errors import BadInput
from examday.filing import prints, rules
from examday.filing.service import config, outcomes, queries, sources, steps
from examday.i18n import N_
from examday.planning import service as planning
from examday.trace import service as trace
from examday.trace.service import Action


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


def form_states(batch_id: int) -> list[FormState]:
    """List this site's forms in the order of the day, ready or not and why."""
    reached = {state.stage: state for state in steps.stages(batch_id)}
    return [
        FormState(form, reached[form.stage].is_reached, reached[form.stage].reason)
        for form in config.list_forms()
    ]


def fill_form(name: str, batch_id: int) -> rules.FilledForm:
    """Fill a form from the batch; refused before its stage, or when two forms disagree."""
    form = config.find_form(name)
    steps.require(form.stage, batch_id)
    rows = sources.SOURCES[form.rows](batch_id)
    _cross_check(form.rows, rows, batch_id)
    return rules.fill(form, rows, _context(batch_id), config.words())


def print_form(name: str, batch_id: int, fmt: str = "xlsx") -> bytes:
    """Give the bytes of a filled form as "xlsx" or "pdf"."""
    filled = fill_form(name, batch_id)
    if fmt == "xlsx":
        return prints.to_workbook(filled)
    if fmt == "pdf":
        return prints.print_page(filled, at=clock.now())
    raise UnknownFormat(fmt=fmt)


def export_form(name: str, batch_id: int, fmt: str, *, by: str) -> bytes:
    """Print a form to hand it in, and trace that it left the house: it may hold ID numbers."""
    content = print_form(name, batch_id, fmt)
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


def _cross_check(source: str, rows: Sequence[Any], batch_id: int) -> None:
    """Refuse a form that does not agree with its neighbours (HE-20, DOMAIN §8)."""
    if source == "arrangement":
        rules.check_arrangement(rows, sources.roster(batch_id))
    elif source == "result_lines":
        passed = outcomes.count_passed(batch_id)
        rules.check_results(rows, sources.certified_candidates(batch_id), passed)
    elif source == "certified_candidates":
        passed = outcomes.count_passed(batch_id)
        rules.check_results(sources.result_lines(batch_id), rows, passed)
    elif source == "totals_by_occupation":
        certificates = queries.list_certificates(batch_id)
        month = certificates[0].issued_on if certificates else clock.today()
        rules.check_totals(rows, len(queries.list_month(month)))


def _context(batch_id: int) -> rules.FormContext:
    batch, body, words = planning.find_batch(batch_id), planning.find_body(), config.words()
    days = dict.fromkeys((batch.starts_on.isoformat(), batch.ends_on.isoformat()))
    people, today = planning.list_candidates(batch_id), clock.today()
    contact = " ".join(filter(None, (body.contact, body.phone)))
    return rules.FormContext(
        body=rules.BodyLine(body.name, body.filing_no),
        batch=rules.BatchLine(batch.code, batch.title),
        site=batch.site,
        contact=contact,
        filled_by=contact,
        filled_on=today.isoformat(),
        held_on=words.list_mark.join(days),
        month=words.month.format(year=today.year, month=today.month),
        candidate_kinds=frozenset(str(each.kind) for each in people),
        methods=frozenset({str(batch.method)}),
        totals=sources.level_totals(people),
    )
