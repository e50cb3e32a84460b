"""
Imports: a file is looked through first, a person decides, then its good items enter.

Nothing unclear enters: what was found is what is good plus the quarrel list 存疑清单, and what is
much like another item is shown before. A workbook with other columns than the template's waits for
a person to name them. Between the steps the file is kept encrypted.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from examday import clock, long_work, settings
from examday.db import db, unit_of_work
from examday.i18n import N_
from examday.long_work import Job
from examday.papers.adapters import bank_file
from examday.papers.adapters.bank_file import MemoryStore
from examday.papers.models import ImportRow
from examday.papers.rules.bank import Column, Import, Likeness, Quarrel
from examday.papers.rules.bank_refusals import NoSuchImport, TwiceNamed, UnusableForBank
from examday.papers.service import banks
from examday.trace import service as trace
from examday.trace.service import Action
from question_bank import (
    COLUMN_NAMES,
    Defaults,
    ImportReport,
    NoHeading,
    Similar,
    Source,
    Status,
    columns_of,
    import_files,
    preview_files,
)

FORMATS = (".txt", ".md", ".docx", ".xlsx", ".xml", ".gift", ".zip")
_SHOWN = 400
_NOTHING = ImportReport(found=0, accepted=(), listed=())
_STAGES = (N_("reading the file and comparing its items"), N_("keeping the result"))


def start_import(
    bank_id: int,
    *,
    name: str,
    content: bytes,
    source: str,
    is_reviewed: bool,
    by: str,
) -> Job:
    """
    Begin to look through a file; the job leads to the import, which waits for a decision.

    `is_reviewed` is for items that another body reviewed; others enter as drafts of `by`.
    """
    banks.find_bank(bank_id)
    wanted = {"source": source, "reviewed": "yes" if is_reviewed else "", "author": by}

    def look_through(job: Job) -> tuple[str, int]:
        try:
            report = _looked_through(bank_id, name, content, wanted, job)
        except UnusableForBank as error:
            if not isinstance(error.__cause__, NoHeading):
                raise
            return "columns", _keep(bank_id, name, content, wanted, _NOTHING, by=by)
        job.enter(1)
        return "import", _keep(bank_id, name, content, wanted, report, by=by)

    return long_work.start(name, _STAGES, look_through, back=("bank", bank_id))


def find_columns(import_id: int) -> tuple[Column, ...]:
    """Give the columns of an import's workbook, named as far as anybody knows; NoSuchImport."""
    row = _row(import_id)
    known = json.loads(row.defaults.get("mapping", "{}"))
    with bank_file.speaking(), bank_file.lent(row.file, _content(row)) as path:
        return tuple(
            Column(heading, known.get(heading, name), samples)
            for heading, name, samples in columns_of(path)
        )


def start_mapping(import_id: int, mapping: Mapping[str, str], *, by: str) -> Job:
    """
    Begin to look through a workbook again, its headings meaning what `mapping` says.

    A heading mapped to nothing is left out. Raises NoSuchImport, TwiceNamed.
    """
    row = _row(import_id)
    names = [name for name in mapping.values() if name]
    if len(set(names)) < len(names) or not set(names) <= set(COLUMN_NAMES):
        raise TwiceNamed
    bank_id, name, content = row.bank_id, row.file, _content(row)
    wanted = {**row.defaults, "mapping": json.dumps(dict(mapping), ensure_ascii=False)}

    def look_through(job: Job) -> tuple[str, int]:
        report = _looked_through(bank_id, name, content, wanted, job)
        job.enter(1)
        with unit_of_work():
            kept = _row(import_id)
            kept.defaults, kept.by, kept.at = wanted, by, clock.now()
            _note(kept, report)
        return "import", import_id

    return long_work.start(name, _STAGES, look_through, back=("columns", import_id))


def start_accepting(import_id: int, *, hold_similar: bool, by: str) -> Job:
    """Begin to let the good items of an import in; those much alike may be held back."""
    row = _row(import_id)
    bank_id, name, content = row.bank_id, row.file, _content(row)
    defaults, is_reviewed = _defaults(row.defaults), bool(row.defaults["reviewed"])
    mapping = _mapping(row.defaults)

    def accept(job: Job) -> tuple[str, int]:
        expected = banks.row_of(bank_id).sha256
        with banks.reading(bank_id) as store:
            store.on_look = job.step
            with bank_file.lent(name, content) as path:
                report = import_files(
                    store, [path], defaults=defaults, mapping=mapping, hold_similar=hold_similar
                )
            if not is_reviewed:
                _make_drafts(store, report, by=defaults.author)
            job.enter(1)
            _accept(import_id, store, report, expected=expected, by=by)
        return "bank", bank_id

    return long_work.start(name, _STAGES, accept, back=("bank", bank_id))


