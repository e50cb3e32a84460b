"""The contents of an archive: each paper the notices ask for, where it lies or that it is on paper."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from examday.filing.rules.errors import BadForm

_FILE = "archive-contents.toml"


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A paper of one folder; `files` is a pattern below data/, empty for what is never a file."""

    folder: str
    paper: str
    files: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What should be there and how the list words what is and what is not."""

    source: str
    title: str
    found: str
    missing: str
    papers: tuple[ContentsLine, ...]


def load_contents(folder: Path) -> Contents:
    """Read archive-contents.toml; a missing or unknown key is refused with the file."""
    given = tomllib.loads((folder / _FILE).read_text("utf-8"))
    wrong = set(given) ^ {each.name for each in fields(Contents)}
    if wrong:
        raise BadForm(file=_FILE, line=1, reason=", ".join(sorted(wrong)))
    try:
        papers = tuple(ContentsLine(**line) for line in given.pop("papers"))
    except TypeError as error:
        raise BadForm(file=_FILE, line=1, reason=str(error)) from error
    return Contents(papers=papers, **given)


def list_contents(contents: Contents, count_files: Callable[[str], int]) -> str:
    """Write the list: by what `count_files` says lies there, never by what should."""
    lines, folder = [contents.title, contents.source], ""
    for line in contents.papers:
        if line.folder != folder:
            folder = line.folder
            lines += ["", folder]
        count = count_files(line.files) if line.files else 0
        said = contents.found if count else contents.missing
        lines.append(f"  {line.paper}：{said.format(files=line.files, count=count)}")
    return "\n".join([*lines, ""])
