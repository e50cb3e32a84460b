"""Words of proctoring's pages: what a state, a doubt or a measure is called."""

from collections.abc import Callable
from datetime import datetime, timedelta

from examday import clock
from examday.i18n import N_, gettext
from examday.proctoring.rules.drawing import Tone
from examday.proctoring.service import Decision, Doubt, HashState, MeasureKind, Voids
from examday.proctoring.views.blueprint import bp
from examday.proctoring.views.looking import REASONS

_MINUTES_SHOWN = 120  # from two hours on an age is told in hours, from five days on in days

SUBJECTS = {
    "theory": N_("theory"),
    "practical": N_("practical"),
    "review": N_("review panel"),
}
TONES = {
    Tone.COVERED: N_("filmed"),
    Tone.DECLARED: N_("missing, explained"),
    Tone.MISSING: N_("missing"),
    Tone.WAIVED: N_("no-camera mode"),
}
HASH_STATES = {
    HashState.WAITING: N_("waiting for the signed head"),
    HashState.LOGGED: N_("hashed and logged"),
    HashState.CHECKED: N_("re-checked, intact"),
    HashState.FAILED: N_("re-check failed"),
}
DOUBTS = {
    Doubt.OVERLAP: N_("overlaps another segment"),
    Doubt.CLOCK_OFF: N_("camera clock is off"),
    Doubt.CLOCK_STEP: N_("camera clock was changed"),
    Doubt.CLOCK_SET: N_("server clock was set"),
    Doubt.FUTURE: N_("ends in the future"),
    Doubt.OUT_OF_ORDER: N_("came out of order"),
    Doubt.HOLES: N_("pictures missing inside"),
    Doubt.BLACK: N_("black picture"),
    Doubt.FROZEN: N_("frozen picture"),
    Doubt.DECODE_ERRORS: N_("damaged pictures"),
    Doubt.COARSE: N_("fewer lines than planned"),
    Doubt.NO_BEACON: N_("no beacon seen"),
    Doubt.UNKNOWN_BEACON: N_("unknown beacon"),
}
VOIDS = {
    Voids.NOTHING: N_("kept"),
    Voids.SUBJECT: N_("void: this subject"),
    Voids.ALL: N_("void: all subjects"),
}
MEASURES = {MeasureKind.PATROL: N_("patrol"), MeasureKind.PHOTO: N_("photo")}
DECISIONS = {
    Decision.OPEN: N_("not decided yet"),
    Decision.UPHELD: N_("upheld"),
    Decision.DISMISSED: N_("dismissed"),
}
CLOCK_SOURCES = {"beacon": N_("by the beacon"), "camera": N_("as the camera says")}


@bp.context_processor
def words() -> dict[str, Callable[[str], str]]:
    """Give the templates a name for each word they may meet."""
    tables: dict[str, dict[str, str]] = {
        "decision_name": {str(key): text for key, text in DECISIONS.items()},
        "subject_name": dict(SUBJECTS),
        "tone_name": {str(key): text for key, text in TONES.items()},
        "hash_state_name": {str(key): text for key, text in HASH_STATES.items()},
        "doubt_name": {str(key): text for key, text in DOUBTS.items()},
        "voids_name": {str(key): text for key, text in VOIDS.items()},
        "measure_name": {str(key): text for key, text in MEASURES.items()},
        "clock_source_name": dict(CLOCK_SOURCES),
    }
    return {name: _namer(table) for name, table in tables.items()}


@bp.context_processor
def reasons() -> dict[str, list[tuple[str, str]]]:
    """Give the templates the reasons for looking at a record."""
    return {"view_reasons": [(key, gettext(text)) for key, text in REASONS.items()]}


@bp.app_template_filter("age")
def age(span: timedelta | None) -> str:
    """Show an age in minutes, hours or days, whichever a person reads; a dash for none."""
    if span is None:
        return "–"
    count = round(span.total_seconds() / 60)
    if count < _MINUTES_SHOWN:
        return gettext("%(count)s min") % {"count": count}
    if count < _MINUTES_SHOWN * 24:
        return gettext("%(count)s h") % {"count": round(count / 60)}
    return gettext("%(count)s d") % {"count": round(count / 60 / 24)}


@bp.app_template_filter("clock_time")
def clock_time(at: datetime) -> str:
    """Show the time of day at the site to the second: 09:00:05."""
    return clock.local(at).strftime("%H:%M:%S")


@bp.app_template_filter("rfc3339")
def rfc3339(at: datetime) -> str:
    """Write an instant as forms send it back."""
    return clock.rfc3339(at)


def _namer(table: dict[str, str]) -> Callable[[str], str]:
    return lambda word: gettext(table[str(word)])
