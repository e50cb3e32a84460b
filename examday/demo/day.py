"""The day from plan to archive: the stages in order, each timed, what each left behind."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from examday import clock
from examday.app import create_app, prepare
from examday.db import db
from examday.demo import bank, closing, doors, marks, office, outside, practical, room, sheet
from examday.demo.shared_clock import SharedClock
from examday.demo.stage import Stage, Today
from examday.i18n import N_
from examday.i18n import gettext as _
from examday.settings import load_settings

# The exam is on Tuesday 2026-10-20: after the national holiday, so that the working days of the
# filing skip it, and in a year whose calendar is official.
FIRST_MORNING = date(2026, 9, 21)
FINISHED = "demo-finished"

STAGES: tuple[tuple[str, str, Callable[[Today], None]], ...] = (
    ("office", N_("Office, days before"), office.prepare_batch),
    ("bank", N_("Bank, papers, seals"), bank.draw_papers),
    ("tickets", N_("Tickets and seats"), doors.issue_tickets),
    ("opening", N_("Opening the day"), room.open_day),
    ("doors", N_("Doors"), doors.check_in_theory),
    ("room", N_("In the rooms"), room.watch_theory),
    ("practical", N_("The afternoon"), practical.hold),
    ("marks", N_("Marks"), marks.take_marks),
    ("sheet", N_("Score sheet"), sheet.sign_sheet),
    ("publicity", N_("Publicity and objection"), sheet.publish_and_correct),
    ("filing", N_("Filing and archive"), closing.file_and_archive),
    ("verify", N_("Verification"), closing.verify),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a demo day made: paths for outside checks, a table for a person, seconds per stage."""

    paths: dict[str, Path]
    made: list[tuple[str, str]]
    stages: list[Stage] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give the object that `examday demo --json` prints."""
        stages = [{"name": stage.name, "seconds": round(stage.seconds, 3)} for stage in self.stages]
        return {name: str(path) for name, path in self.paths.items()} | {"stages": stages}


def is_finished(home: Path) -> bool:
    """Say whether a demo day ran to its end in this home."""
    return (home / FINISHED).exists()


def run(home: Path, *, seed: int, candidates: int) -> Outcome:
    """Run the whole day in a new home; progress goes to stderr, one line a stage."""
    home.mkdir(parents=True, exist_ok=True)
    stages: list[Stage] = []
    with (
        clock.standing_in(SharedClock(home / "clock", clock.at(FIRST_MORNING, 9))) as simulated,
        outside.settling(load_settings(home), home / "clock"),
    ):
        settings = load_settings(home)  # now with its witness and its authority
        app = create_app(settings)
        with app.app_context():
            prepare()
            today = Today(
                app=app, settings=settings, clock=simulated, seed=seed, candidates=candidates
            )
            for number, (name, title, act) in enumerate(STAGES, start=1):
                with _timed(name, f"{number:>2}/{len(STAGES)} {_(title)}", stages):
                    act(today)
            db.session.remove()
            db.engine.dispose()  # whoever serves the site next forks
    (home / "clock").unlink()
    (home / FINISHED).touch()
    today.paths["database"] = home / "examday.db"
    return Outcome(today.paths, today.made, stages)


@contextmanager
def _timed(name: str, title: str, stages: list[Stage]) -> Iterator[None]:
    print(f"▸ {title} …", end="", flush=True, file=sys.stderr)
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    stages.append(Stage(name, seconds))
    print(f" {seconds:.1f} s", file=sys.stderr)
