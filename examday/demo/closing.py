"""After publicity: approval, certificate numbers, forms, the archive, and a stranger's check."""

import shutil
from datetime import date
from pathlib import Path

from examday import clock, verifier
from examday.demo.stage import Today, words
from examday.errors import Tampered
from examday.filing import service as filing
from examday.i18n import gettext as _
from examday.trace import service as trace

_FORMS = ("result_filing_1", "result_filing_2", "result_summary")


def file_and_archive(today: Today) -> None:
    """审核通过, numbers for those who passed, the forms, and one bundle for a stranger."""
    office = today.cast["ou"]
    today.clock.move_to(clock.at(date(2026, 11, 4), 14))
    filing.approve_results(
        today.batch_id,
        approver=words()["approver"],
        office=words()["filing_office"],
        reference=words()["approval_reference"],
        by=office.actor,
    )
    # The exam is over: whoever has the bank may now draw the papers again (question-bank recompute).
    (today.paths["papers"] / "certificate.json").write_bytes(today.certificate)
    certificates = filing.allocate_certificates(today.batch_id, by=office.actor)
    for name in _FORMS:
        for kind in ("xlsx", "pdf"):
            content = filing.export_form(name, today.batch_id, kind, by=office.actor)
            (today.paths["forms"] / f"{name}.{kind}").write_bytes(content)
    filing.close_batch(today.batch_id, by=office.actor)
    bundle = filing.archive_batch(today.batch_id, by=office.actor)
    policy = today.settings.home / "policy.txt"
    policy.write_text(trace.policy_text(), "utf-8")
    today.paths |= {"bundle": bundle.folder, "bundle_zip": bundle.zip, "policy": policy}
    today.note(
        _("Certificates"),
        f"{len(certificates)}: {certificates[0].number} … {certificates[-1].number}",
    )
    size = sum(path.stat().st_size for path in bundle.folder.rglob("*") if path.is_file())
    today.note(_("Archive"), f"{bundle.folder} ({size / 2**20:.1f} MiB)")


def verify(today: Today) -> None:
    """A stranger's view: the bundle alone and a policy from outside; then a byte is flipped."""
    policy = today.paths["policy"].read_text("utf-8")
    roots = verifier.read_roots(today.paths["policy"])
    report = verifier.verify(today.paths["bundle"], policy, tsa_roots=roots)
    if not report.valid:
        raise Tampered(what="; ".join(f.code for f in report.findings))
    _tell_outside(today, report)
    copy = today.desk / "copy-with-a-flipped-byte"
    shutil.copytree(today.paths["bundle"], copy)
    _flip_a_byte(next(iter(sorted(copy.rglob("*.mp4")))))
    changed = verifier.verify(copy, policy, tsa_roots=roots)
    shutil.rmtree(copy)
    if changed.valid:
        raise Tampered(what="a flipped byte was not found")
    codes = sorted({finding.code for finding in changed.findings})
    today.note(
        _("Verified"),
        _("valid, %(notes)s notes; one flipped byte in a copy: %(codes)s")
        % {"notes": len(report.notes), "codes": ", ".join(codes)},
    )


def _tell_outside(today: Today, report: verifier.Report) -> None:
    stamps = [note for note in report.notes if note.code == "STAMP_VALID"]
    if today.settings.tsa_urls and not stamps:
        raise Tampered(what="the authority's time-stamps are missing")
    today.note(
        _("Outside"),
        _("%(quorum)s witness must have co-signed: %(witness)s; %(stamps)s time-stamps hold")
        % {
            "quorum": today.settings.quorum,
            "witness": ", ".join(one.name for one in today.settings.witnesses),
            "stamps": len(stamps),
        },
    )


def _flip_a_byte(path: Path) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
