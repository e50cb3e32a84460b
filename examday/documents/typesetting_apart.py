"""
Typeset in a process of its own: Typst keeps hundreds of megabytes after a large page (LIBRARIES §3).

This file is also the child: a JSON job on standard input, the PDF on standard output; a wrong
template ends it with status 1 and Typst's message on standard error. The child imports Typst and
nothing of ours, so that it costs a tenth of a second and not the import of a whole server.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class ApartFailed(Exception):
    """The child said why: Typst's own message."""


def compile_apart(
    files: Mapping[str, bytes], *, fonts: Sequence[str], embedded: bool = False, **options: Any
) -> bytes:
    """
    Give the PDF of these files, all texts; raises ApartFailed with Typst's message.

    `embedded` loads the faces that Typst carries as well, for formulas.
    """
    texts = {name: text.decode() for name, text in files.items()}
    done = subprocess.run(
        # -P: what lies beside this file must not stand in for a library of the same name.
        [sys.executable, "-P", str(Path(__file__).resolve())],
        input=json.dumps(
            {"files": texts, "fonts": list(fonts), "embedded": embedded, **options}
        ).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise ApartFailed(done.stderr.decode("utf-8", "replace"))
    return done.stdout


def main() -> int:
    """Do the job on standard input."""
    import typst

    job = json.load(sys.stdin.buffer)
    files = {name: text.encode() for name, text in job.pop("files").items()}
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=job.pop("embedded"),
        font_paths=job.pop("fonts"),
    )
    try:
        content = typst.compile(
            files, font_paths=fonts, ignore_system_fonts=True, format="pdf", **job
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return 1
    sys.stdout.buffer.write(bytes(content))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
