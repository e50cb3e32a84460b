"""One reader of the wall clock, and a simulated one for tests and the demo day."""

from datetime import UTC, date, datetime

from examday import clock


def test_a_simulated_day_moves_by_hand():
    with clock.simulated(datetime(2026, 10, 20, 1, tzinfo=UTC)) as simulated:
        assert clock.rfc3339(clock.now()) == "2026-10-20T01:00:00.000Z"
        simulated.advance(minutes=5)
        assert clock.now().minute == 5
        simulated.move_to(datetime(2026, 10, 21, 8, 0))  # a local time
        assert clock.now() == datetime(2026, 10, 21, 0, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    assert clock.now().year != 1970


def test_the_site_day_begins_at_its_own_midnight():
    with clock.simulated(datetime(2026, 10, 20, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 10, 21)
    assert clock.at(date(2026, 10, 20), 9) == datetime(2026, 10, 20, 1, tzinfo=UTC)


def test_monotonic_time_never_goes_back():
    first = clock.monotonic_ms()
    assert clock.monotonic_ms() >= first
    assert clock.boot_id()


def test_a_simulated_clock_runs_with_its_boot_and_can_be_set_apart():
    """Time that passes passes on both; a step shows on the wall clock only."""
    with clock.simulated(datetime(2026, 10, 20, 1, tzinfo=UTC)) as simulated:
        boot, start = clock.since_boot()
        simulated.advance(minutes=5)
        assert clock.since_boot() == (boot, start + 300_000)
        simulated.step(minutes=-3)
        assert clock.since_boot() == (boot, start + 300_000)
        assert clock.now() == datetime(2026, 10, 20, 1, 2, tzinfo=UTC)
    assert clock.since_boot()[0] != boot
    assert clock.since_boot()[1] > 0
