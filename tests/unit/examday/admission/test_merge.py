"""The merge of events: any order, any grouping, any number of times, and nothing is dropped."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.admission.rules import (
    CaseKind,
    Outcome,
    Presence,
    Record,
    Trust,
    ledger,
    merge,
    presence,
    stand,
)
from examday.wire import Act, Verdict

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
IDS = [f"{n:02x}" * 32 for n in range(12)]


def content(event_id):
    """What an event says is fixed by its id, since the id is the hash of it."""
    n = IDS.index(event_id)
    act = [Act.SCANNED, Act.IDENTIFIED, Act.IDENTIFIED, Act.HELD, Act.UNDONE][n % 5]
    about = "" if act is Act.SCANNED else IDS[(n * 7 + 5) % 12]
    verdict = list(Verdict)[n % len(Verdict)]
    return {"kiosk": f"door-{n % 3}", "act": act, "about": about, "at": NINE, "verdict": verdict}


RECORDS = st.builds(
    lambda event_id, trust, closed: Record(
        event_id=event_id, **content(event_id), trust=trust, is_after_close=closed
    ),
    st.sampled_from(IDS),
    st.sampled_from(Trust),
    st.booleans(),
)
LEDGERS = st.lists(RECORDS, max_size=10).map(ledger)


def scan(n, verdict=Verdict.ADMITTED, **change):
    return Record(IDS[n], "door-1", Act.SCANNED, "", NINE, verdict, **change)


def admission(n, about, **change):
    return Record(IDS[n], "door-1", Act.IDENTIFIED, IDS[about], NINE, Verdict.ADMITTED, **change)


def act(n, what, about, **change):
    return Record(IDS[n], "door-1", what, IDS[about], NINE, Verdict.ADMITTED, **change)


def doubts(*records):
    return {doubt.kind for doubt in stand(ledger(records)).doubts}


@given(LEDGERS, LEDGERS)
def test_merging_is_commutative(one, other):
    assert merge(one, other) == merge(other, one)


@given(LEDGERS, LEDGERS, LEDGERS)
def test_merging_is_associative(one, two, three):
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(LEDGERS)
def test_merging_is_idempotent(one):
    assert merge(one, one) == one


@given(LEDGERS, LEDGERS)
def test_merging_never_drops_an_event(one, other):
    assert set(merge(one, other)) == set(one) | set(other)


@given(st.lists(RECORDS, max_size=14), st.randoms())
def test_the_standing_does_not_depend_on_the_order_of_arrival(records, rng):
    shuffled = records + records[: len(records) // 2]
    rng.shuffle(shuffled)

    assert stand(ledger(shuffled)) == stand(ledger(records))


@given(LEDGERS)
def test_at_most_one_admission_counts_and_every_other_one_is_a_doubt(records):
    standing = stand(records)
    doubted = frozenset().union(*(doubt.events for doubt in standing.doubts))
    undone = {
        r.about
        for r in records.values()
        if r.act is Act.UNDONE and r.trust is not Trust.QUARANTINED and not r.is_after_close
    }

    for record in records.values():
        if record.act is Act.IDENTIFIED and record.event_id not in undone:
            assert record == standing.active or record.event_id in doubted


def test_an_identified_scan_admits_and_a_mere_scan_does_not():
    assert stand(ledger([scan(1)])).active is None
    assert stand(ledger([scan(1), admission(2, 1)])).active.event_id == IDS[2]
    assert doubts(scan(1), admission(2, 1)) == set()


def test_two_kiosks_admitting_one_ticket_give_one_admission_and_a_conflict():
    standing = stand(ledger([scan(1), admission(2, 1), scan(3), admission(4, 3)]))

    assert standing.active.event_id == IDS[2]
    assert [(d.kind, d.events) for d in standing.doubts] == [
        (CaseKind.CONFLICT, frozenset({IDS[2], IDS[4]}))
    ]


def test_an_undone_admission_does_not_count_and_the_conflict_is_gone():
    events = [scan(1), admission(2, 1), scan(3), admission(4, 3), act(5, Act.UNDONE, 2)]

    assert stand(ledger(events)).active.event_id == IDS[4]
    assert doubts(*events) == set()


@pytest.mark.parametrize(
    ("records", "kind"),
    [
        ([scan(1), act(2, Act.HELD, 1)], CaseKind.HELD),
        ([scan(1), admission(2, 1, trust=Trust.CLOCK)], CaseKind.CLOCK),
        ([admission(2, 1)], CaseKind.UNSCANNED),
        ([scan(1, Verdict.REVOKED), admission(2, 1)], CaseKind.REFUSED),
        ([scan(1), admission(2, 1, is_after_close=True)], CaseKind.AFTER_CLOSE),
        ([scan(1), admission(2, 1, trust=Trust.QUARANTINED)], CaseKind.QUARANTINED),
    ],
)
def test_each_doubt_has_its_name(records, kind):
    assert doubts(*records) == {kind}


@pytest.mark.parametrize("change", [{"is_after_close": True}, {"trust": Trust.QUARANTINED}])
def test_events_of_doubtful_origin_change_nothing_by_themselves(change):
    before = [scan(1), admission(2, 1)]

    after = stand(ledger([*before, act(3, Act.UNDONE, 2, **change), admission(4, 1, **change)]))

    assert after.active.event_id == IDS[2]


def test_lateness_is_that_of_the_scan():
    assert stand(ledger([scan(1, Verdict.LATE), admission(2, 1)])).is_late
    assert not stand(ledger([scan(1), admission(2, 1)])).is_late


def test_an_open_case_leaves_it_unsettled_and_a_ruling_goes_first():
    inside = stand(ledger([scan(1), admission(2, 1)]))
    nobody = stand({})

    def state(standing, *, case=False, ruling=None, closed=True):
        return presence(
            is_in=standing.active is not None,
            is_late=standing.is_late,
            has_open_case=case,
            ruling=ruling,
            is_closed=closed,
        )

    assert state(inside) is Presence.PRESENT
    assert state(inside, case=True) is Presence.UNSETTLED
    assert state(inside, ruling=Outcome.ABSENT) is Presence.ABSENT
    assert state(nobody) is Presence.ABSENT
    assert state(nobody, closed=False) is Presence.EXPECTED
    assert state(nobody, ruling=Outcome.LATE) is Presence.LATE


def test_a_clock_in_the_future_or_before_the_kiosk_is_not_believed():
    from types import SimpleNamespace

    from examday.admission.rules import judge_clock

    def judged(**span):
        event = SimpleNamespace(at=NINE + timedelta(**span))
        return judge_clock(event, received_at=NINE, known_since=NINE - timedelta(hours=2))

    assert judged(seconds=59) is judged(seconds=-7100) is Trust.GOOD
    assert judged(seconds=61) is judged(hours=-3) is Trust.CLOCK
