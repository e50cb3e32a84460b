"""
The child of `confined`: reads one file from standard input, within limits, and prints drafts.

`python -m question_bank.sources.child SUFFIX NAME REQUEST` answers with one JSON object. REQUEST is
the mapping of foreign headings as JSON, or `columns` to have the headings themselves.
"""

import base64
import json
import sys
from dataclasses import asdict
from itertools import islice
from typing import Any

from question_bank.errors import BadInput, HostileFile
from question_bank.i18n import gettext as _
from question_bank.sources.draft import Draft
from question_bank.sources.practicals.reading import PracticalDraft
from question_bank.sources.readers import reader_of
from question_bank.sources.workbook import propose_mapping

MOST_MEMORY = 1 << 30
MOST_SECONDS = 60
MOST_DRAFTS = 30_000
COLUMNS = "columns"


def to_wire(draft: Draft | PracticalDraft) -> dict[str, Any]:
    """Give a draft as JSON."""
    if isinstance(draft, PracticalDraft):
        return {"practical": asdict(draft)}
    pictures, draft.pictures = draft.pictures, []
    kept = [base64.b64encode(one.content).decode() for one in pictures]
    return {"item": asdict(draft) | {"pictures": kept}}


def confine() -> None:
    """Give up memory, time and files; where the system knows no such limits, go without."""
    try:
        import resource
    except ImportError:  # pragma: no cover  Windows: the byte budgets and the clock remain
        return
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (most, most if hard == resource.RLIM_INFINITY else hard))


def main(suffix: str, file: str, request: str) -> int:
    """Read standard input as one file; answer with its drafts or a refusal, as one JSON object."""
    confine()
    try:
        content = sys.stdin.buffer.read()
        if request == COLUMNS:
            answer = json.dumps({"columns": propose_mapping(content, file=file)})
        else:
            answer = json.dumps({"drafts": _drafts(suffix, file, content, json.loads(request))})
    except BadInput as error:
        answer = json.dumps({"refused": error.code, "params": error.params})
    except (MemoryError, RecursionError):
        why = _("reading it takes too much time or memory")
        answer = json.dumps({"refused": HostileFile.code, "params": {"file": file, "why": why}})
    sys.stdout.write(answer)
    return 0


def _drafts(
    suffix: str, file: str, content: bytes, mapping: dict[str, str]
) -> list[dict[str, Any]]:
    read = reader_of(suffix, mapping=mapping)
    drafts = list(islice(read(content, file=file), MOST_DRAFTS + 1))
    if len(drafts) > MOST_DRAFTS:
        raise HostileFile(file=file, why=_("it holds more than 30,000 items; split it"))
    return [to_wire(draft) for draft in drafts]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
