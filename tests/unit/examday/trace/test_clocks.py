"""A clock that was set is in the trace before anything that was dated by it."""

from datetime import timedelta

import pytest

from examday import clock as examday_clock
from examday.trace import service as trace
from examday.trace.service import Action


def actions():
    return [entry.action for entry in reversed(trace.list_entries(limit=50).entries)]


@pytest.mark.parametrize("seconds", [-3600, -3, 3, 3600])
def test_a_clock_that_was_set_stands_before_the_next_act(say, clock, seconds):
    say()
    before = examday_clock.now()
    clock.advance(minutes=10)
    clock.step(seconds=seconds)

    index = say()

    assert actions()[-2:] == [Action.CLOCK_SET, trace.find_entry(index).action]
    (change,) = trace.list_clock_changes()
    assert change.index == index - 1
    assert change.before == before
    assert change.milliseconds == seconds * 1000
    assert change.after == before + timedelta(minutes=10, seconds=seconds)


def test_an_honest_clock_leaves_no_entry(say, clock):
    say()
    clock.advance(hours=9)
    clock.step(seconds=1)  # what NTP may correct
    say()

    assert trace.watch_clock() is None
    assert Action.CLOCK_SET not in actions()


def test_the_job_notes_it_though_nobody_acts_and_once(app, say, clock):
    assert trace.watch_clock() is None  # an empty log has nothing to compare with
    say()
    clock.step(minutes=-5)

    noted = [trace.watch_clock(), trace.watch_clock()]

    assert [bool(one) for one in noted] == [True, False]
    assert actions().count(Action.CLOCK_SET) == 1


def test_after_a_restart_only_a_step_back_can_be_told(say, clock, monkeypatch):
    say()
    monkeypatch.setattr(clock, "_boot", "another")
    clock.step(hours=2)
    say()
    monkeypatch.setattr(clock, "_boot", "a-third")
    clock.step(hours=-2)
    say()

    assert [change.milliseconds for change in trace.list_clock_changes()] == [-7_200_000]
