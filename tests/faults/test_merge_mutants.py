"""
The merge against a second telling of the same rules, over seeded interleavings; and planted bugs.

The simulation makes a morning of a few kiosks, cuts its events into parts with repeats, lets
replicas of the server receive and exchange them in random order, and asks the real code for the
standing. `spec` says what the standing must be in other words. Each planted bug must be caught,
or the simulation is blind.
"""

import importlib.util
import random
import sys
import time
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import examday.admission.rules  # noqa: F401 (so that the module under test is loaded)
from examday.admission.rules.values import Outcome, Presence
from examday.wire import Act, Verdict

NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
MODULE = "examday.admission.rules.merge"

# (what, in place of what): each changes the real source in one place.
PLANTED = [
    ("a copy is dropped when it is known", "united[event_id] = record if known is None else _agree(known, record)", "united[event_id] = record"),
    ("the first copy wins", "record if known is None else _agree(known, record)", "record if known is None else known"),
    ("merging forgets one side", "united = dict(one)", "united = {}"),
    ("new events are dropped", "for event_id, record in other.items():", "for event_id, record in [*other.items()][:-1]:"),
    ("the greater trust stays", "trust=max(one.trust, other.trust)", "trust=min(one.trust, other.trust)"),
    ("after close is forgotten", "is_after_close=one.is_after_close or other.is_after_close", "is_after_close=one.is_after_close and other.is_after_close"),
    ("quarantine is believed", "if record.trust is not Trust.QUARANTINED and not record.is_after_close\n    }", "if not record.is_after_close\n    }"),
    ("late arrivals decide", "if record.trust is not Trust.QUARANTINED and not record.is_after_close\n    }", "if record.trust is not Trust.QUARANTINED\n    }"),
    ("a hold admits", "record for record in standing if record.act is Act.IDENTIFIED]", "record for record in standing if record.act in (Act.IDENTIFIED, Act.HELD)]"),
    ("a mere scan admits", "record for record in standing if record.act is Act.IDENTIFIED]", "record for record in standing if record.act in (Act.IDENTIFIED, Act.SCANNED)]"),
    ("undoing is ignored", "if record.act is Act.UNDONE}", "if record.act is Act.UNDONE and False}"),
    ("undoing counts when not believed", "for record in believed.values() if record.act is Act.UNDONE", "for record in records.values() if record.act is Act.UNDONE"),
    ("the last arrival counts", "min(admissions, key=lambda record: record.event_id, default=None)", "(admissions[-1] if admissions else None)"),
    ("the kiosk's clock decides", "key=lambda record: record.event_id, default", "key=lambda record: record.at, default"),
    ("lateness of the tap, not of the scan", "scan.verdict is Verdict.LATE", "active.verdict is Verdict.LATE"),
    ("no conflict with two", "if len(admissions) > 1:", "if len(admissions) > 2:"),
    ("a conflict names one event", "yield _doubt(CaseKind.CONFLICT, admissions)", "yield _doubt(CaseKind.CONFLICT, admissions[:1])"),
    ("a hold is no doubt", "[r for r in standing if r.act is Act.HELD]", "[r for r in standing if r.act is Act.HELD and admissions]"),
    ("a wrong clock is no doubt", "r for r in admissions if r.trust is Trust.CLOCK", "r for r in admissions if r.trust is Trust.QUARANTINED"),
    ("a missing scan is no doubt", "r for r in admissions if r.about not in records]", "r for r in admissions if not r.about]"),
    ("an admission against a refusal is no doubt", "and not records[r.about].verdict.lets_in", "and records[r.about].verdict is Verdict.UNKNOWN"),
    ("late arrivals are no doubt", "if r.is_after_close and r.act is not Act.SCANNED and", "if r.is_after_close and r.act is Act.UNDONE and"),
    ("quarantined taps are no doubt", "if r.trust is Trust.QUARANTINED and r.act is not Act.SCANNED", "if r.trust is Trust.QUARANTINED and r.act is Act.HELD"),
    ("a clock of the future is believed", "ahead = event.at > received_at + CLOCK_TOLERANCE", "ahead = event.at > received_at + 60 * CLOCK_TOLERANCE"),
    ("a clock of the past is believed", "early = event.at < known_since - CLOCK_TOLERANCE", "early = event.at < known_since - 600 * CLOCK_TOLERANCE"),
    ("an open case settles itself", "    if has_open_case:\n        return Presence.UNSETTLED\n", ""),
    ("absent before the doors are closed", "Presence.ABSENT if is_closed else Presence.EXPECTED", "Presence.ABSENT"),
]  # fmt: skip


