"""Each message says who signed it; a changed bit is a failed verification, never a crash."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from examday.wire import (
    Act,
    Answer,
    Answers,
    Caller,
    DoorLine,
    DoorRoster,
    Doors,
    Fate,
    Malformed,
    Means,
    Place,
    ScanEvent,
    Verdict,
    canonical,
    check_digit,
    request_header,
    sign_message,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
NINE = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)

EVENT = ScanEvent(
    kiosk="door-1",
    sequence=2,
    previous="ab" * 32,
    nonce="cd" * 16,
    act=Act.SCANNED,
    about="",
    means=Means.CAMERA,
    ticket_no="1234567" + check_digit("1234567"),
    proof="ef" * 16,
    sitting="T1",
    room="R1",
    verdict=Verdict.PROVISIONAL,
    is_offline=True,
    reason="",
    at=NINE,
    wall_at=NINE - timedelta(seconds=3),
    mono_ms=123456,
    boot="boot",
)
DOORS = Doors("T1", "理论", NINE, NINE, NINE + timedelta(hours=2), 30)
LINE = DoorLine(
    "12345675", "aa" * 16, "张三", "9913", (Place("T1", "R1", 3),), ("T1",), ("bb" * 16,)
)
ROSTER = DoorRoster("door-1", "R1", NINE, "考点", "0000-1", bytes(32), (DOORS,), (LINE,))
ANSWER = Answer("ab" * 32, Fate.ACCEPTED, Verdict.ALREADY_IN, "R1", 3, "door-2", "08:31")
ANSWERS = Answers("door-1", 7, NINE, (ANSWER,))
MESSAGES = {
    "event": (EVENT, EVENT.sign(KEY.sign), ScanEvent.open),
    "roster": (ROSTER, ROSTER.sign(KEY.sign), DoorRoster.open),
    "answers": (ANSWERS, ANSWERS.sign(KEY.sign), Answers.open),
}
EACH = pytest.mark.parametrize("name", MESSAGES)


@EACH
def test_a_message_is_read_as_it_was_written(name):
    value, message, read = MESSAGES[name]

    assert read(message, PUBLIC) == value


@EACH
def test_another_key_does_not_open_it(name):
    _, message, read = MESSAGES[name]

    for key in (OTHER, b"", b"short"):
        with pytest.raises(Malformed):
            read(message, key)


@EACH
def test_every_flipped_byte_is_seen(name):
    _, message, read = MESSAGES[name]

    for at in range(len(message)):
        changed = bytearray(message)
        changed[at] ^= 1
        with pytest.raises(Malformed):
            read(bytes(changed), PUBLIC)


def test_a_message_is_not_taken_for_one_of_another_kind():
    roster_as_answers = sign_message("answers", json.loads(MESSAGES["roster"][1])["body"], KEY.sign)

    with pytest.raises(Malformed):
        Answers.open(roster_as_answers, PUBLIC)
    with pytest.raises(Malformed):
        Answers.open(MESSAGES["roster"][1], PUBLIC)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 0},
        {"sequence": True},
        {"sequence": 1},
        {"previous": ""},
        {"nonce": ""},
        {"nonce": "CD" * 16},
        {"act": "admitted"},
        {"act": "undone", "about": "ab" * 32},
        {"about": "ab" * 32},
        {"act": "identified"},
        {"ticket_no": "12345670"},
        {"ticket_no": "1" * 30},
        {"proof": "ef" * 15},
        {"verdict": "fine"},
        {"is_offline": 1},
        {"reason": "x" * 201},
        {"at": "2026-10-20T01:00:00Z"},
        {"at": "2026-13-20T01:00:00.000Z"},
        {"mono_ms": -1},
        {"extra": 1},
        {"boot": None},
    ],
)
def test_a_signed_event_must_still_have_the_right_shape(change):
    """A stolen kiosk's key signs anything; the parser does not take anything."""
    message = sign_message("scan-event", EVENT.body() | change, KEY.sign)

    with pytest.raises(Malformed):
        ScanEvent.open(message, PUBLIC)


def test_an_event_is_named_by_its_content():
    ids = {EVENT.event_id, replace(EVENT, reason="x").event_id, replace(EVENT, mono_ms=1).event_id}

    assert len(ids) == 3
    assert ScanEvent.open(EVENT.sign(KEY.sign), PUBLIC).event_id == EVENT.event_id


@given(
    st.binary(max_size=300)
    | st.recursive(
        st.integers(0, 9) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["body", "kind", "sig", "v"]), inner)
        ),
        max_leaves=9,
    ).map(canonical)
)
def test_rubbish_is_malformed_and_nothing_worse(message):
    for read in (ScanEvent.open, DoorRoster.open, Answers.open):
        with pytest.raises(Malformed):
            read(message, PUBLIC)


def test_a_request_is_signed_with_its_path_body_and_counter():
    header = request_header("door-1", 7, KEY.sign, method="POST", path="/x", body=b"{}")
    caller = Caller.parse(header)

    assert caller.is_proven_by(PUBLIC, "POST", "/x", b"{}")
    assert not caller.is_proven_by(PUBLIC, "POST", "/x", b"{} ")
    assert not caller.is_proven_by(PUBLIC, "GET", "/x", b"{}")
    assert not caller.is_proven_by(PUBLIC, "POST", "/y", b"{}")
    assert not caller.is_proven_by(OTHER, "POST", "/x", b"{}")
    assert not replace(caller, counter=8).is_proven_by(PUBLIC, "POST", "/x", b"{}")


@pytest.mark.parametrize("header", ["", "door-1 7", "door 1 7 " + "a" * 128, "d 7 " + "A" * 128])
def test_a_header_of_another_form_is_malformed(header):
    with pytest.raises(Malformed):
        Caller.parse(header)
