"""The first page, and the menu of every page."""

from datetime import date
from typing import Any

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from examday import clock
from examday.board import agenda, navigation, service, trails
from examday.board import calendar as calendars
from examday.i18n import gettext
from examday.planning import service as planning
from examday.web import guards, parsing

bp = Blueprint("board", __name__, template_folder="templates")

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show the day."""
    return flask.render_template(
        "board/day.html",
        boards=service.batch_boards(),
        health=service.health(),
        duties=_duties_today(),
        entrance=navigation.entrance,
    )


def _duties_today() -> list[tuple[planning.Sitting, planning.Post, planning.SignIn | None]]:
    """List where the person at hand serves today and has not heard the last bell yet."""
    person = guards.current_or_none()
    if person is None or not guards.may_open("planning.duties"):
        return []
    now = clock.now()
    return [
        each
        for each in planning.list_duties(person.account_id)
        if clock.local(each[0].starts_at).date() == clock.today() and now <= each[0].ends_at
    ]


@bp.get("/calendar")
def calendar() -> ResponseReturnValue:
    """Show a month with what stands on its days, what is due, and a calculator of deadlines."""
    today, policy = clock.today(), planning.site_policy()
    year, month = _month(request.args.get("month", ""), today)
    entries = agenda.list_entries()
    return flask.render_template(
        "board/calendar.html",
        month=calendars.month_of(year, month, entries, planning.calendar()),
        due=agenda.still_due(entries),
        today=today,
        warnings=planning.list_warnings(limit=20),
        questions=[(key, gettext(one.title)) for key, one in calendars.questions(policy).items()],
        asked=request.args.get("asked", ""),
        start=request.args.get("start", today.isoformat()),
        answer=_answer(policy),
    )


def _month(asked: str, today: date) -> tuple[int, int]:
    year, _dash, month = asked.partition("-")
    if year.isdigit() and month.isdigit() and _FIRST_YEAR <= int(year) < _LAST_YEAR:
        return int(year), min(max(int(month), 1), 12)
    return today.year, today.month


def _answer(policy: planning.Policy) -> calendars.Answer | None:
    asked, start = request.args.get("asked", ""), request.args.get("start", "")
    if asked not in calendars.questions(policy):
        return None
    return calendars.calculate(asked, _start(start), policy, planning.calendar())


def _start(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise parsing.NotADate(field="start") from error


@bp.get("/trail")
def trail() -> ResponseReturnValue:
    """Follow a certificate or ticket back, or say what rests on an item, kiosk, clip or paper."""
    reference, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    by = guards.current().actor
    is_back = kind in trails.KINDS
    return flask.render_template(
        "board/trail.html",
        q=reference,
        kind=kind,
        kinds=trails.KINDS,
        trail=trails.trail_of(reference, by=by) if reference and not is_back else None,
        resting=trails.resting_on(kind, reference, by=by) if reference and is_back else None,
        said=service.trail_word,
        shown=service.trail_value,
    )


@bp.app_context_processor
def menu() -> dict[str, Any]:
    """Give every page the line of the day and the state of today."""
    if guards.current_or_none() is None:
        return {}
    return {"navigation": navigation.stops(), "day_state": service.day_state()}
