"""
细目表, the blueprint: ranges 鉴定范围 of two to six levels, their weights, and the points 鉴定点.

Three checks hold in a published table, and `check` names the node where one does not: the
weights of the children add up to the parent's; the triple X:Y:Z counts the points below the
node by importance (X 核心, Y 一般, Z 辅助); the weights of the first level add up to 100.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property

from examday.wire.canonical import canonical
from question_bank.errors import BadBlueprint
from question_bank.i18n import N_
from question_bank.i18n import gettext as _
from question_bank.items import normal_point
from question_bank.items.wording import unify_widths

WHOLE = Decimal(100)
IMPORTANCES = ("X", "Y", "Z")
DEEPEST = 6
SHALLOWEST = 2
_RANGE = re.compile(r"[A-Z](?:-[A-Z]){0,5}")
_TRIPLE = re.compile(r"(\d+):(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Range:
    """One 鉴定范围: dashed code, name, weight in percent, and its X:Y:Z counts (None: not given)."""

    code: str
    name: str
    weight: Decimal
    triple: tuple[int, int, int] | None = None

    @property
    def depth(self) -> int:
        """1 for a range of the first level."""
        return self.code.count("-") + 1

    @property
    def parent(self) -> str:
        """The code of the range above, empty for the first level."""
        return self.code.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Point:
    """One 鉴定点, the smallest thing to ask about: dashed code, name, importance X, Y or Z."""

    code: str
    name: str
    importance: str

    @property
    def range(self) -> str:
        """The code of the range that holds it."""
        return self.code.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold, at one node."""

    node: str
    name: str
    reason: str


