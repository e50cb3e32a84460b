"""
The line of the day: the menu of every page, in the order in which the day walks the rooms.

A stop leads to the shortest address under its room's own name that asks for no argument and
that the person at hand may open; a room without such a page is no stop.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import flask
from flask import Flask, request
from werkzeug.routing import Rule

from examday.i18n import N_, gettext
from examday.web import guards

HOME = "board.home"
STATIONS = (
    ("planning", N_("Planning")),
    ("papers", N_("Papers")),
    ("admission", N_("Admission")),
    ("proctoring", N_("Proctoring")),
    ("scoring", N_("Marks")),
    ("results", N_("Score sheet")),
    ("publicity", N_("Publicity")),
    ("filing", N_("Filing")),
    ("trace", N_("Trace")),
)
ASIDE = (("supervision", N_("Supervision")), ("staff", N_("People")))


@dataclass(frozen=True, slots=True)
class Stop:
    """One entry of the menu; `kind` is "last" for the end of the line, "aside" beside it."""

    text: str
    url: str
    is_here: bool
    kind: str = ""


def stops() -> tuple[Stop, ...]:
    """Give the menu of the person at hand."""
    here = request.blueprint or ""
    home = [Stop(gettext(N_("Day board")), flask.url_for(HOME), is_here=here == "board")]
    line = home + [_stop(room, text, here) for room, text in _open(STATIONS)]
    line[-1] = Stop(line[-1].text, line[-1].url, is_here=line[-1].is_here, kind="last")
    aside = [_stop(room, text, here, kind="aside") for room, text in _open(ASIDE)]
    return tuple(line + aside)


def _open(stations: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    return ((room, text) for room, text in stations if entrance(room))


def _stop(room: str, text: str, here: str, *, kind: str = "") -> Stop:
    url = flask.url_for(entrance(room))
    return Stop(gettext(text), url, is_here=here == room, kind=kind)


def entrance(room: str) -> str:
    """Name the endpoint of this room where the person at hand comes in, or ""."""
    return next((page for page in _pages(flask.current_app, room) if guards.may_open(page)), "")


def _pages(app: Flask, room: str) -> tuple[str, ...]:
    known: dict[str, tuple[str, ...]] = app.extensions.setdefault("examday_entrances", {})
    if room not in known:
        rules = [rule for rule in app.url_map.iter_rules() if _is_page(rule, room)]
        rules.sort(key=lambda rule: (not rule.rule.startswith(f"/{room}"), len(rule.rule)))
        known[room] = tuple(rule.endpoint for rule in rules)
    return known[room]


def _is_page(rule: Rule, room: str) -> bool:
    return (
        rule.endpoint.startswith(f"{room}.")
        and "GET" in (rule.methods or ())
        and not rule.arguments
        and "." not in rule.rule
        and not rule.endpoint.endswith((".static", ".sign_in"))
    )
