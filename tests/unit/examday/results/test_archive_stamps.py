"""With a time-stamp authority the signed page is PAdES B-LTA, and a cut tail shows all the same."""

import asyncio
import io
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from examday import cli, documents
from examday.documents.pdf_validation import pyhanko_certificate
from examday.results import service as results
from examday.results.service.looking_back import authority, stamp_roots
from examday.trace import service as trace
from tests.factories.results import compile_for, sign_by_both, signers_of
from tests.factories.scoring import hold_batch
from tests.factories.stamps import serving_by_clock

# The signers' certificates ran out after three years; the authority of the stamps still stands.
YEARS_LATER = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture
def stamped(app, clock, settings, monkeypatch, tmp_path):
    """A sheet signed by both while an authority answers; its root lies beside the policy."""
    from dataclasses import replace

    with serving_by_clock(tmp_path / "tsa") as (url, pem):
        (settings.home / "policy.tsa.pem").write_bytes(pem)
        changed = replace(settings, tsa_urls=(url,))
        monkeypatch.setitem(app.extensions, "examday_settings", changed)
        held = hold_batch(clock, 2, absent=0)
        yield sign_by_both(compile_for(held), signers_of(held))


def ades_status(pdf, roots):
    """pyHanko's own judgement of the first signature by ETSI EN 319 102-1, for archived files."""
    trust = SimpleTrustManager.build(trust_roots=[pyhanko_certificate(one) for one in roots])
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=trust,
                revinfo_policy=CertRevTrustPolicy(
                    RevocationCheckingPolicy.from_legacy("soft-fail")
                ),
            )
        )
    )
    reader = PdfFileReader(io.BytesIO(pdf))
    later = ValidationTimingInfo(
        validation_time=YEARS_LATER, best_signature_time=YEARS_LATER, point_in_time_validation=True
    )
    return [
        asyncio.run(ades.ades_lta_validation(one, spec, later)).ades_subindic
        for one in reader.embedded_regular_signatures
    ]


def test_both_signatures_last(stamped, tmp_path):
    pdf = results.sheet_file(stamped.id, "sheet.pdf")
    facts = trace.find_entry(stamped.entry_index).facts

    (stamp,) = documents.read_stamps(pdf, trusted=stamp_roots())

    assert (facts["sig_count"], facts["stamp_count"]) == (2, 1)
    assert (stamp.intact, stamp.trusted, stamp.untouched, stamp.to_the_end) == (True,) * 4
    assert results.verify_pdf(pdf, stamped.id) == ()
    roots = [authority().certificate, *stamp_roots()]
    assert ades_status(pdf, roots) == [AdESPassed.OK, AdESPassed.OK]
    dss = PdfFileReader(io.BytesIO(pdf)).root["/DSS"]
    assert len(dss["/VRI"]) == 2
    assert dss["/CRLs"]
    (tmp_path / "sheet.pdf").write_bytes(pdf)
    said = subprocess.run(
        ["pdfsig", "sheet.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2


def test_a_page_cut_back_before_its_stamp_or_to_one_signature_is_refused(stamped, tmp_path, capsys):
    policy = tmp_path / "policy.txt"
    policy.write_text(trace.policy_text(), "utf-8")
    for path in results.sheet_files(stamped.id):
        shutil.copy(path, tmp_path / path.name)
    command = ["verify", str(tmp_path / "sheet.pdf"), "--policy", str(policy)]
    honest = (tmp_path / "sheet.pdf").read_bytes()
    assert cli.main(command) == 0, capsys.readouterr().out

    for stamps, signatures, wanted in ((0, 2, "SHEET_STAMP_COUNT"), (0, 1, "SHEET_SIG_COUNT")):
        cut = cut_back(honest, signatures=signatures, stamps=stamps)
        (tmp_path / "sheet.pdf").write_bytes(cut)

        assert cli.main(command) == 1

        said = capsys.readouterr().out
        assert wanted in said
        assert "SHEET_HASH" in said
        codes = {one.code for one in results.verify_pdf(cut, stamped.id)}
        assert "SHEET_HASH" in codes
        assert ("SHEET_SIG_COUNT" in codes) == (signatures == 1)


def cut_back(pdf, *, signatures, stamps):
    """The newest earlier revision with so many signatures and stamps."""
    ends = [at for at in range(len(pdf)) if pdf.startswith(b"%%EOF", at)]
    for end in reversed(ends[:-1]):
        cut = pdf[: end + 5] + b"\n"
        if (documents.count_signatures(cut), documents.count_stamps(cut)) == (signatures, stamps):
            return cut
    raise AssertionError("no such revision")
