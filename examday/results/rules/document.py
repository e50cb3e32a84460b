"""
sheet.json: the sheet itself, RFC 8785 bytes.

`rows` hold what a public list may show, and a salted commitment to the rest; each is a leaf of
an RFC 6962 tree whose root is `row_root` in the trace. `details` open the commitments. So a row,
or the whole public list, is provably of this sheet without showing anything else of it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from examday.results.rules.values import Heading, Outcome, Row, SheetChange, totals_of
from examday.verifier import tree
from examday.wire import canonical, parse_canonical

FORMAT = 1
_CODE_DIGITS = 12
_PUBLIC = ("no", "name", "id_last_four", "employer", "outcome")
Salt = Callable[[Row], str]


def sheet_bytes(
    heading: Heading, rows: Sequence[Row], changes: Sequence[SheetChange], *, salt: Salt
) -> bytes:
    """Write the sheet; `salt` gives 32 hex bytes per row that nobody outside can guess."""
    details = [_detail(row, salt(row)) for row in rows]
    hashed = [_public(row, detail) for row, detail in zip(rows, details, strict=True)]
    head = asdict(heading)
    for day in ("starts_on", "ends_on"):
        head[day] = head[day].isoformat()
    head["compiled_at"] = heading.compiled_at.isoformat().replace("+00:00", "Z")
    return canonical(
        {
            **head,
            "format": FORMAT,
            "rows": hashed,
            "details": details,
            "row_root": row_root(hashed),
            "totals": {**asdict(totals_of(rows)), "pass_rate": totals_of(rows).pass_rate},
            "changes": [asdict(change) for change in changes],
        }
    )


def read_rows(document: dict[str, Any]) -> tuple[Row, ...]:
    """Read the rows back, public part and details together."""
    return tuple(
        Row(
            **{name: public[name] for name in _PUBLIC if name != "outcome"},
            **{name: value for name, value in detail.items() if name not in {"salt", "no"}},
            outcome=Outcome(public["outcome"]),
        )
        for public, detail in zip(document["rows"], document["details"], strict=True)
    )


def public_list(content: bytes) -> bytes:
    """Give the masked copy: heading and rows, which prove to the same row root."""
    document = parse_canonical(content)
    kept = ("format", "sheet", "version", "batch", "title", "body", "row_root", "rows")
    return canonical({name: document[name] for name in kept})


def masked_row(document: dict[str, Any], no: int) -> dict[str, Any]:
    """Give the public row of this running number; KeyError where there is none."""
    rows: dict[int, dict[str, Any]] = {row["no"]: row for row in document["rows"]}
    return rows[no]


def row_hashes(rows: Sequence[dict[str, Any]]) -> list[bytes]:
    """Hash each public row as a leaf (RFC 6962: SHA-256 of 00 and the canonical bytes)."""
    return [tree.leaf_hash(canonical(row)) for row in rows]


def row_root(rows: Sequence[dict[str, Any]]) -> str:
    """Give the hex root over the public rows."""
    return tree.root(row_hashes(rows)).hex()


def short_code(content: bytes) -> str:
    """Give the check code printed on the sheet: 12 hex digits of its SHA-256, in fours."""
    digits = hashlib.sha256(content).hexdigest()[:_CODE_DIGITS].upper()
    return "-".join(digits[at : at + 4] for at in range(0, _CODE_DIGITS, 4))


def _detail(row: Row, salt: str) -> dict[str, Any]:
    values = asdict(row)
    return {
        "no": row.no,
        "salt": salt,
        **{name: value for name, value in values.items() if name not in _PUBLIC},
    }


def _public(row: Row, detail: dict[str, Any]) -> dict[str, Any]:
    commitment = hashlib.sha256(canonical(detail)).hexdigest()
    values = asdict(row)
    public = {name: values[name] for name in _PUBLIC if name != "outcome"}
    return {**public, "outcome": row.outcome.value, "detail_sha256": commitment}
