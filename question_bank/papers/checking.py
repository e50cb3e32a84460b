"""
Checking papers against blueprint and model, without the solver and without its rows.

A second pair of eyes: the arithmetic here is written from the words of the model, in Decimal
over the finished papers, and shares no code with the assembly. A violation names what does
not hold and the numbers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from question_bank.demands.blueprint import Blueprint
from question_bank.demands.model import Model, Share
from question_bank.demands.relaxing import Relaxation
from question_bank.items import Item, Kind
from question_bank.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Violation:
    """One demand a paper (or pair of papers) does not meet."""

    form: str
    constraint: str
    wanted: str
    real: str


def check_papers(
    papers: Sequence[Paper],
    blueprint: Blueprint,
    model: Model,
    *,
    ages: Mapping[str, int] | None = None,
    relaxations: Sequence[Relaxation] = (),
) -> list[Violation]:
    """
    Name every demand that does not hold.

    `ages` says how many batches ago items were used; `relaxations` what was agreed to.
    """
    agreed = {one.constraint: one for one in relaxations}
    found: list[Violation] = []
    for paper in papers:
        found += _check_sections(paper, model)
        found += _check_weights(paper, blueprint, model, agreed)
        found += _check_shares(paper, blueprint, model, agreed)
        found += _check_limits(paper, model, ages or {})
    for one, other in combinations(papers, 2):
        shared = len({item.id for item in one.items} & {item.id for item in other.items})
        if shared > model.overlap:
            pair = f"{one.form}+{other.form}"
            found.append(Violation(pair, "overlap", f"<={model.overlap}", str(shared)))
    return found


def _check_sections(paper: Paper, model: Model) -> list[Violation]:
    counts = Counter(item.kind for item in paper.items)
    found = [
        Violation(paper.form, f"kind:{one.kind.value}", str(one.count), str(counts[one.kind]))
        for one in model.sections
        if counts[one.kind] != one.count
    ]
    total = sum((_marks(model)[item.kind] for item in paper.items), Decimal(0))
    if total != model.total or len(paper.items) != model.count:
        found.append(Violation(paper.form, "total", str(model.total), str(total)))
    return found


def _is_agreed(name: str, real: Fraction, agreed: Mapping[str, Relaxation]) -> bool:
    """Whether somebody agreed to a value as far off as this."""
    return name in agreed and agreed[name].least <= real <= agreed[name].most


def _check_weights(
    paper: Paper, blueprint: Blueprint, model: Model, agreed: Mapping[str, Relaxation]
) -> list[Violation]:
    marks = _marks(model)
    inner = {one.parent for one in blueprint.ranges}
    found = []
    for one in blueprint.ranges:
        is_end = one.depth < model.weight_depth and one.code not in inner
        if one.depth != model.weight_depth and not is_end:
            continue
        real = sum(
            (
                marks[item.kind]
                for item in paper.items
                if item.point.split("-")[: one.depth] == one.code.split("-")
            ),
            Decimal(0),
        )
        wanted = one.weight * model.total / 100
        name = f"range:{one.code}"
        if abs(real - wanted) > model.weight_tolerance and not _is_agreed(
            name, Fraction(real), agreed
        ):
            found.append(Violation(paper.form, name, str(wanted), str(real)))
    return found


def _check_shares(
    paper: Paper, blueprint: Blueprint, model: Model, agreed: Mapping[str, Relaxation]
) -> list[Violation]:
    size = Decimal(len(paper.items))
    letters = {point.code: point.importance for point in blueprint.points}
    importance = Counter(letters.get(item.point, "?") for item in paper.items)
    difficulty = Counter(item.difficulty for item in paper.items)
    sources = Counter(item.source for item in paper.items)
    wanted: list[tuple[str, Share, int]] = [
        *((f"difficulty:{key}", share, difficulty[key]) for key, share in model.difficulty.items()),
        *((f"importance:{key}", share, importance[key]) for key, share in model.importance.items()),
        *((f"source:{key.value}", share, sources[key]) for key, share in model.sources.items()),
    ]
    found = [
        Violation(paper.form, name, f"{share.floor}-{share.cap} %", f"{real}/{size}")
        for name, share, real in wanted
        if not share.floor * size <= real * 100 <= share.cap * size
        and not _is_agreed(name, Fraction(real), agreed)
    ]
    if model.mean_difficulty is not None:
        total = sum(Decimal(item.difficulty) for item in paper.items)
        far = Fraction(total - model.mean_difficulty * size) / max(1, len(paper.items))
        if abs(far) > model.mean_tolerance and not _is_agreed("mean-difficulty", far, agreed):
            goal = f"{model.mean_difficulty}+-{model.mean_tolerance}"
            found.append(Violation(paper.form, "mean-difficulty", goal, f"{total}/{size}"))
    return found


def _check_limits(paper: Paper, model: Model, ages: Mapping[str, int]) -> list[Violation]:
    points = Counter(item.point for item in paper.items)
    enemies = Counter(name for item in paper.items for name in item.enemies)
    twice = Counter(item.id for item in paper.items)
    found = [
        Violation(paper.form, f"point:{code}", f"<={model.per_point}", str(number))
        for code, number in points.items()
        if number > model.per_point
    ]
    found += [
        Violation(paper.form, f"enemies:{name}", "<=1", str(number))
        for name, number in enemies.items()
        if number > 1
    ]
    found += [
        Violation(paper.form, f"item:{name}", "1", str(number))
        for name, number in twice.items()
        if number > 1
    ]
    found += [
        Violation(paper.form, f"item:{item.id}", reason, "")
        for item in paper.items
        if (reason := _barred(item, model, ages))
    ]
    return found


def _barred(item: Item, model: Model, ages: Mapping[str, int]) -> str:
    if not (item.status == "live" and item.point and item.difficulty):
        return "live, placed and rated"
    if 0 < ages.get(item.id, 0) <= model.exclude_last_batches:
        return f"not used in the last {model.exclude_last_batches} batches"
    return ""


def _marks(model: Model) -> dict[Kind, Decimal]:
    return {one.kind: one.mark for one in model.sections}
