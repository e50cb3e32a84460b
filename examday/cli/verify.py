"""`examday verify`: a bundle, a score sheet or one footage file, against a policy from outside."""

import argparse
from pathlib import Path
from typing import Any

from cryptography import x509

from examday import verifier
from examday.cli.printing import Commands, add_json, print_json
from examday.errors import BadInput
from examday.i18n import gettext as _


def add_to(commands: "Commands[Any]") -> None:
    """Declare the command."""
    parser = commands.add_parser("verify", help=_("verify a bundle, score sheet or footage file"))
    parser.add_argument("path", type=Path)
    parser.add_argument("--policy", type=Path, required=True, help=_("C2SP trust policy file"))
    parser.add_argument(
        "--earlier",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=_("a checkpoint kept before, which the bundle must continue"),
    )
    parser.add_argument(
        "--tsa-roots",
        type=Path,
        metavar="FILE",
        help=_("certificates of trusted time-stamp authorities (PEM); default: beside the policy"),
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print each finding; exit status 0 only when there is none."""
    try:
        roots = verifier.read_roots(arguments.policy, arguments.tsa_roots)
        report = verifier.verify(
            arguments.path,
            arguments.policy.read_text("utf-8"),
            earlier=arguments.earlier,
            tsa_roots=roots,
        )
    except verifier.Unusable as error:
        raise BadInput(reason=error.text()) from error
    findings = list(report.findings)
    if arguments.path.suffix == ".pdf":
        findings += _signature_findings(arguments.path, roots)
    valid = not findings
    if arguments.json:
        print_json(
            {
                "valid": valid,
                "findings": [vars_of(finding) for finding in findings],
                "notes": [vars_of(note) for note in report.notes],
            }
        )
    else:
        for finding in findings:
            print(f"✗ {finding.code}  {finding.where}  {finding.text}")
        for note in report.notes:
            print(f"· {note.code}  {note.where}  {note.text}")
        print(_("Valid.") if valid else _("NOT valid: %(n)s findings.") % {"n": len(findings)})
    return 0 if valid else 1


def vars_of(finding: verifier.Finding) -> dict[str, str]:
    """Give a finding as the JSON object outside checks read."""
    return {"code": finding.code, "where": finding.where, "text": finding.text}


def _signature_findings(path: Path, roots: bytes) -> list[verifier.Finding]:
    """Ask pyHanko what the stand-alone verifier cannot: are the PDF signatures sound?"""
    from examday.documents import UnusablePdf, read_signatures, read_stamps

    trusted = x509.load_pem_x509_certificates(roots) if roots else []
    try:
        pdf = path.read_bytes()
        signatures, stamps = read_signatures(pdf), read_stamps(pdf, trusted=trusted)
    except UnusablePdf as error:
        # A page broken by whoever changed it is a finding beside the others, not a wrong file.
        return [verifier.Finding("PDF_SIGNATURE", path.name, error.text())]
    found = [("PDF_SIGNATURE", one.field, one.problem) for one in signatures]
    found += [("PDF_STAMP", one.field, one.problem) for one in stamps]
    return [
        verifier.Finding(code, f"{path.name}:{field}", problem)
        for code, field, problem in found
        if problem
    ]
