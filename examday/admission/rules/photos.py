"""Whose photo a file is: by ticket number or ID number in its name, and never by anything else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PARTS = re.compile(r"[^0-9A-Za-z()]+")


@dataclass(frozen=True, slots=True)
class ListedPhoto:
    """A file that was not taken, by the end of its name (the whole may hold an ID number)."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhotoImport:
    """What became of the files: how many were taken, and the others with their reasons."""

    accepted: int
    listed: tuple[ListedPhoto, ...]


def owner_of(name: str, keys: Mapping[str, int]) -> int | None:
    """
    Find the candidate a file name names, as in 210123….jpg or 张三_2101….jpg; None if not one.

    `keys` maps ticket numbers and ID numbers (upper case) to candidates.
    """
    stem = name.rpartition(".")[0] or name
    found = {keys[part] for part in _PARTS.split(stem.upper()) if part in keys}
    return found.pop() if len(found) == 1 else None


def shown_name(name: str) -> str:
    """Shorten a file name so that an ID number in it is not shown whole."""
    return re.sub(r"[0-9]{6,}(?=[0-9Xx]{4})", "…", name)[-60:]
