"""docs/requirements.md is true: every id once, quoted where it is served, its tests are there."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/requirements.md"
# How many rows each notice has in the study of the notices.
COUNTS = {"GS": 32, "HE": 20, "LN": 24, "HS": 14, "SD": 5}
WANTED = {f"{notice}-{n:02d}" for notice, count in COUNTS.items() for n in range(1, count + 1)}
ID = re.compile(r"\b(?:GS|HE|LN|HS|SD)-\d\d\b")
STATES = {"done", "part", "missing", "OOS"}


class Line(NamedTuple):
    id: str
    text: str
    state: str
    where: str
    test: str

    @property
    def kind(self) -> str:
        return self.state.partition(":")[0].strip()

    @property
    def reason(self) -> str:
        return self.state.partition(":")[2].strip()


def lines() -> list[Line]:
    cells = (
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("|") and ID.match(line[1:].strip())
    )
    return [Line(*row) for row in cells]


LINES = lines()
SERVED = [line for line in LINES if line.kind in {"done", "part"}]


@cache
def quoted() -> dict[str, set[str]]:
    """Which file of the program or its data quotes which ids."""
    found: dict[str, set[str]] = {}
    for folder in ("examday", "kiosk", "question_bank", "config"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".toml", ".typ", ".html"}:
                found[path.relative_to(ROOT).as_posix()] = set(ID.findall(path.read_text("utf-8")))
    return found


def test_every_requirement_stands_on_the_page_once():
    ids = [line.id for line in LINES]

    assert sorted(ids) == sorted(WANTED)


def test_nothing_quotes_an_id_that_no_notice_has():
    unknown = {name: ids - WANTED for name, ids in quoted().items() if ids - WANTED}

    assert unknown == {}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_a_state_is_one_of_four_and_what_is_left_says_why(line):
    assert line.kind in STATES
    assert line.kind == "done" or line.reason


@pytest.mark.parametrize("line", SERVED, ids=lambda line: line.id)
def test_what_is_served_is_quoted_where_the_page_says(line):
    files = re.findall(r"`([^`]+)`", line.where)

    assert files
    for name in files:
        assert line.id in quoted().get(name, set()), f"{name} does not quote {line.id}"


@pytest.mark.parametrize("line", SERVED, ids=lambda line: line.id)
def test_what_is_served_names_a_test_that_exists(line):
    tests = re.findall(r"`([^`]+)`", line.test)

    assert tests
    for name in tests:
        file, _, function = name.partition("::")
        text = (ROOT / "tests" / file).read_text("utf-8")
        assert re.search(rf"^def {function}\b", text, re.MULTILINE), name
