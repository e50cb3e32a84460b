"""
The score sheet: recomputed by a second implementation, and what 300 rows cost from JSON to verdict.

The second implementation knows nothing of ours: marks are whole tenths, sums and means whole
numbers, and rounding is integer arithmetic. Limit of the issue: 2 CPU seconds for 300 rows.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from examday import documents, signing
from examday.policy import Subject, load_policies
from examday.results import prints
from examday.results.service.files import FIELDS
from examday.scoring import rules
from examday.scoring.rules import MarkEvent, Part, PartState, Rubric, RubricItem, Step, Task
from examday.settings import config_folder
from tests.unit.examday.results.test_rules import content_of, row

SCORING = load_policies(config_folder() / "policy")["strictest"].scoring
AT = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
FULL, LINE, SPREAD = 1000, 600, 100  # tenths
EDGES = (0, 1, 599, 600, 601, 999, 1000)


def tenths(dice: random.Random) -> int:
    """Give a mark, often at an edge where rounding and the pass line matter."""
    if dice.random() < 0.25:
        return dice.choice(EDGES)
    if dice.random() < 0.3:
        return dice.randint(590, 610)
    return dice.randint(0, FULL)


def decimal(value: int) -> Decimal:
    return Decimal(value) / 10


def half_up(numerator: int, denominator: int) -> int:
    """Round a positive fraction to the nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


# --- the second implementation ----------------------------------------------------------------


def theirs_pair(first: int, second: int) -> int | str:
    return first if first == second else "disputed"


def theirs_panel(marks: list[int]) -> int | str:
    if max(marks) - min(marks) > SPREAD:
        return "disputed"
    return half_up(sum(marks), len(marks))