def load(source: str) -> types.ModuleType:
    """Run a changed source as a module of its own; the values it names stay the real ones."""
    spec = importlib.util.spec_from_loader("planted", loader=None)
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted"] = module
    exec(compile(source, "planted.py", "exec"), module.__dict__)  # noqa: S102 (our own source)
    return module


def original() -> types.ModuleType:
    return sys.modules[MODULE]


def spec(events: dict[str, dict]) -> tuple[str, bool, set[tuple[str, frozenset[str]]]]:
    """Say who is in, whether late, and what is in doubt, from what was received in all."""
    sound = {i for i, e in events.items() if e["trust"] < 2 and not e["closed"]}
    taken_back = {events[i]["about"] for i in sound if events[i]["act"] == "undone"}
    holds = {i for i in sound - taken_back if events[i]["act"] == "held"}
    taps = {i for i in sound - taken_back if events[i]["act"] == "identified"}
    doubts = {
        "conflict": taps if len(taps) >= 2 else set(),
        "held": holds,
        "clock": {i for i in taps if events[i]["trust"] == 1},
        "unscanned": {i for i in taps if events[i]["about"] not in events},
        "refused": {
            i
            for i in taps
            if events.get(events[i]["about"], {"verdict": "admitted"})["verdict"]
            not in ("admitted", "late", "provisional")
        },
        "after_close": {
            i for i, e in events.items() if e["closed"] and e["trust"] < 2 and e["act"] != "scanned"
        },
        "quarantined": {i for i, e in events.items() if e["trust"] == 2 and e["act"] != "scanned"},
    }
    who = min(taps, default="")
    late = bool(who) and events.get(events[who]["about"], {}).get("verdict") == "late"
    return who, late, {(kind, frozenset(ids)) for kind, ids in doubts.items() if ids}


def morning(rng: random.Random) -> list[dict]:
    """Make the events of one candidate at a few doors; ids are random, as hashes are."""
    events = []
    for kiosk in range(rng.randint(1, 3)):
        scan = f"{rng.getrandbits(32):08x}"
        verdict = rng.choice(
            ["admitted", "admitted", "late", "provisional", "revoked", "wrong_room"]
        )
        events.append({"id": scan, "act": "scanned", "about": "", "verdict": verdict})
        tap = f"{rng.getrandbits(32):08x}"
        act = rng.choice(["identified", "identified", "held"])
        about = scan if rng.random() < 0.95 else "ffffffff"
        events.append(
            {"id": tap, "act": act, "about": about, "verdict": rng.choice([verdict, "late"])}
        )
        if rng.random() < 0.25:
            back = f"{rng.getrandbits(32):08x}"
            events.append({"id": back, "act": "undone", "about": tap, "verdict": verdict})
        for event in events[-3:]:
            event.setdefault("kiosk", f"door-{kiosk}")
            event.setdefault("at", NINE + timedelta(seconds=rng.randint(-300, 300)))
    return events


