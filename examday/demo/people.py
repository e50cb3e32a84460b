"""
Invented candidates with valid check digits, and the bad rows a real roster would hold.

The same seed gives the same people. Bad rows come on top of the `count` good ones and are spread
through the file, as they would be.
"""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from examday import documents
from examday.planning.rules.layout import load_layout
from examday.planning.rules.numbers import id_check_digit
from examday.settings import config_folder

FIELDS = (
    "serial",
    "name",
    "sex",
    "id_type",
    "id_number",
    "education",
    "employer",
    "department",
    "position",
    "position_years",
    "kind",
    "occupation",
    "trade",
    "level",
    "eligibility",
    "former_certificate",
    "former_certificate_no",
    "subjects",
    "phone",
    "attachments",
    "note",
)
Person = dict[str, str]
_HEAD_ROWS = 2  # title and headings stand above the first person
_OLDEST, _YOUNGEST = date(1968, 1, 1), date(2003, 12, 31)


@dataclass(frozen=True, slots=True)
class Planted:
    """A bad row: the sheet's row number, the field it spoils, and what a person would say."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What was invented: every row in the order of the file, and which of them are bad."""

    rows: tuple[Person, ...]
    planted: tuple[Planted, ...]


def invent(count: int, *, seed: int = 1, **fixed: str) -> list[Person]:
    """Invent `count` people without a mistake; `fixed` sets fields such as occupation or level."""
    draw = random.Random(f"people-{seed}")
    used: set[str] = set()
    return [_person(number, draw, used) | fixed for number in range(count)]


def invent_roster(count: int, *, seed: int = 1, bad_rows: int = 0, **fixed: str) -> Roster:
    """Invent `count` good rows and plant `bad_rows` spoilt ones among them."""
    draw = random.Random(f"bad-{seed}")
    people = invent(count + bad_rows, seed=seed, **fixed)
    good, spare = people[:count], people[count:]
    kinds = _words()["bad"]
    rows: list[tuple[Person, dict[str, Any] | None]] = [(person, None) for person in good]
    for number, person in enumerate(spare):
        kind = kinds[number % len(kinds)]
        at = draw.randint(min(1, len(rows)), len(rows))
        rows.insert(at, (_spoil(person, kind, before=rows[:at]), kind))
    for number, (person, _kind) in enumerate(rows, start=1):
        person["serial"] = str(number)
    planted = tuple(
        Planted(row=at + _HEAD_ROWS, column=kind["column"], reason=kind["reason"])
        for at, (_person_, kind) in enumerate(rows, start=1)
        if kind
    )
    return Roster(rows=tuple(person for person, _kind in rows), planted=planted)


def write_roster(
    path: Path, count: int, *, seed: int = 1, bad_rows: int = 0, **fixed: str
) -> tuple[Planted, ...]:
    """Write such a roster as a workbook and tell which rows are bad."""
    roster = invent_roster(count, seed=seed, bad_rows=bad_rows, **fixed)
    columns = load_layout(config_folder() / "roster.toml").columns
    words = _words()
    spec = documents.WorkbookSpec(
        sheet=words["sheet"],
        title=words["title"],
        columns=[
            documents.Column(columns[field].headings[0], width=columns[field].width)
            for field in FIELDS
        ],
        rows=[[person[field] for field in FIELDS] for person in roster.rows],
    )
    path.write_bytes(documents.fill_workbook(spec))
    return roster.planted


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("people.toml").read_text("utf-8"))


def _person(number: int, draw: random.Random, used: set[str]) -> Person:
    words = _words()
    name, sex = _name(number, draw)
    id_number = _id_number(sex, draw, used)
    qualified = draw.random() < 0.5  # noqa: PLR2004 (half of them hold a certificate already)
    return {
        "serial": str(number + 1),
        "name": name,
        "sex": words["sexes"][sex],
        "id_type": words["id_type"],
        "id_number": id_number,
        "education": draw.choice(words["educations"]),
        "employer": draw.choice(words["employers"]),
        "department": draw.choice(words["departments"]),
        "position": draw.choice(words["positions"]),
        "position_years": str(draw.randint(2, 25)),
        "kind": draw.choice(words["kinds"]),
        "occupation": words["occupation"],
        "trade": words["trade"],
        "level": words["level"],
        "eligibility": words["eligibilities"][0 if qualified else draw.randint(1, 2)],
        "former_certificate": words["former"] if qualified else "",
        "former_certificate_no": _former_no(draw) if qualified else "",
        "subjects": words["subjects"],
        "phone": f"13{draw.randint(0, 9)}{draw.randint(0, 99_999_999):08}",
        "attachments": words["attachments"],
        "note": "",
    }


def _name(number: int, draw: random.Random) -> tuple[str, str]:
    words = _words()
    # Every twelfth person has a name that is hard to print.
    if number % 12 == 4:  # noqa: PLR2004 (any fixed place will do)
        name, sex = words["special"][number // 12 % len(words["special"])]
        return name, sex
    sex = draw.choice(("male", "male", "female"))
    return draw.choice(words["surnames"]) + draw.choice(words[sex]), sex


def _id_number(sex: str, draw: random.Random, used: set[str]) -> str:
    while True:
        born = _OLDEST + timedelta(days=draw.randint(0, (_YOUNGEST - _OLDEST).days))
        order = draw.randrange(1 if sex == "male" else 2, 999, 2)
        first = f"{draw.choice(_words()['regions'])}{born:%Y%m%d}{order:03}"
        if first not in used:
            used.add(first)
            return first + id_check_digit(first)


def _former_no(draw: random.Random) -> str:
    return f"Y000021012001{draw.randint(20, 24)}5{draw.randint(1, 999_999):06}"


def _spoil(
    person: Person, kind: dict[str, Any], *, before: list[tuple[Person, dict[str, Any] | None]]
) -> Person:
    number, spoilt = person["id_number"], dict(person)
    changes: dict[str, Callable[[], str]] = {
        "check_digit": lambda: number[:17] + ("1" if number[17] != "1" else "2"),
        "february_30": lambda: _checked(number[:10] + "0230" + number[14:17]),
        "fifteen": lambda: number[:6] + number[8:17],
        "duplicate": lambda: next(p["id_number"] for p, bad in before if bad is None),
        "word": lambda: str(kind["word"]),
    }
    if kind["change"] == "sex":
        # The other sex's word, so that only the agreement with the number is wrong.
        spoilt["sex"] = _words()["sexes"]["female" if int(number[16]) % 2 else "male"]
        return spoilt
    spoilt[kind["column"]] = changes[kind["change"]]()
    if kind["change"] == "duplicate":
        is_male = int(spoilt["id_number"][16]) % 2
        spoilt["sex"] = _words()["sexes"]["male" if is_male else "female"]
    return spoilt


def _checked(first: str) -> str:
    return first + id_check_digit(first)