def theirs_fold(tasks: list[tuple[int, list[tuple[int, int]], bool]]) -> int:
    """Fold (weight in points, [(worth, mark) in tenths], vetoed) to tenths, rounding once."""
    common = 1
    for _weight, items, _vetoed in tasks:
        common *= sum(worth for worth, _mark in items)
    total = 0
    for weight, items, vetoed in tasks:
        full = sum(worth for worth, _mark in items)
        got = 0 if vetoed else sum(mark for _worth, mark in items)
        total += got * weight * 10 * (common // full)
    return half_up(total, common)


def theirs_outcome(parts: list[int | str]) -> str:
    taken = [one for one in parts if one != "not_taken"]
    if "misconduct" in taken:
        return "misconduct"
    if not taken or "disputed" in taken or "missing" in taken:
        return "open"
    if "absent" in taken:
        return "absent"
    if "void" in taken:
        return "failed"
    return "passed" if all(one >= LINE for one in taken) else "failed"


def theirs_overall(parts: list[int | str], extra: list[int], weights: list[int]) -> int | None:
    """Fold tenths by whole percents: 100·n·tenths on one side, rounded half up once."""
    taken = [one for one in parts if one != "not_taken"]
    if not taken or any(isinstance(one, str) for one in taken) or not any(weights):
        return None
    count, rest = len(taken), 100 - sum(weights)
    folded = rest * sum(taken) + count * sum(
        weight * mark for weight, mark in zip(weights, extra, strict=True)
    )
    return half_up(folded, 100 * count)


def theirs_outcome_with(parts: list[int | str], overall: int | None) -> str:
    decided = theirs_outcome(parts)
    return "failed" if decided == "passed" and overall is not None and overall < LINE else decided


# --- ours, by the same facts ------------------------------------------------------------------


def event(subject: Subject, login: str, mark: int) -> MarkEvent:
    return MarkEvent(1, subject, Step.ENTRY, login, decimal(mark))


def ours(part: Part) -> int | str:
    return int(part.mark * 10) if part.mark is not None else part.state.value


def part_of(value: int | str) -> Part:
    if isinstance(value, int):
        return Part.marked(decimal(value).quantize(Decimal("0.1")))
    return Part(PartState(value))


def sheets(dice: random.Random, count: int) -> Iterator[tuple[object, object]]:
    """Give what both say of one random candidate, again and again."""
    for _ in range(count):
        first = tenths(dice)
        second = first if dice.random() < 0.9 else tenths(dice)
        panel = [tenths(dice)]
        size = dice.choice((3, 3, 3, 5, 7))
        while len(panel) < size:
            near = panel[0] + dice.randint(-60, 60) if dice.random() < 0.8 else tenths(dice)
            panel.append(min(FULL, max(0, near)))
        weights = dice.choice(([100], [60, 40], [30, 50, 20], [33, 67]))
        tasks = []
        for weight in weights:
            worths = [dice.choice((50, 100, 150, 200, 300)) for _ in range(dice.randint(1, 4))]
            items = [(worth, max(0, worth - dice.randint(0, worth + 20))) for worth in worths]
            tasks.append((weight, items, dice.random() < 0.05))
        state = dice.choice((None,) * 6 + ("absent", "misconduct", "void", "not_taken"))
        mine = [
            rules.settle_theory(
                [event(Subject.THEORY, "a", first), event(Subject.THEORY, "b", second)], SCORING
            ),
            rules.settle_practical(
                [event(Subject.PRACTICAL, str(n), mark) for n, mark in enumerate(panel)],
                SCORING,
                panel=[str(n) for n in range(size)],
            ),
        ]
        their = [theirs_pair(first, second), theirs_panel(panel)]
        if state is not None:
            at = dice.randrange(2)
            mine[at], their[at] = part_of(state), state
        weights = dice.choice(([0, 0], [20, 0], [0, 10], [20, 10], [33, 17]))
        extra = [tenths(dice), tenths(dice)]
        scoring = replace(
            SCORING, performance_weight=Decimal(weights[0]), conduct_weight=Decimal(weights[1])
        )
        components = {
            subject: part_of(mark if weight else "not_taken")
            for subject, mark, weight in zip(rules_components(), extra, weights, strict=True)
        }
        outcome = rules.outcome_with(mine, components, scoring, rules.pass_line(scoring)).value
        overall = rules.overall_mark(mine, components, scoring)
        theirs = theirs_overall(their, extra, weights)
        yield (
            [*map(ours, mine), ours_fold(tasks), overall and int(overall * 10), outcome],
            [*their, theirs_fold(tasks), theirs, theirs_outcome_with(their, theirs)],
        )


def rules_components() -> tuple[Subject, Subject]:
    return (Subject.PERFORMANCE, Subject.CONDUCT)


def ours_fold(tasks: list[tuple[int, list[tuple[int, int]], bool]]) -> int:
    made = tuple(
        Task(
            str(at),
            "",
            Decimal(weight),
            0,
            tuple(
                RubricItem(f"{at}.{no}", "c", "e", decimal(worth))
                for no, (worth, _mark) in enumerate(items)
            ),
            (rules.Veto(f"{at}!1", "v"),),
        )
        for at, (weight, items, _vetoed) in enumerate(tasks)
    )
    marks = {
        f"{at}.{no}": decimal(mark)
        for at, (_weight, items, _vetoed) in enumerate(tasks)
        for no, (_worth, mark) in enumerate(items)
    }
    vetoes = {f"{at}!1" for at, (_weight, _items, vetoed) in enumerate(tasks) if vetoed}
    return int(rules.fold(Rubric("", made), marks, SCORING, vetoes=vetoes) * 10)


def compare(seed: int, count: int) -> None:
    started = time.process_time()
    for number, (mine, their) in enumerate(sheets(random.Random(seed), count)):
        assert mine == their, f"seed {seed}, sheet {number}"
    print(f"\n{count} sheets recomputed, all equal, {time.process_time() - started:.0f} CPU s")


def test_twenty_thousand_sheets_agree_with_a_second_implementation() -> None:
    compare(60, 20_000)


@pytest.mark.slow
def test_a_million_sheets_agree_with_a_second_implementation() -> None:
    compare(1949, 1_000_000)


def test_three_hundred_rows_from_json_to_verdict(tmp_path) -> None:
    authority = signing.SiteCA.load_or_create(tmp_path, "示范企业考点", now=AT)
    passphrase = "correct horse 7"
    leader, body = (
        signing.unlock(authority.issue_person(login, login, passphrase, now=AT), passphrase)
        for login in ("li", "wang")
    )
    prints.print_pdf(content_of())  # fonts and libraries are loaded once a day
    content = content_of([row(no) for no in range(1, 301)])

    started = time.process_time()
    pdf = documents.prepare_fields(
        prints.print_pdf(content), [documents.SignatureField(name) for name in FIELDS.values()]
    )
    prints.print_workbook(content)
    for name, key in zip(FIELDS.values(), (leader, body), strict=True):
        pdf = documents.sign_pdf(
            pdf, key, field=name, reason="r", signing_time=AT, certify=key is leader
        )
    jws = leader.sign_jws(content, at=AT)
    found = documents.read_signatures(pdf, trusted=authority.certificate)
    signing.verify_jws(jws, content, trusted=authority.certificate)
    spent = time.process_time() - started

    print(f"\n300 rows: typeset, filled, twice signed, verified in {spent:.2f} CPU s (limit 2)")
    assert [one.holds for one in found] == [True, True]
    assert spent < 2
