"""
组卷模型, the assembly model: what every paper of a run must look like.

Kinds with count and mark each, the depth of the blueprint at which weights must be met in
marks, difficulty, importance and source shares, and what may not be used again. Shares are in
percent of the number of items; marks are Decimal and never float.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

from examday.wire.canonical import canonical
from question_bank.demands.blueprint import IMPORTANCES, WHOLE
from question_bank.errors import BadModel, UnreadableFile
from question_bank.i18n import gettext as _
from question_bank.items import HARDEST, Kind, Source

MOST_ITEMS = 1000
FINEST_MARK = Decimal("0.01")
SOFT = {"range", "difficulty", "importance", "source", "mean-difficulty"}


@dataclass(frozen=True, slots=True)
class Section:
    """一、单项选择: one kind, how many items, and the mark of each."""

    kind: Kind
    heading: str
    count: int
    mark: Decimal
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A floor and a cap in percent of the number of items."""

    floor: Decimal = Decimal(0)
    cap: Decimal = Decimal(100)


@dataclass(frozen=True)
class Model:
    """An assembly model; every number is what one paper must meet."""

    code: str
    title: str
    occupation: str
    occupation_code: str
    level: int
    minutes: int
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    weight_depth: int
    weight_tolerance: Decimal
    difficulty: Mapping[int, Share]
    mean_difficulty: Decimal | None
    mean_tolerance: Decimal
    importance: Mapping[str, Share]
    sources: Mapping[Source, Share]
    per_point: int = 1
    exclude_last_batches: int = 0
    overlap: int = 0
    soft: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        """满分: the sum of all marks."""
        return sum((one.count * one.mark for one in self.sections), Decimal(0))

    @property
    def count(self) -> int:
        """Number of items on one paper."""
        return sum(one.count for one in self.sections)

    def is_soft(self, constraint: str) -> bool:
        """Whether a demand may be relaxed at all, if somebody agrees: `difficulty`, `range:A-B`."""
        return constraint in self.soft or constraint.partition(":")[0] in self.soft

    def mark_of(self, kind: Kind) -> Decimal:
        """Mark of one item of a kind."""
        return next(one.mark for one in self.sections if one.kind is kind)

    def to_wire(self) -> dict[str, object]:
        """Give the JSON value that is digested and stands in the certificate."""
        shares = {
            "difficulty": {str(level): share for level, share in self.difficulty.items()},
            "importance": self.importance,
            "sources": {source.value: share for source, share in self.sources.items()},
        }
        return {
            "code": self.code,
            "title": self.title,
            "occupation": self.occupation,
            "occupation_code": self.occupation_code,
            "level": self.level,
            "minutes": self.minutes,
            "notes": list(self.notes),
            "sections": [
                {
                    "kind": one.kind.value,
                    "heading": one.heading,
                    "instruction": one.instruction,
                    "count": one.count,
                    "mark": str(one.mark),
                }
                for one in self.sections
            ],
            "weights": {"depth": self.weight_depth, "tolerance": str(self.weight_tolerance)},
            "mean_difficulty": {
                "target": "" if self.mean_difficulty is None else str(self.mean_difficulty),
                "tolerance": str(self.mean_tolerance),
            },
            **{
                name: {
                    key: {"floor": str(share.floor), "cap": str(share.cap)}
                    for key, share in sorted(table.items())
                }
                for name, table in shares.items()
            },
            "limits": {
                "per_point": self.per_point,
                "exclude_last_batches": self.exclude_last_batches,
                "overlap": self.overlap,
                "soft": list(self.soft),
            },
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical bytes."""
        return hashlib.sha256(canonical(self.to_wire())).hexdigest()


def load_model(path: Path) -> Model:
    """Read an assembly model from TOML; raises BadInput if it cannot be used."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableFile(file=path.name, why=error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadModel(file=path.name, why=str(error)) from error
    return model_from(table, file=path.name)


def model_from(table: Mapping[str, Any], *, file: str) -> Model:
    """Build a model from TOML or wire data; raises BadModel naming the entry."""
    try:
        model = _build(table)
    except KeyError as error:
        raise BadModel(file=file, why=_("%s is missing") % error.args[0]) from error
    except (TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise BadModel(file=file, why=str(error)) from error
    why = _complaint(model)
    if why:
        raise BadModel(file=file, why=why)
    return model


def _build(table: Mapping[str, Any]) -> Model:
    limits = table.get("limits", {})
    weights = table.get("weights", {})
    mean = table.get("mean_difficulty", {})
    target = str(mean.get("target", ""))
    return Model(
        code=str(table.get("code", "")),
        title=str(table["title"]),
        occupation=str(table.get("occupation", "")),
        occupation_code=str(table.get("occupation_code", "")),
        level=_whole(table.get("level", 0)),
        minutes=_whole(table.get("minutes", 90)),
        notes=tuple(str(note) for note in table.get("notes", [])),
        sections=tuple(_section(one) for one in table["sections"]),
        weight_depth=_whole(weights.get("depth", 1)),
        weight_tolerance=Decimal(str(weights.get("tolerance", "0"))),
        difficulty={int(key): _share(one) for key, one in table.get("difficulty", {}).items()},
        mean_difficulty=Decimal(target) if target else None,
        mean_tolerance=Decimal(str(mean.get("tolerance", "0.05"))),
        importance={key: _share(one) for key, one in table.get("importance", {}).items()},
        sources={Source(key): _share(one) for key, one in table.get("sources", {}).items()},
        per_point=_whole(limits.get("per_point", 1)),
        exclude_last_batches=_whole(limits.get("exclude_last_batches", 0)),
        overlap=_whole(limits.get("overlap", 0)),
        soft=tuple(str(name) for name in limits.get("soft", [])),
    )


def _section(one: Mapping[str, Any]) -> Section:
    return Section(
        kind=Kind(one["kind"]),
        heading=str(one.get("heading", "")),
        instruction=str(one.get("instruction", "")),
        count=_whole(one["count"]),
        mark=Decimal(str(one["mark"])),
    )


def _share(one: Mapping[str, Any]) -> Share:
    return Share(floor=Decimal(str(one.get("floor", 0))), cap=Decimal(str(one.get("cap", 100))))


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(_("a whole number is expected, not %s") % repr(value))
    return value


def _complaint(model: Model) -> str:
    """Say what does not fit together, or nothing."""
    kinds = [one.kind for one in model.sections]
    shares = [*model.difficulty.values(), *model.importance.values(), *model.sources.values()]
    complaints = {
        _("each kind needs one section, and there must be one"): (
            not kinds or len(set(kinds)) < len(kinds)
        ),
        _("a section needs between 1 and 1000 items"): not all(
            0 < one.count <= MOST_ITEMS for one in model.sections
        ),
        _("a mark is more than zero and has at most two decimals"): not all(
            one.mark > 0 and one.mark % FINEST_MARK == 0 for one in model.sections
        ),
        _("a share needs 0 <= floor <= cap <= 100"): not all(
            0 <= share.floor <= share.cap <= WHOLE for share in shares
        ),
        _("difficulty runs from 1 to 5"): not set(model.difficulty) <= set(range(1, HARDEST + 1)),
        _("importance is X, Y or Z"): not set(model.importance) <= set(IMPORTANCES),
        _("per_point and depth are at least 1"): min(model.per_point, model.weight_depth) < 1,
        _("a soft row is named range, difficulty, importance, source or mean-difficulty"): not (
            {name.partition(":")[0] for name in model.soft} <= SOFT
        ),
        _("limits cannot be negative"): (
            min(model.exclude_last_batches, model.overlap, model.minutes) < 0
        ),
    }
    return next((why for why, holds in complaints.items() if holds), "")
