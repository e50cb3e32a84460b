"""What this room's states are called on a page, and how grave each looks."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from examday import clock
from examday.admission.rules import CaseKind, KioskState, Outcome, Presence
from examday.admission.service.doors import SUBJECT_NAMES
from examday.admission.views.blueprint import bp
from examday.i18n import N_, gettext
from examday.policy import Subject
from examday.wire import Act, Verdict

# A kiosk speaks every five seconds; after half a minute of silence it is out of reach.
SILENCE_SECONDS = 30
ODD_CLOCK_MS, WRONG_CLOCK_MS = 2_000, 60_000

# One list for each kind of word: members of string enumerations that are spelt alike are equal.
PRESENCES = {
    Presence.EXPECTED: N_("Not here yet"),
    Presence.PRESENT: N_("Present"),
    Presence.LATE: N_("Came late"),
    Presence.ABSENT: N_("Absent"),
    Presence.UNSETTLED: N_("To be settled"),
}
CASES = {
    CaseKind.CONFLICT: N_("Admitted twice"),
    CaseKind.HELD: N_("Identity in doubt"),
    CaseKind.REFUSED: N_("Admitted offline against the rules"),
    CaseKind.UNSCANNED: N_("The scan is missing"),
    CaseKind.CLOCK: N_("The kiosk's clock is wrong"),
    CaseKind.AFTER_CLOSE: N_("Arrived after the doors were closed"),
    CaseKind.QUARANTINED: N_("From a kiosk that is not trusted"),
}
KIOSKS = {
    KioskState.INVITED: N_("Invited"),
    KioskState.ENROLLED: N_("Enrolled"),
    KioskState.REVOKED: N_("Revoked"),
}
VERDICTS = {
    Verdict.ADMITTED: N_("Ticket valid"),
    Verdict.LATE: N_("Late"),
    Verdict.PROVISIONAL: N_("Provisional"),
    Verdict.CLOSED: N_("Too late"),
    Verdict.NOT_OPEN: N_("Too early"),
    Verdict.WRONG_ROOM: N_("Wrong room"),
    Verdict.WRONG_SITTING: N_("Wrong sitting"),
    Verdict.WRONG_DAY: N_("Wrong day"),
    Verdict.REVOKED: N_("Revoked"),
    Verdict.ALREADY_IN: N_("Already in"),
    Verdict.UNKNOWN: N_("Ticket unknown"),
}
NAMES: dict[type[StrEnum], Mapping[Any, str]] = {
    Presence: PRESENCES,
    CaseKind: CASES,
    KioskState: KIOSKS,
    Verdict: VERDICTS,
    Subject: SUBJECT_NAMES,
    Outcome: PRESENCES,
}
ACTS = {
    Act.SCANNED: N_("Scanned"),
    Act.IDENTIFIED: N_("Identified"),
    Act.HELD: N_("Held"),
    Act.UNDONE: N_("Undone"),
}
TONES: dict[type[StrEnum], Mapping[Any, str]] = {
    Presence: {
        Presence.PRESENT: "ok",
        Presence.LATE: "warn",
        Presence.ABSENT: "bad",
        Presence.UNSETTLED: "info",
    },
    KioskState: {KioskState.ENROLLED: "ok", KioskState.REVOKED: "bad"},
    Verdict: {verdict: "ok" if verdict.lets_in else "bad" for verdict in Verdict},
}
SIGNS = {
    Presence.EXPECTED: "○",
    Presence.PRESENT: "✓",
    Presence.LATE: "◔",
    Presence.ABSENT: "✕",
    Presence.UNSETTLED: "?",
}


@bp.app_template_filter("door_name")
def name(word: StrEnum) -> str:
    """Name a state in the reader's language."""
    return gettext(NAMES[type(word)][word])


@bp.app_template_filter("door_state")
def state_name(word: str) -> str:
    """Name a presence by its plain word."""
    return gettext(PRESENCES[Presence(word)])


@bp.app_template_filter("door_act")
def act(word: str) -> str:
    """Name an act at the door."""
    return gettext(ACTS[Act(word)])


@bp.app_template_filter("door_tone")
def tone(word: StrEnum) -> str:
    """Say how grave a state looks."""
    return TONES[type(word)].get(word, "muted")


@bp.app_template_filter("door_sign")
def sign(word: Presence) -> str:
    """Give the sign that stands beside the colour."""
    return SIGNS[word]


@bp.app_template_filter("clock_tone")
def clock_tone(offset_ms: int) -> str:
    """Say how grave a kiosk's clock is off; empty when it is not."""
    if abs(offset_ms) > WRONG_CLOCK_MS:
        return "bad"
    return "warn" if abs(offset_ms) > ODD_CLOCK_MS else ""


@bp.app_template_filter("is_silent")
def is_silent(last_seen_at: datetime | None) -> bool:
    """Say whether a kiosk has not been heard of for half a minute."""
    if last_seen_at is None:
        return True
    return (clock.now() - last_seen_at).total_seconds() > SILENCE_SECONDS
