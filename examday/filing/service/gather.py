"""
What goes into the archive of a batch: the five folders of 以认定批次为单位建档 (DOMAIN §3.8).

1 报名、资格审核卷 · 2 备案卷 · 3 认定过程管理卷 · 4 试卷及结果卷 · 5 证书管理卷; footage and
evidence beside them. Each function fills one folder from the rooms' own queries and files.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from pydantic_core import to_jsonable_python

from examday.admission import service as admission
from examday.filing import rules
from examday.filing.service import config, forms, mapping, queries
from examday.filing.service.records import Records
from examday.papers import service as papers
from examday.planning import service as planning
from examday.proctoring import service as proctoring
from examday.publicity import service as publicity
from examday.results import service as results
from examday.scoring import service as scoring
from examday.settings import current
from examday.verifier.layout import PROOF_SUFFIX

FOLDERS = ("1-registration", "2-filing", "3-process", "4-papers-results", "5-certificates")
_CONTENTS = "CONTENTS.txt"
_ROSTER = "roster"
_PLANNED = "planned"
# Forms that belong into another folder than their stage says (DOMAIN §3.8).
_REGISTRATION = frozenset({"applications"})
_PROCESS = frozenset({"supervision", "rooms", "sitting_staff"})
Tell = Callable[[int], None]


def gather(data: Path, batch_id: int, *, by: str, tell: Tell = lambda _: None) -> None:
    """Fill the data/ folder of a bundle; `tell` hears how far it has come, in percent."""
    of = Records(batch_id)
    fillers: tuple[Callable[[Path], None], ...] = (
        lambda folder: _registration(folder, of),
        lambda folder: _filing(folder, of),
        lambda folder: _process(folder, of, by=by),
        lambda folder: _papers_and_results(folder, batch_id),
        lambda folder: _certificates(folder, of),
    )
    for done, (name, fill) in enumerate(zip(FOLDERS, fillers, strict=True)):
        tell(done * 100 // (len(FOLDERS) + 1))
        (data / name).mkdir(parents=True)
        fill(data / name)
    tell(100 * len(FOLDERS) // (len(FOLDERS) + 1))
    _footage(data, batch_id)
    _evidence(data, batch_id)
    _watching(data, batch_id)
    _keep(data / _CONTENTS, _list_contents(data).encode())


def _list_contents(data: Path) -> str:
    """List each paper of the five folders: its files, or that it is not kept electronically."""

    def count_files(pattern: str) -> int:
        return sum(path.is_file() for path in data.glob(pattern))

    return rules.list_contents(config.contents(), count_files)


def _registration(folder: Path, of: Records) -> None:
    """资格审核通过人员名册 and who approved it (HE-06)."""
    for form in config.list_forms():
        if form.rows == _ROSTER:
            _keep(folder / "roster.xlsx", forms.print_workbook(form, of))
    _print_forms(folder, of, lambda form: form.rows in _REGISTRATION)
    _documents(folder, of.batch_id)
    _write_json(folder / "approvals.json", planning.list_approvals(of.batch_id))
    _write_json(folder / "batch.json", of.batch)


def _documents(folder: Path, batch_id: int) -> None:
    """公告, 委托函, 待遇承诺 and the candidates' papers, each with its date (HE-03, HE-05)."""
    of_batch = [("batch", one) for one in planning.list_documents("batch", batch_id)]
    of_people = [(f"{serial:04d}", one) for serial, one in planning.list_papers(batch_id)]
    for owner, document in (*of_batch, *of_people):
        source = current().home / document.path
        name = f"{document.kind}-{document.id}{source.suffix}"
        _copy(source, folder / "documents" / owner / name)
    _write_json(folder / "documents.json", [document for _, document in (*of_batch, *of_people)])


def _filing(folder: Path, of: Records) -> None:
    """备案表 and 考务安排表, and when they were sent and reviewed (HE-09)."""
    elsewhere = _REGISTRATION | _PROCESS
    _print_forms(folder, of, lambda form: form.stage == _PLANNED and form.rows not in elsewhere)
    _write_json(folder / "filings.json", planning.list_filings(of.batch_id))
    _write_json(folder / "body.json", of.body)


def _process(folder: Path, of: Records, *, by: str) -> None:
    """签到表, 考场情况记录单, 试卷拆封确认表, 内部督导表, who was posted, who came."""
    _print_forms(folder, of, lambda form: form.rows in _PROCESS)
    for sitting in planning.list_sittings(of.batch_id):
        for room in sitting.room_codes:
            place = folder / sitting.code / room
            place.mkdir(parents=True)
            for name, content in (
                ("sign-in.pdf", admission.print_sign_in_sheet(sitting.id, room)),
                ("room-record.pdf", proctoring.print_room_record(sitting.id, room, by=by)),
                ("unsealing.pdf", papers.print_unsealing(sitting.id, room)),
            ):
                _keep(place / name, content)
            _write_json(place / "paper-register.json", _paper_register(sitting.id, room))
        _write_json(folder / sitting.code / "posts.json", planning.list_posts(sitting.id))
        _write_json(folder / sitting.code / "attendance.json", admission.attendance(sitting.id))


