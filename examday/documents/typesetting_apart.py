"""
Typeset in a process of its own: Typst keeps hundreds of megabytes after a large page (LIBRARIES §3).

Run as `python -m examday.documents.typesetting_apart`: a JSON job on standard input, the PDF on
standard output; a wrong template ends it with status 1 and Typst's message on standard error.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


class ApartFailed(Exception):
    """The child said why: Typst's own message."""


def compile_apart(files: Mapping[str, bytes], **options: Any) -> bytes:
    """Give the PDF of these files, all texts; raises ApartFailed with Typst's message."""
    job = {"files": {name: text.decode() for name, text in files.items()}, **options}
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(job).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ApartFailed(done.stderr.decode("utf-8", "replace"))
    return done.stdout


def main() -> int:
    """Do the job on standard input."""
    import typst

    from examday.documents.fonts import load_fonts

    job = json.load(sys.stdin.buffer)
    files = {name: text.encode() for name, text in job.pop("files").items()}
    try:
        content = typst.compile(
            files, font_paths=load_fonts(), ignore_system_fonts=True, format="pdf", **job
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    sys.stdout.buffer.write(bytes(content))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
