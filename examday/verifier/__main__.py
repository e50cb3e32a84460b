"""`python -m examday.verifier PATH --policy FILE`: 0 valid, 1 findings, 2 unusable input."""

import argparse
import json
import sys
from pathlib import Path

from .faults import Unusable
from .messages import CHINESE, ENGLISH, catalogue
from .report import Finding, Report
from .verification import read_roots, verify

_UNUSABLE = 2


def main(arguments: list[str] | None = None) -> int:
    """Verify and print; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="verify", description=__doc__)
    parser.add_argument("path", type=Path, help="bundle folder or ZIP, score sheet, footage file")
    parser.add_argument("--policy", type=Path, required=True, help="C2SP trust policy file")
    parser.add_argument(
        "--earlier", type=Path, action="append", default=[], help="a checkpoint kept before"
    )
    parser.add_argument(
        "--tsa-roots", type=Path, help="trusted time-stamp authorities (PEM); else <policy>.tsa.pem"
    )
    parser.add_argument("--english", action="store_true", help="sentences in English")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    given = parser.parse_args(arguments)
    language = ENGLISH if given.english else CHINESE
    try:
        policy = given.policy.read_text("utf-8")
        roots = read_roots(given.policy, given.tsa_roots)
        report = verify(
            given.path, policy, earlier=given.earlier, tsa_roots=roots, language=language
        )
    except Unusable as error:
        sys.stderr.write(f"{error.text(language)}\n")
        return _UNUSABLE
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return _UNUSABLE
    _print(report, as_json=given.json, language=language)
    return 0 if report.valid else 1


def _print(report: Report, *, as_json: bool, language: str) -> None:
    # A bare Windows console is not UTF-8; the sentences are Chinese.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
        return
    texts = catalogue(language)
    for mark, rows in (("✗", report.findings), ("·", report.notes)):
        for row in rows:
            print(_line(mark, row))
    verdict = texts["VALID"] if report.valid else texts["NOT_VALID"]
    print(verdict % {"count": len(report.findings)})


def _line(mark: str, row: Finding) -> str:
    return f"{mark} {row.code}  {row.where}\n    {row.text}"


if __name__ == "__main__":
    sys.exit(main())
