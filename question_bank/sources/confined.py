"""
Confined reading: formats that can do harm are parsed by a child process with little to spend.

The child (`child`) has little memory and time, cannot write a file, and can only answer with
drafts; whatever a parser of archives or XML does, the caller gets drafts or one clear refusal.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from question_bank.errors import BadInput, HostileFile, NoHeading, UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.items import Kind
from question_bank.items.pictures import Picture
from question_bank.sources.draft import Draft
from question_bank.sources.practicals.reading import PracticalDraft

CHILD = "question_bank.sources.child"
LONGEST_WAIT = 120
_ROOT = Path(__file__).parents[2]
_REFUSALS = {one.code: one for one in (BadInput, HostileFile, NoHeading, UnreadableFile)}


def read_confined(
    content: bytes, *, file: str, suffix: str, mapping: Mapping[str, str]
) -> Iterator[Draft | PracticalDraft]:
    """Give the drafts a child process read; raises BadInput as the reader would."""
    request = json.dumps(dict(mapping))
    answer = ask_child(content, file=file, suffix=suffix, request=request)
    return map(_from_wire, answer["drafts"])


def ask_child(content: bytes, *, file: str, suffix: str, request: str) -> dict[str, Any]:
    """Let the child read a file; `request` is a mapping as JSON, or `columns` for the headings."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD, suffix, file, request],
            input=content,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
            env=os.environ | {"PYTHONPATH": path},
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise HostileFile(file=file, why=_("reading it takes too much time or memory")) from error
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]](**answer["params"])
    return answer


def _from_wire(wire: Mapping[str, Any]) -> Draft | PracticalDraft:
    if "practical" in wire:
        return PracticalDraft(**wire["practical"])
    values = dict(wire["item"])
    values["kind"] = Kind(values["kind"]) if values["kind"] else None
    values["pictures"] = [Picture(base64.b64decode(one)) for one in values["pictures"]]
    return Draft(**values)
