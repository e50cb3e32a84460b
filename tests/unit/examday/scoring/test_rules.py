"""Marks are exact, blind and twice; a state is never a number; nothing passes below 60."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.policy import Subject, load_policies
from examday.scoring import rules
from examday.scoring.rules import MarkEvent, Outcome, Part, PartState, Step

POLICY = load_policies(Path("config/policy"))["strictest"]
SCORING = POLICY.scoring
PANEL = frozenset({"a", "b", "c"})


def entry(login, mark, subject=Subject.THEORY, step=Step.ENTRY, reason=""):
    return MarkEvent(1, subject, step, login, Decimal(mark), reason)


def judged(*marks):
    return [
        entry(login, mark, Subject.PRACTICAL) for login, mark in zip("abcdefg", marks, strict=False)
    ]


# --- marks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "100", "59.9", "60.0", " 87.5 ", "８７.5", "-0"])
def test_a_mark_on_the_grid_is_taken(text):
    assert rules.read_mark(text, SCORING) in {Decimal(n) / 10 for n in range(1001)}
    assert "-" not in str(rules.read_mark(text, SCORING))


@pytest.mark.parametrize(
    "text", ["", "-0.1", "100.1", "59.95", "60.05", "nan", "inf", "1e2000", "6o", "5,5", "60.0.1"]
)
def test_what_is_no_mark_is_refused(text):
    with pytest.raises(rules.BadMark):
        rules.read_mark(text, SCORING)


def test_a_mark_always_shows_its_decimal_place():
    assert str(rules.check_mark(Decimal(60), SCORING)) == "60.0"


def test_item_marks_add_up_to_a_mark():
    items = {"1": Decimal("33.3"), "2": Decimal("33.3"), "3": Decimal("33.4")}

    assert rules.item_total(items, SCORING) == Decimal("100.0")
    with pytest.raises(rules.BadMark):
        rules.item_total({**items, "4": Decimal("0.1")}, SCORING)
    with pytest.raises(rules.BadMark):
        rules.item_total({}, SCORING)


@pytest.mark.parametrize("wanted", ["59.9", "0", "-1"])
def test_no_pass_line_below_the_standard(wanted):
    with pytest.raises(rules.LowerPassLine):
        rules.pass_line(SCORING, Decimal(wanted))
    assert rules.pass_line(SCORING) == 60
    assert rules.pass_line(SCORING, Decimal(70)) == 70


# --- theory ----------------------------------------------------------------------------------


def settled(*events):
    return rules.settle_theory(events, SCORING)


def test_one_entry_settles_nothing():
    assert settled(entry("a", "60.0")).state is PartState.MISSING
    assert settled().state is PartState.MISSING


def test_two_equal_entries_settle():
    assert settled(entry("a", "60.0"), entry("b", "60")) == Part.marked(Decimal("60.0"))


def test_the_smallest_difference_is_a_dispute():
    assert settled(entry("a", "60.0"), entry("b", "59.9")).state is PartState.DISPUTED


def test_the_third_person_decides():
    events = [entry("a", "60.0"), entry("b", "59.9"), entry("c", "59.9", step=Step.RESOLUTION)]

    assert settled(*events) == Part.marked(Decimal("59.9"))


def test_the_same_person_twice_is_not_two_people():
    assert settled(entry("a", "60.0"), entry("a", "60.0")).state is PartState.MISSING
    with pytest.raises(rules.AlreadyMarked):
        rules.check_theory_entry([entry("a", "60.0")], SCORING, login="a", reason="")


def test_a_slip_is_mended_with_a_reason_until_the_second_entry():
    rules.check_theory_entry([entry("a", "60.0")], SCORING, login="a", reason="slip")

    assert settled(entry("a", "6.0"), entry("a", "60.0"), entry("b", "60.0")).mark == 60
    disputed = [entry("a", "60.0"), entry("b", "59.9")]
    with pytest.raises(rules.AlreadyMarked):
        rules.check_theory_entry(disputed, SCORING, login="a", reason="slip")


def test_a_third_entry_is_refused():
    both = [entry("a", "60.0"), entry("b", "60.0")]

    with pytest.raises(rules.AlreadySettled):
        rules.check_theory_entry(both, SCORING, login="c", reason="")


@pytest.mark.parametrize("login", ["a", "b"])
def test_whoever_entered_does_not_decide(login):
    disputed = [entry("a", "60.0"), entry("b", "59.9")]

    with pytest.raises(rules.MarkerConflict):
        rules.check_theory_resolution(disputed, SCORING, login=login, reason="paper says so")


def test_a_decision_needs_a_dispute_and_a_reason():
    disputed = [entry("a", "60.0"), entry("b", "59.9")]

    with pytest.raises(rules.NeedsReason):
        rules.check_theory_resolution(disputed, SCORING, login="c", reason=" ")
    with pytest.raises(rules.NotInDispute):
        rules.check_theory_resolution(disputed[:1], SCORING, login="c", reason="x")


# --- practical -------------------------------------------------------------------------------


def panel_of(events, panel=PANEL):
    return rules.settle_practical(events, SCORING, panel=panel)


def test_two_of_three_examiners_settle_nothing():
    assert panel_of(judged("80", "81")).state is PartState.MISSING


def test_the_mean_of_three_is_rounded_half_up():
    assert panel_of(judged("80", "80", "80.1")).mark == Decimal("80.0")
    assert panel_of(judged("59.9", "59.9", "60.1")).mark == Decimal("60.0")
    assert panel_of(judged("80.1", "80.1", "80.0")).mark == Decimal("80.1")


def test_half_a_tenth_goes_up():
    panel = frozenset("abcd")  # a panel is odd; the rule of rounding is tested on a half
    events = [
        entry(login, mark)
        for login, mark in zip("abcd", ["59.9", "59.9", "60", "60"], strict=False)
    ]

    assert panel_of(events, panel).mark == Decimal("60.0")


@pytest.mark.parametrize(("highest", "state"), [("80.0", "marked"), ("80.1", "disputed")])
def test_a_spread_above_ten_goes_to_the_leader(highest, state):
    assert panel_of(judged("70.0", "75.0", highest)).state == state


def test_nobody_outside_the_panel_counts():
    events = [*judged("80", "80"), entry("z", "80", Subject.PRACTICAL)]

    assert panel_of(events).state is PartState.MISSING
    with pytest.raises(rules.NotOnPanel):
        rules.check_practical_entry([], SCORING, panel=PANEL, login="z", reason="")


@pytest.mark.parametrize("size", [0, 1, 2, 4, 6])
def test_a_panel_is_three_or_more_and_odd(size):
    with pytest.raises(rules.WrongPanel):
        rules.check_panel("abcdefg"[:size], POLICY)
    rules.check_panel("abc", POLICY)
    rules.check_panel("abcde", POLICY)


def test_once_all_are_in_nobody_changes_a_sheet():
    events = judged("70", "80", "90")

    for login in PANEL:
        with pytest.raises(rules.AlreadyMarked):
            rules.check_practical_entry(events, SCORING, panel=PANEL, login=login, reason="x")


def test_the_leader_alone_decides_with_a_reason():
    events = judged("70", "80", "90")

    def check(**more):
        rules.check_practical_resolution(
            events, SCORING, panel=PANEL, **{"is_leader": True, "reason": "video", **more}
        )

    check()
    with pytest.raises(rules.NotLeader):
        check(is_leader=False)
    with pytest.raises(rules.NeedsReason):
        check(reason="")


# --- outcomes --------------------------------------------------------------------------------

PARTS = [Part(state) for state in PartState if state is not PartState.MARKED]
LINE = Decimal(60)


@pytest.mark.parametrize(
    ("theory", "practical", "outcome"),
    [("60.0", "60.0", "passed"), ("59.9", "100.0", "failed"), ("100.0", "59.9", "failed")],
)
def test_each_part_reaches_the_line_by_itself(theory, practical, outcome):
    parts = [Part.marked(Decimal(theory)), Part.marked(Decimal(practical))]

    assert rules.outcome_of(parts, LINE) == outcome


def test_a_state_is_never_a_number():
    with pytest.raises(ValueError, match="MARKED"):
        Part(PartState.ABSENT, Decimal(0))
    with pytest.raises(ValueError, match="MARKED"):
        Part(PartState.MARKED)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("absent", "absent"),
        ("misconduct", "misconduct"),
        ("void", "failed"),
        ("missing", "open"),
        ("disputed", "open"),
        ("not_taken", "passed"),
    ],
)
def test_what_a_state_leads_to_beside_a_full_mark(state, outcome):
    parts = [Part(PartState(state)), Part.marked(Decimal("100.0"))]

    assert rules.outcome_of(parts, LINE) == outcome
    assert rules.outcome_of(parts[::-1], LINE) == outcome


def test_misconduct_voids_everything():
    for part in PARTS:
        assert rules.outcome_of([Part(PartState.MISCONDUCT), part], LINE) is Outcome.MISCONDUCT


tenths = st.integers(0, 1000)


@given(st.lists(tenths, min_size=3, max_size=7).filter(lambda marks: len(marks) % 2))
def test_the_mean_agrees_with_whole_number_arithmetic(marks):
    """Recomputed in integers: floor((2·sum + n) / 2n) tenths is the mean rounded half up."""
    panel = "abcdefg"[: len(marks)]
    events = [entry(login, Decimal(mark) / 10) for login, mark in zip(panel, marks, strict=False)]

    part = rules.settle_practical(events, SCORING, panel=frozenset(panel))

    if max(marks) - min(marks) > 100:
        assert part.state is PartState.DISPUTED
    else:
        count = len(marks)
        assert part.mark == Decimal((2 * sum(marks) + count) // (2 * count)) / 10
        assert abs(Fraction(part.mark) - Fraction(sum(marks), 10 * count)) <= Fraction(1, 20)


@given(tenths, tenths)
def test_an_outcome_agrees_with_whole_number_arithmetic(theory, practical):
    parts = [Part.marked(Decimal(theory) / 10), Part.marked(Decimal(practical) / 10)]

    passed = rules.outcome_of(parts, LINE) is Outcome.PASSED

    assert passed == (theory >= 600 and practical >= 600)


@given(st.lists(st.tuples(st.sampled_from("ab"), tenths), max_size=6))
def test_only_two_people_who_agree_ever_settle_theory(entered):
    events = [entry(login, Decimal(mark) / 10) for login, mark in entered]

    part = rules.settle_theory(events, SCORING)

    last = dict(entered)
    assert (part.state is PartState.MARKED) == (len(last) == 2 and len(set(last.values())) == 1)