@dataclass(frozen=True)
class Blueprint:
    """
    A 细目表 for one occupation at one level.

    `partial` marks a cut-out of a table: the weights of its first level need not be 100.
    """

    title: str
    occupation: str
    occupation_code: str
    level: int
    ranges: tuple[Range, ...]
    points: tuple[Point, ...]
    partial: bool = False

    def to_wire(self) -> dict[str, object]:
        """Give the JSON value that is digested and stands in the certificate."""
        return {
            "title": self.title,
            "occupation": self.occupation,
            "occupation_code": self.occupation_code,
            "level": self.level,
            "partial": self.partial,
            "ranges": [
                {
                    "code": one.code,
                    "name": one.name,
                    "weight": str(one.weight),
                    "importance": ":".join(map(str, one.triple)) if one.triple else "",
                }
                for one in self.ranges
            ],
            "points": [
                {"code": one.code, "name": one.name, "importance": one.importance}
                for one in self.points
            ],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()

    @cached_property
    def importance_of(self) -> dict[str, str]:
        """Importance by point code."""
        return {point.code: point.importance for point in self.points}

    def ranges_at(self, depth: int) -> list[Range]:
        """Give the ranges of one level of the tree, and leaves that end above it."""
        parents = {one.parent for one in self.ranges}
        return [
            one
            for one in self.ranges
            if one.depth == depth or (one.depth < depth and one.code not in parents)
        ]


def lies_in(point: str, range_code: str) -> bool:
    """Tell whether a point (or range) lies below a range."""
    return point.startswith(range_code + "-")


def blueprint_from(data: Mapping[str, object], *, file: str) -> Blueprint:
    """Build a blueprint from TOML or wire data; raises BadBlueprint with the node in the text."""
    try:
        level = data.get("level", 0)
        return Blueprint(
            title=str(data.get("title", "")),
            occupation=str(data.get("occupation", "")),
            occupation_code=str(data.get("occupation_code", "")),
            level=level if isinstance(level, int) else int(str(level)),
            ranges=tuple(_range(one, file=file) for one in _tables(data, "ranges")),
            points=tuple(_point(one, file=file) for one in _tables(data, "points")),
            partial=bool(data.get("partial", False)),
        )
    except (TypeError, ValueError) as error:
        raise BadBlueprint(file=file, why=str(error)) from error


def _tables(data: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    tables = data.get(name)
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise TypeError(_("[[%s]] is missing") % name)
    return tables


def _range(data: Mapping[str, object], *, file: str) -> Range:
    code = unify_widths(str(data.get("code", ""))).strip().upper()
    if re.fullmatch(r"[A-Z]{2,6}", code):
        code = "-".join(code)
    if not _RANGE.fullmatch(code):
        raise BadBlueprint(file=file, why=_("range code %s is not of the form A-B-C") % repr(code))
    try:
        weight = Decimal(str(data.get("weight", "")).strip().rstrip("%"))
    except InvalidOperation as error:
        raise BadBlueprint(file=file, why=_("range %s has no weight") % code) from error
    written = unify_widths(str(data.get("importance", ""))).strip().strip("()")
    match = _TRIPLE.fullmatch(written.replace(" ", ""))
    if written and not match:
        raise BadBlueprint(file=file, why=_("range %s: X:Y:Z counts expected") % code)
    triple = (int(match[1]), int(match[2]), int(match[3])) if match else None
    return Range(code=code, name=str(data.get("name", "")).strip(), weight=weight, triple=triple)


def _point(data: Mapping[str, object], *, file: str) -> Point:
    code = str(data.get("code", ""))
    importance = unify_widths(str(data.get("importance", ""))).strip().upper()
    try:
        code = normal_point(code)
    except ValueError as error:
        why = _("point code %s is not of the form A-A-A-001") % repr(code)
        raise BadBlueprint(file=file, why=why) from error
    if importance not in IMPORTANCES:
        raise BadBlueprint(file=file, why=_("point %s: importance X, Y or Z expected") % code)
    return Point(code=code, name=str(data.get("name", "")).strip(), importance=importance)


# -- checks ---------------------------------------------------------------------------------

DUPLICATE = N_("the code stands twice")
NO_PARENT = N_("there is no range %(parent)s above it")
CHILD_WEIGHTS = N_("the weights below add up to %(sum)s, not %(weight)s")
COUNTS = N_("the points below count %(real)s, not %(written)s")
EMPTY = N_("no point lies below it")
NOT_A_LEAF = N_("points stand beside ranges under %(parent)s")
ROOT = N_("the weights of the first level add up to %(sum)s, not 100")
DEPTH = N_("the tree has %(depth)s levels; two to six are expected")
NOT_POSITIVE = N_("the weight must be more than zero")


def check(blueprint: Blueprint) -> list[Finding]:
    """Name every node where the table contradicts itself; an empty list means it holds."""
    findings = [*_structure(blueprint)]
    by_code = {one.code: one for one in blueprint.ranges}
    for one in blueprint.ranges:
        children = [child for child in blueprint.ranges if child.parent == one.code]
        total = sum((child.weight for child in children), Decimal(0))
        if children and total != one.weight:
            findings.append(_finding(one, CHILD_WEIGHTS, sum=total, weight=one.weight))
        below = [point for point in blueprint.points if lies_in(point.code, one.code)]
        if not below:
            findings.append(_finding(one, EMPTY))
        counts = Counter(point.importance for point in below)
        real = (counts["X"], counts["Y"], counts["Z"])
        if one.triple is not None and real != one.triple:
            written = ":".join(f"{number:02d}" for number in one.triple)
            shown = ":".join(f"{number:02d}" for number in real)
            findings.append(_finding(one, COUNTS, real=shown, written=written))
    roots = [one for one in blueprint.ranges if not one.parent or one.parent not in by_code]
    total = sum((one.weight for one in roots), Decimal(0))
    if not blueprint.partial and total != WHOLE:
        findings.append(Finding(node="", name=blueprint.title, reason=_(ROOT) % {"sum": total}))
    return findings


def _structure(blueprint: Blueprint) -> list[Finding]:
    findings = []
    nodes: list[Range | Point] = [*blueprint.ranges, *blueprint.points]
    twice = {code for code, number in Counter(node.code for node in nodes).items() if number > 1}
    codes = {one.code for one in blueprint.ranges}
    inner = {one.parent for one in blueprint.ranges}
    findings += [_finding(node, DUPLICATE) for node in nodes if node.code in twice]
    for one in blueprint.ranges:
        if one.parent and one.parent not in codes and not blueprint.partial:
            findings.append(_finding(one, NO_PARENT, parent=one.parent))
        if one.weight <= 0:
            findings.append(_finding(one, NOT_POSITIVE))
    for point in blueprint.points:
        if point.range not in codes:
            findings.append(_finding(point, NO_PARENT, parent=point.range))
        elif point.range in inner:
            findings.append(_finding(point, NOT_A_LEAF, parent=point.range))
    depth = max((one.depth for one in blueprint.ranges), default=0)
    if not SHALLOWEST <= depth + 1 <= DEEPEST + 1 and not blueprint.partial:
        findings.append(Finding(node="", name=blueprint.title, reason=_(DEPTH) % {"depth": depth}))
    return findings


def _finding(node: Range | Point, reason: str, **params: object) -> Finding:
    return Finding(node=node.code, name=node.name, reason=_(reason) % params)