def interleave(code: types.ModuleType, rng: random.Random) -> str:
    """Run one morning through the given code; gives what went wrong, or nothing."""
    events = morning(rng)
    copies = [
        event | {"trust": rng.choice([0, 0, 0, 1, 2]), "closed": rng.random() < 0.12}
        for event in events
        for _ in range(rng.choice([1, 1, 2]))
    ]
    rng.shuffle(copies)
    total: dict[str, dict] = {}
    for copy in copies:
        before = total.get(copy["id"], copy)
        total[copy["id"]] = copy | {
            "trust": max(before["trust"], copy["trust"]),
            "closed": before["closed"] or copy["closed"],
        }
    replicas = [{} for _ in range(rng.randint(1, 3))]
    for copy in copies:
        record = code.Record(
            copy["id"], copy["kiosk"], Act(copy["act"]), copy["about"], copy["at"],
            Verdict(copy["verdict"]), code.Trust(copy["trust"]), copy["closed"],
        )  # fmt: skip
        at = rng.randrange(len(replicas))
        replicas[at] = code.merge(replicas[at], code.ledger([record]))
        if rng.random() < 0.3:
            one, other = rng.randrange(len(replicas)), rng.randrange(len(replicas))
            replicas[one] = code.merge(replicas[one], replicas[other])
    order = rng.sample(replicas, len(replicas))
    united = order[0]
    for replica in order[1:]:
        united = code.merge(united, replica)
    if set(united) != set(total):
        return "events"
    standing = code.stand(united)
    who, late, doubts = spec(total)
    told = {(doubt.kind.value, doubt.events) for doubt in standing.doubts}
    if (standing.active.event_id if standing.active else "") != who:
        return "active"
    return "late" if standing.is_late != late else "doubts" if told != doubts else ""


def clocks_and_presence(code: types.ModuleType) -> str:
    """Check the two other rules of the file over all their cases."""
    for seconds, trust in ((-7261, 1), (-7259, 0), (0, 0), (59, 0), (61, 1), (3000, 1), (-9000, 1)):
        event = types.SimpleNamespace(at=NINE + timedelta(seconds=seconds))
        since = NINE - timedelta(hours=2)
        if code.judge_clock(event, received_at=NINE, known_since=since) != trust:
            return "clock"
    for case in (False, True):
        for ruling in (None, *Outcome):
            for inside, late, closed in ((1, 1, 0), (1, 0, 1), (0, 0, 0), (0, 0, 1)):
                told = code.presence(
                    is_in=bool(inside), is_late=bool(late), has_open_case=case, ruling=ruling,
                    is_closed=bool(closed),
                )  # fmt: skip
                came = (
                    ("late" if late else "present")
                    if inside
                    else "absent"
                    if closed
                    else "expected"
                )
                wanted = "unsettled" if case else ruling.value if ruling else came
                if told != Presence(wanted):
                    return "presence"
    return ""


def broken(code: types.ModuleType, *, count: int, seed: int = 20261020) -> str:
    """Give the first violation in so many interleavings, or nothing."""
    found = clocks_and_presence(code)
    for number in range(count):
        if found:
            return found
        try:
            found = interleave(code, random.Random(seed * 10**7 + number))
        except Exception as error:  # noqa: BLE001 (a planted bug may do anything)
            return repr(error)
    return found


@pytest.mark.parametrize("count", [20_000, pytest.param(10**6, marks=pytest.mark.slow)])
def test_no_interleaving_of_the_real_merge_breaks_the_rules(count):
    since = time.monotonic()
    assert broken(original(), count=count) == ""
    took = time.monotonic() - since
    print(f"\n{count} interleavings, 0 violations, {count / took:,.0f} a second")


@pytest.mark.parametrize("bug", PLANTED, ids=[bug[0] for bug in PLANTED])
def test_every_planted_bug_is_caught(bug):
    _, was, becomes = bug
    source = Path(original().__file__).read_text("utf-8")
    assert source.count(was) == 1, "the source has moved on: plant this bug anew"

    assert broken(load(source), count=20) == ""
    assert broken(load(source.replace(was, becomes)), count=3000) != ""


def test_enough_bugs_are_planted():
    assert len(PLANTED) >= 20
