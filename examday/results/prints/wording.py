"""The rows and lines of a sheet in the words that it prints, from words.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_NUMBER_START = "0123456789"


@cache
def words() -> dict[str, Any]:
    """Read the Chinese of the sheet."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def columns(document: dict[str, Any]) -> list[str]:
    """Name the columns of this sheet in order; components stand there only where they weigh."""
    weighed = {
        name for name, weight in words()["only_weighed"].items() if _weight(document, weight)
    }
    shown = weighed | ({"overall"} if weighed else set())
    optional = {*words()["only_weighed"], "overall"}
    return [name for name in words()["columns"] if name not in optional or name in shown]


def titles(document: dict[str, Any]) -> list[str]:
    """Give the headings of the columns, in order."""
    return [words()["columns"][name] for name in columns(document)]


def printed_rows(document: dict[str, Any]) -> list[list[str]]:
    """Give each row as it is printed, in the order of `titles`."""
    return [
        _row(document, {**public, **detail})
        for public, detail in zip(document["rows"], document["details"], strict=True)
    ]


def facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Give what stands above the rows, as name and value."""
    say, first, last = words(), document["starts_on"], document["ends_on"]
    lines = [
        (say["body"], document["body"]),
        (say["filing_no"], document["body_filing_no"]),
        (say["batch"], document["batch"]),
        (say["dates"], first if first == last else f"{first}~{last}"),
        (say["occupation"], f"{document['occupation']} {document['occupation_code']}"),
        (say["trade"], document["trade"] or say["no_trade"]),
        (say["level"], document["level_label"]),
        (say["place"], document["place"] or document["site"]),
    ]
    if document["objection_no"]:
        lines.append((say["objection"], document["objection_no"]))
    return lines


def totals(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Give the counts and the pass rate, as name and value."""
    say, counts = words(), document["totals"]
    lines = [(title, str(counts[name])) for name, title in say["totals"].items()]
    if counts["pass_rate"]:
        lines.append((say["pass_rate"], f"{counts['pass_rate']}%"))
    return lines


def note(document: dict[str, Any]) -> str:
    """State the rules of marking and rounding, as every sheet must."""
    say = words()
    text: str = say["note"].format(
        pass_mark=document["pass_mark"],
        decimals=document["decimals"],
        rounding=say["rounding"].get(document["rounding"], document["rounding"]),
        spread=document["examiner_spread"],
    )
    weights = [
        f"{say['subjects'][name]}{_weight(document, weight)}%"
        for name, weight in say["only_weighed"].items()
        if _weight(document, weight)
    ]
    return text + (say["weights"].format(weights="、".join(weights)) if weights else "")


def changes(document: dict[str, Any]) -> list[str]:
    """Write each change of a corrected sheet as a line."""
    names = {detail["candidate_id"]: public for public, detail in _pairs(document)}
    return [
        f"{names[one['candidate_id']]['no']}. {names[one['candidate_id']]['name']} "
        f"{words()['subjects'][one['subject']]}: {mark(one['before'])} → {mark(one['after'])} "
        f"({one['reason']})"
        for one in document["changes"]
    ]


def subtitle(document: dict[str, Any]) -> str:
    """Give the line below the title."""
    if document["version"] == 1:
        return str(document["title"])
    corrected: str = words()["corrected"].format(version=document["version"])
    return f"{document['title']}{corrected}"


def mark(value: str) -> str:
    """Print a mark as it is, a state by its word."""
    return value if value[:1] in _NUMBER_START else str(words()["marks"][value])


def _row(document: dict[str, Any], row: dict[str, Any]) -> list[str]:
    say = words()
    printed = {
        **{name: str(value) for name, value in row.items()},
        "sex": say["sex"].get(row["sex"], row["sex"]),
        "occupation": document["occupation"],
        "trade": document["trade"] or say["no_trade"],
        "level": document["level_label"],
        "theory": mark(row["theory"]),
        "practical": mark(row["practical"]),
        "review": mark(row.get("review", "not_taken")),
        "performance": mark(row.get("performance", "not_taken")),
        "conduct": mark(row.get("conduct", "not_taken")),
        "overall": row.get("overall") or mark("not_taken"),
        "outcome": say["outcomes"][row["outcome"]],
    }
    return [printed[name] for name in columns(document)]


def _weight(document: dict[str, Any], name: str) -> str:
    """Give a weight in percent; "" where a sheet has none (or is older than components)."""
    weight = document.get(name, "0")
    return "" if weight == "0" else weight


def _pairs(document: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return list(zip(document["rows"], document["details"], strict=True))
