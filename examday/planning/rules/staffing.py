"""Seats and people: how full rooms become and who is missing (DOMAIN §3.2, HS-13)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from examday.i18n import N_, gettext
from examday.planning.rules.refusals import NotEnoughSeats, RoomTooLarge, WrongRoom
from examday.planning.rules.values import Duty, ExamRoom, Post, RoomKind, Sitting
from examday.policy import Policy, Subject

_JUDGES = frozenset({Duty.EXAMINER, Duty.EXAMINER_LEADER})


class Weight(StrEnum):
    """Whether a need stops the day or is only pointed out."""

    STOPS = "stops"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Need:
    """
    Something a sitting lacks: room ("" = the whole sitting), sentence (msgid) and clause.

    `reason`: a msgid that stands in the sentence as %(reason)s.
    """

    room_code: str
    message: str
    clause: str
    weight: Weight = Weight.STOPS
    facts: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""

    def text(self) -> str:
        """Give the sentence in the reader's language."""
        reason = gettext(self.reason) if self.reason else ""
        sentence = gettext(self.message) % {**self.facts, "reason": reason}
        return f"{self.room_code}: {sentence}" if self.room_code else sentence


def check_room(capacity: int, policy: Policy) -> None:
    """Refuse a room beyond the profile's size."""
    if not 0 < capacity <= policy.rooms.capacity:
        raise RoomTooLarge(limit=policy.rooms.capacity, clause=policy.clause("rooms.capacity"))


def check_seats(candidates: int, rooms: Sequence[ExamRoom], subject: Subject) -> None:
    """Refuse rooms of the wrong kind, or fewer seats than candidates."""
    for room in rooms:
        if room.kind not in {RoomKind.BOTH, RoomKind(subject.value)}:
            raise WrongRoom(room=room.code)
    seats = sum(room.capacity for room in rooms)
    if candidates > seats:
        raise NotEnoughSeats(candidates=candidates, seats=seats)


def spread(candidates: int, rooms: Sequence[ExamRoom]) -> dict[str, int]:
    """Spread candidates over rooms evenly by capacity; room code -> number."""
    filled = Counter({room.code: 0 for room in rooms})
    for _ in range(candidates):
        free = [room for room in rooms if filled[room.code] < room.capacity]
        if not free:
            break
        filled[min(free, key=lambda room: filled[room.code] / room.capacity).code] += 1
    return dict(filled)


def overlap(one: Sitting, start: datetime, minutes: int) -> bool:
    """Say whether a sitting and a span share a moment."""
    return one.starts_at < start + timedelta(minutes=minutes) and start < one.ends_at


def needs(
    sitting: Sitting,
    posts: Sequence[Post],
    *,
    filled: dict[str, int],
    policy: Policy,
) -> tuple[Need, ...]:
    """List what a sitting lacks, given how many candidates sit in each room."""
    found = [
        need
        for code in sitting.room_codes
        for need in _room_needs(sitting, posts, code, candidates=filled[code], policy=policy)
    ]
    supervisors = sum(post.duty is Duty.QUALITY_SUPERVISOR for post in posts)
    if supervisors < policy.rooms.supervisors_min:
        found.append(
            Need(
                "",
                N_("%(needed)s internal quality supervisor(s) needed."),
                policy.clause("rooms.supervisors_min"),
                facts={"needed": policy.rooms.supervisors_min},
            )
        )
    return tuple(found)


def _room_needs(
    sitting: Sitting, posts: Sequence[Post], code: str, *, candidates: int, policy: Policy
) -> list[Need]:
    here = [post for post in posts if post.room_code in {code, ""}]
    if sitting.subject is Subject.THEORY:
        proctors = sum(post.duty is Duty.PROCTOR for post in here)
        return _proctor_needs(code, proctors, candidates, policy)
    return _examiner_needs(code, here, candidates, policy)


def _proctor_needs(code: str, present: int, candidates: int, policy: Policy) -> list[Need]:
    rules = policy.rooms
    if present < rules.proctors_min:
        message, rule, needed = (
            N_("%(needed)s proctors needed, %(present)s posted."),
            "rooms.proctors_min",
            rules.proctors_min,
        )
    elif present * rules.candidates_per_proctor < candidates:
        message, rule, needed = (
            N_("%(needed)s proctors needed for this many candidates, %(present)s posted."),
            "rooms.candidates_per_proctor",
            -(-candidates // rules.candidates_per_proctor),
        )
    else:
        return []
    facts = {"needed": needed, "present": present}
    return [Need(code, message, policy.clause(rule), facts=facts)]


def _examiner_needs(code: str, here: Sequence[Post], candidates: int, policy: Policy) -> list[Need]:
    rules = policy.rooms
    present = sum(post.duty in _JUDGES for post in here)
    leaders = sum(post.duty is Duty.EXAMINER_LEADER for post in here)
    facts = {"needed": rules.examiners_min, "present": present, "leaders": leaders}
    found = []
    if present < rules.examiners_min:
        message = N_("%(needed)s examiners needed, %(present)s posted.")
        found.append(Need(code, message, policy.clause("rooms.examiners_min"), facts=facts))
    if rules.examiners_odd and present % 2 == 0:
        message = N_("The number of examiners must be odd, %(present)s posted.")
        found.append(Need(code, message, policy.clause("rooms.examiners_odd"), facts=facts))
    if leaders != 1:
        message = N_("One examiner must lead the group, %(leaders)s do.")
        found.append(Need(code, message, policy.clause("rooms.examiners_min"), facts=facts))
    if present * rules.candidates_per_examiner < candidates:
        # Candidates of a practical exam take turns at the stations: who is at work at one time
        # is seen in the room, not in the plan, so the ratio is pointed out and does not stop.
        message = N_("At most %(at_once)s candidates may be at work at one time.")
        at_once = {"at_once": present * rules.candidates_per_examiner}
        clause = policy.clause("rooms.candidates_per_examiner")
        found.append(Need(code, message, clause, Weight.WARNS, at_once))
    return found