def drop_import(import_id: int) -> int:
    """Let nothing of an import in, and forget the file; gives the bank."""
    with unit_of_work() as session:
        row = _row(import_id)
        bank_id, path = row.bank_id, settings.current().home / row.path
        session.delete(row)
    bank_file.forget(path)
    return bank_id


def find_import(import_id: int) -> Import:
    """Find an import that waits for a decision; raises NoSuchImport."""
    row = _row(import_id)
    report = json.loads(row.report)
    return Import(
        id=row.id,
        bank_id=row.bank_id,
        file=row.file,
        found=row.found,
        good=row.good,
        is_reviewed=bool(row.defaults["reviewed"]),
        quarrels=tuple(Quarrel(**one) for one in report["quarrels"]),
        similar=tuple(Likeness(**one) for one in report["similar"]),
    )


def _looked_through(
    bank_id: int, name: str, content: bytes, wanted: dict[str, str], job: Job
) -> ImportReport:
    with banks.reading(bank_id) as store:
        store.on_look = job.step
        with bank_file.lent(name, content) as path:
            return preview_files(
                store, [path], defaults=_defaults(wanted), mapping=_mapping(wanted)
            )


def _keep(
    bank_id: int,
    name: str,
    content: bytes,
    wanted: dict[str, str],
    report: ImportReport,
    *,
    by: str,
) -> int:
    home = settings.current().home
    path, digest = bank_file.keep(content, home / "banks" / "imports")
    with unit_of_work() as session:
        row = ImportRow(bank_id=bank_id, file=name[-200:], sha256=digest, defaults=wanted)
        row.path, row.by, row.at = path.relative_to(home).as_posix(), by, clock.now()
        _note(row, report)
        session.add(row)
        session.flush()
        return row.id


def _note(row: ImportRow, report: ImportReport) -> None:
    row.found, row.good = report.found, len(report.accepted) + len(report.practicals)
    row.report = _written(report)


def _content(row: ImportRow) -> bytes:
    return bank_file.fetch(settings.current().home / row.path, sha256_hex=row.sha256)


def _accept(
    import_id: int, store: MemoryStore, report: ImportReport, *, expected: str, by: str
) -> None:
    with unit_of_work() as session:
        row = _row(import_id)
        path = settings.current().home / row.path
        banks.keep_store(session, row.bank_id, store, expected=expected)
        session.delete(row)
        trace.append(
            Action.ITEMS_IMPORTED,
            subject=banks.find_bank(row.bank_id).code,
            by=by,
            facts={
                "file": row.file,
                "found": report.found,
                "accepted": len(report.accepted),
                "practicals": len(report.practicals),
                "listed": len(report.listed),
                "similar": len(report.similar),
                "reviewed_elsewhere": bool(row.defaults["reviewed"]),
            },
        )
    bank_file.forget(path)


def _make_drafts(store: MemoryStore, report: ImportReport, *, by: str) -> None:
    """Whatever status a file claims, its items are drafts here until somebody reviews them."""
    at = clock.rfc3339(clock.now())
    for item in report.accepted:
        draft = replace(item, status=Status.DRAFT, reviewer="")
        store.step(draft, act="write", by=by, note="", at=at)
    for task in report.practicals:
        unread = replace(task, status=Status.DRAFT, reviewer="")
        store.step_practical(unread, act="write", by=by, note="", at=at)


def _defaults(wanted: dict[str, str]) -> Defaults:
    status = Status.LIVE if wanted["reviewed"] else Status.DRAFT
    return Defaults(source=Source(wanted["source"]), status=status, author=wanted["author"])


def _mapping(wanted: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(wanted.get("mapping", "{}"))
    return found


def _written(report: ImportReport) -> str:
    quarrels = [
        asdict(Quarrel(one.file, one.line, one.reason, one.text[:_SHOWN])) for one in report.listed
    ]
    return json.dumps({"quarrels": quarrels, "similar": [_likeness(s) for s in report.similar]})


def _likeness(pair: Similar) -> dict[str, str]:
    mine, other = pair.item, pair.other
    return asdict(Likeness(mine.id, mine.stem[:_SHOWN], other.id, other.stem[:_SHOWN]))


def _row(import_id: int) -> ImportRow:
    row = db.session.get(ImportRow, import_id)
    if row is None:
        raise NoSuchImport(number=import_id)
    return row
