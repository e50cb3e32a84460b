"""
Who may serve on a day: 考前培训 (HE-11), 回避 (DOMAIN §3.6) and the examiner's card (GS-03).

Kinship, 师徒 and having taught the candidates stop a person; "same unit" cannot hold where a
body assesses its own people, so it only warns (DOMAIN C9).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from examday.errors import BadInput
from examday.i18n import N_
from examday.staff.rules.accounts import Account
from examday.web.access import Role


class Relation(StrEnum):
    """What a person declares towards the candidates of a batch."""

    NONE = "none"
    KINSHIP = "kinship"  # 直系血亲、三代以内旁系血亲、近姻亲
    MENTOR = "mentor"  # 师徒
    TRAINER = "trainer"  # taught the training
    SAME_UNIT = "same_unit"  # the same 车间 or 班组


_STOPS = frozenset({Relation.KINSHIP, Relation.MENTOR, Relation.TRAINER})


class NobodyAttended(BadInput):
    """A training that nobody attended trains nobody."""

    code = "nobody_attended"
    message = N_("Tick at least one person who attended the training.")


class ObstacleKind(StrEnum):
    """Why somebody should not be posted."""

    DISABLED = "disabled"
    WRONG_ROLE = "wrong_role"
    UNTRAINED = "untrained"
    UNDECLARED = "undeclared"
    AVOIDANCE = "avoidance"
    SAME_UNIT = "same_unit"
    NO_CARD = "no_card"
    CARD_EXPIRED = "card_expired"
    CARD_LEVEL = "card_level"
    CARD_OCCUPATION = "card_occupation"


_WARNINGS = frozenset({ObstacleKind.SAME_UNIT})


@dataclass(frozen=True, slots=True)
class Training:
    """One 考前培训: when, what, who attended (account ids)."""

    id: int
    held_on: date
    content: str
    account_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Avoidance:
    """A declaration for one batch: relation, own words, candidates concerned (empty = all)."""

    account_id: int
    batch_code: str
    relation: Relation
    text: str
    candidates: tuple[int, ...] = ()

    @property
    def stops(self) -> bool:
        """Say whether this relation forbids serving those candidates."""
        return self.relation in _STOPS


@dataclass(frozen=True, slots=True)
class Record:
    """What the site knows of a person when posting: last training day and declarations."""

    account: Account
    trained_on: date | None
    avoidances: tuple[Avoidance, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason against posting; a hard one stops, a soft one warns."""

    kind: ObstacleKind

    @property
    def is_hard(self) -> bool:
        """Say whether posting must be refused."""
        return self.kind not in _WARNINGS


def obstacles(
    record: Record,
    *,
    duty: Role,
    on: date,
    level: int,
    candidates: Collection[int],
    occupation: str = "",
) -> tuple[Obstacle, ...]:
    """
    List what speaks against posting this person on this day for these candidates.

    `duty`: the role to be served; `level`: of the batch, 5…1; `candidates`: ids in the room;
    `occupation`: of the batch, where an examiner's card names occupations.
    """
    account, kinds = record.account, []
    if not account.is_active:
        kinds.append(ObstacleKind.DISABLED)
    if duty not in account.roles:
        kinds.append(ObstacleKind.WRONG_ROLE)
    if record.trained_on is None or record.trained_on > on:
        kinds.append(ObstacleKind.UNTRAINED)
    kinds += _relations(record.avoidances, candidates)
    if duty is Role.EXAMINER:
        kinds += _card(account, on=on, level=level, occupation=occupation)
    return tuple(Obstacle(kind) for kind in kinds)


def _relations(
    avoidances: Collection[Avoidance], candidates: Collection[int]
) -> list[ObstacleKind]:
    if not avoidances:
        return [ObstacleKind.UNDECLARED]
    meant = [
        declared
        for declared in avoidances
        if not declared.candidates or set(declared.candidates) & set(candidates)
    ]
    kinds = []
    if any(declared.stops for declared in meant):
        kinds.append(ObstacleKind.AVOIDANCE)
    if any(declared.relation is Relation.SAME_UNIT for declared in meant):
        kinds.append(ObstacleKind.SAME_UNIT)
    return kinds


def _card(account: Account, *, on: date, level: int, occupation: str) -> list[ObstacleKind]:
    if not account.card_no:
        return [ObstacleKind.NO_CARD]
    kinds = []
    if account.card_valid_to is not None and account.card_valid_to < on:
        kinds.append(ObstacleKind.CARD_EXPIRED)
    if level not in account.card_levels:
        kinds.append(ObstacleKind.CARD_LEVEL)
    if account.card_occupations and occupation not in {"", *account.card_occupations}:
        kinds.append(ObstacleKind.CARD_OCCUPATION)
    return kinds
