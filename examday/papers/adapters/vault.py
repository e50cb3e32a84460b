"""
Sealed papers: read the head of a seal, open one custodian's share, unseal in memory.

Sealed bytes are kept as received; the plain paper exists only as a return value.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from examday.errors import Tampered
from examday.papers.rules.refusals import BadSeal, ShortHanded, WrongKey
from question_bank import seal
from question_bank.errors import BankError

_READ_ONLY = 0o440


@dataclass(frozen=True, slots=True)
class SealHead:
    """What a sealed paper says of itself without being opened."""

    paper_digest: str
    threshold: int
    custodians: tuple[str, ...]
    not_before: datetime


def read_head(sealed: bytes) -> SealHead:
    """Read the head of a sealed paper; raises BadSeal."""
    try:
        head = seal.header(sealed)
    except BankError as error:
        raise BadSeal(reason=error.text()) from error
    return SealHead(
        head.paper_digest, head.threshold, tuple(sorted(head.custodians)), head.not_before
    )


def keep(sealed: bytes, path: Path) -> None:
    """Write sealed bytes once, durably, read-only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(_READ_ONLY)
    partial.rename(path)


def fetch(path: Path, *, sha256_hex: str) -> bytes:
    """Read sealed bytes back; raises Tampered when they are not those taken into custody."""
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise Tampered(what=path.name) from error
    if sha256(sealed).hexdigest() != sha256_hex:
        raise Tampered(what=path.name)
    return sealed


def open_share(sealed: bytes, *, login: str, name: str, private: bytes) -> str:
    """Open one custodian's share with the unlocked private key; raises WrongKey."""
    try:
        share: str = seal.open_share(sealed, login, private)
    except BankError as error:
        raise WrongKey(name=name, reason=error.text()) from error
    return share


def unseal(sealed: bytes, shares: Iterable[str], *, needed: int) -> dict[str, Any]:
    """Give {"paper": …, "key": …} in memory; raises ShortHanded, Tampered."""
    given = list(shares)
    if len(given) < needed:
        raise ShortHanded(needed=needed, given=len(given))
    try:
        payload: dict[str, Any] = json.loads(seal.unseal(sealed, given))
    except BankError as error:
        raise Tampered(what=error.text()) from error
    return payload