def _paper_register(sitting_id: int, room: str) -> dict[str, object]:
    """试卷发放/收取情况登记表: each bag's way into the room, its opening, what was counted back."""
    return {
        "handed_over": papers.list_hand_overs(sitting_id, room),
        "unsealed": papers.list_unsealings(sitting_id, room),
        "counted_back": papers.balance(sitting_id, room),
    }


def _papers_and_results(folder: Path, batch_id: int) -> None:
    """The sealed papers, every version of the score sheet with its proofs, every notice."""
    sealed = {_sha256(path): path for path in (current().home / "papers").rglob("*.sealed")}
    for paper in papers.list_papers(batch_id):
        name = f"{paper.subject}-{paper.form_code}.sealed"
        _copy(sealed[paper.sealed_sha256], folder / "papers" / name)
    _marked(folder, batch_id)
    for sheet in results.list_sheets(batch_id):
        for source in results.sheet_files(sheet.id):
            _copy(source, folder / "sheets" / f"v{sheet.version}" / source.name)
    for notice in publicity.list_notices(batch_id):
        for source in sorted(publicity.folder(notice.code).iterdir()):
            _copy(source, folder / "notices" / notice.code / source.name)
    _write_json(folder / "objections.json", publicity.list_batch_objections(batch_id))


def _marked(folder: Path, batch_id: int) -> None:
    """Answer cards as they were scanned, and the committed 评分记录表."""
    scanned = scoring.scan_files(batch_id)
    for name, source in scanned:
        _copy(source, folder / "answer-cards" / name)
    if scanned:
        _write_json(folder / "answer-card-scans.json", scoring.list_scans(batch_id))
        _write_json(folder / "answer-cards.json", scoring.list_answer_sheets(batch_id))
    for number, pages in enumerate(scoring.print_all_committed_sheets(batch_id), 1):
        _keep(folder / "marking-sheets" / f"marking-sheets-{number:03d}.pdf", pages)


def _certificates(folder: Path, of: Records) -> None:
    """结果备案表, 汇总表, the approval and the data for the national system."""
    _print_forms(folder, of, lambda form: form.stage != _PLANNED)
    _keep(folder / "national-upload.csv", mapping.export_certificate_data(of.batch_id))
    _write_json(folder / "approval.json", queries.find_approval(of.batch_id))
    _write_json(folder / "certificates.json", of.certificates)


def _footage(data: Path, batch_id: int) -> None:
    """Each segment and the proof of its entry, side by side."""
    for sitting in planning.list_sittings(batch_id):
        proofs = proctoring.prove_segments(sitting.id)
        for segment, proof in zip(proctoring.list_segments(sitting.id), proofs, strict=True):
            place = data / "footage" / segment.camera / sitting.code
            _copy(current().home / segment.path, place / segment.name)
            _copy(proof, place / f"{segment.name}{PROOF_SUFFIX}")


def _evidence(data: Path, batch_id: int) -> None:
    for sitting in planning.list_sittings(batch_id):
        for room in sitting.room_codes:
            place = data / "evidence" / sitting.code / room
            measures = proctoring.list_measures(sitting.id, room)
            for measure in measures:
                if measure.path:
                    _copy(current().home / measure.path, place / Path(measure.path).name)
            incidents = proctoring.list_incidents(sitting.id, room)
            if measures or incidents:
                _write_json(place / "measures.json", measures)
                _write_json(place / "incidents.json", incidents)


def _watching(data: Path, batch_id: int) -> None:
    """The cameras with the picture each should show, and the signed records of playback."""
    for camera in proctoring.list_cameras():
        if camera.reference_path:
            picture = current().home / camera.reference_path
            _copy(picture, data / "evidence" / "cameras" / f"{camera.code}{picture.suffix}")
    _write_json(data / "evidence" / "cameras.json", proctoring.list_cameras())
    for sitting in planning.list_sittings(batch_id):
        for spot in proctoring.list_playbacks(sitting.id):
            if spot.seen_at is not None:
                place = data / "evidence" / sitting.code / "playback"
                _keep(place / f"{spot.id}.json", spot.record.encode())
                _keep(place / f"{spot.id}.json.jws", spot.signature.encode())


def _print_forms(folder: Path, of: Records, wanted: Callable[[rules.StatutoryForm], bool]) -> None:
    for form in filter(wanted, config.list_forms()):
        short = form.name.rpartition("/")[2]
        for suffix, content in forms.print_all(form, of):
            _keep(folder / f"{short}{suffix}", content)


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1, sort_keys=True)
    _keep(path, f"{text}\n".encode())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
