"""Notes, checkpoints, proofs, leaves and policies: strict to the bit."""

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from examday.verifier import leaves
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.faults import Malformed, Unusable
from examday.verifier.fields import instant
from examday.verifier.messages import CHINESE, ENGLISH, catalogue
from examday.verifier.note import Note, decode64, parse_note, parse_vkey
from examday.verifier.policy import parse_policy
from examday.verifier.proof import parse_proof
from tests.factories.verifier import COSIGNATURE, ORIGIN, Day, Key, honest_day

# From the C2SP signed-note page, made by another implementation.
FOREIGN_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMou"
    "FSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
# From golang.org/x/mod/sumdb/note: key and note of Peter Neumann.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)


def test_notes_of_others_are_read_and_verified():
    """The note of Go's own package verifies; changed text or key does not."""
    key = parse_vkey(GO_VKEY)
    assert parse_note(GO_NOTE.encode()).signed_by(key) is not None
    assert parse_note(GO_NOTE.replace("answer", "ANSWER").encode()).signed_by(key) is None
    assert parse_note(FOREIGN_NOTE.encode()).encoded() == FOREIGN_NOTE.encode()
    assert key.vkey == GO_VKEY


@pytest.mark.parametrize(
    "spoiled",
    [
        GO_NOTE.replace("\n\n", "\n"),
        GO_NOTE.replace("— Peter", "- Peter"),
        GO_NOTE.replace("— Peter", "—  Peter"),
        GO_NOTE.removesuffix("\n"),
        GO_NOTE + "\n",
        GO_NOTE + "x\n",
        GO_NOTE.replace("AM=", "AN="),
        GO_NOTE.replace("AM=", "AM"),
        GO_NOTE.replace("your problem is", "your\x0bproblem is"),
        GO_NOTE.replace("your problem is", "your\tproblem is"),
        GO_NOTE.replace("\n", "\r\n"),
        GO_NOTE.replace("PeterNeumann", "Peter+Neumann"),
        GO_NOTE.replace("PeterNeumann", "Peter\u2003Neumann"),
        "— PeterNeumann x08go/ZJkuBS\n",
        "",
        "\n\n",
    ],
)
def test_malformed_notes_are_refused(spoiled):
    """Each of these has been accepted by someone's parser."""
    with pytest.raises(Malformed):
        parse_note(spoiled.encode())


def test_a_failing_line_of_a_known_key_spoils_the_note():
    """One good and one bad signature of the same key: not accepted."""
    key = parse_vkey(GO_VKEY)
    note = parse_note(GO_NOTE.encode())
    good = note.signatures[0]
    bad = type(good)(good.name, good.key_id, good.blob[:-1] + b"\0")

    assert Note(note.text, (good, good)).signed_by(key) is not None
    assert Note(note.text, (good, bad)).signed_by(key) is None


def test_a_cosignature_is_bound_to_its_time():
    """cosignature/v1: another time, another message."""
    witness = Key("w.example", COSIGNATURE, 3)
    good = witness.sign("o\n1\nr\n", time=1_700_000_000)
    late = type(good)(good.name, good.key_id, (1_700_000_001).to_bytes(8, "big") + good.blob[8:])

    assert Note("o\n1\nr\n", (good,)).signed_by(witness.verifier) is not None
    assert good.time == 1_700_000_000
    assert Note("o\n1\nr\n", (late,)).signed_by(witness.verifier) is None


@pytest.mark.parametrize(
    "vkey",
    ["", "a+b", GO_VKEY.replace("c7", "c8"), GO_VKEY + "=", "a b+c74f20a3+ARpc", GO_VKEY[:-4]],
)
def test_malformed_keys_are_refused(vkey):
    """A key that does not match its id is no key."""
    with pytest.raises(Malformed):
        parse_vkey(vkey)


@pytest.mark.parametrize(
    "text",
    [
        "o\n01\nR\n",
        "o\n-1\nR\n",
        "o\n1\nR\nextra\n",
        "\n1\nR\n",
        "o\n1\n",
        "o\n1 \nR\n",
        "o\n1\nAA==\n",
    ],
)
def test_malformed_checkpoints_are_refused(text):
    """Three lines, plain decimals, 32 bytes, no extension lines."""
    root = "A" * 43 + "="
    note = Note(text.replace("R", root), (Key("o").sign("x"),))
    with pytest.raises(Malformed):
        parse_checkpoint(note.encoded())


def test_no_single_bit_change_of_a_proof_is_accepted():
    """
    Every bit of a whole tlog-proof with a witness quorum, one at a time: nothing passes.

    The policy needs every signature line, so no line may be dropped by making it unknown.
    """
    day = honest_day()
    day.quorum = "w"
    data = day.proof(17).encoded()
    policy = parse_policy(day.policy)

    def accepts(candidate):
        try:
            proof = parse_proof(candidate)
        except Malformed:
            return False
        return proof.is_valid() and not policy.objection(proof.checkpoint)

    assert accepts(data)
    mutants = [
        data[: bit // 8] + bytes([data[bit // 8] ^ (1 << bit % 8)]) + data[bit // 8 + 1 :]
        for bit in range(8 * len(data))
    ]
    assert len(mutants) > 4_976
    assert [mutant for mutant in mutants if accepts(mutant)] == []
    assert [cut for cut in range(len(data)) if accepts(data[:cut])] == []


def test_a_proof_for_another_index_is_not_valid():
    """The right leaf at the wrong place."""
    day = honest_day()
    text = day.proof(17).encoded()

    assert not parse_proof(text.replace(b"index 17", b"index 16")).is_valid()
    with pytest.raises(Malformed):
        parse_proof(text.replace(b"index 17", b"index 017"))


JSON = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_canonical_form_equals_rfc8785(value):
    """Another implementation writes the same bytes, and they read back."""
    assert leaves.canonical(value) == rfc8785.dumps(value)
    assert leaves.parse_canonical(leaves.canonical(value)) == value


def test_members_are_sorted_by_utf16_code_units():
    """RFC 8785's own trap: a surrogate pair sorts before U+FB33."""
    assert (
        leaves.canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"a": 1}', b'{"a":1}\n', b'{"a":1.0}', b"1e3",
        b'{"a":"\\u0041"}', b"9007199254740993", b"NaN", b"\xff", b'"\\ud800"', b"[" * 9000, b"",
        b'{"a":Infinity}', b"-0",
    ],
)  # fmt: skip
def test_other_spellings_of_json_are_refused(data):
    """One value, one spelling."""
    with pytest.raises(Malformed):
        leaves.parse_canonical(data)


@pytest.mark.parametrize("value", [1.5, 2**53, b"x", {1: 2}, "\ud800", {"\ud800": 1}, object()])
def test_values_the_trace_never_holds_are_refused(value):
    """Floats, big integers, bytes, lone surrogates."""
    with pytest.raises(Malformed):
        leaves.canonical(value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'), (b'"v":1', b'"v":true'), (b'"facts":{}', b'"facts":[]'),
        (b'"actor":"staff:li"', b'"actor":7'), (b'"mono_ms":3601000', b'"mono_ms":"3601000"'),
        (b"planning:day:closed", b"planning:day"), (b'"boot":"b00t",', b""),
        (b'"subject":"s"', b'"subject":"' + b"x" * 9000 + b'"'),
    ],
)  # fmt: skip
def test_leaves_have_exactly_the_common_fields(old, new):
    """A leaf that lacks or bends a field is malformed."""
    day = Day()
    leaf = day.leaves[day.say("planning:day:closed")]
    assert leaves.parse_leaf(leaf)["type"] == "planning:day:closed"
    assert old in leaf
    with pytest.raises(Malformed):
        leaves.parse_leaf(leaf.replace(old, new))


@pytest.mark.parametrize(
    "text", ["2026-10-20T01:00:00Z", "2026-10-20 01:00:00.000Z", "2026-13-20T01:00:00.000Z", 5, ""]
)
def test_times_have_one_spelling(text):
    """RFC 3339, UTC, milliseconds."""
    assert instant("2026-10-20T01:00:00.250Z") == 1_792_458_000_250
    with pytest.raises(Malformed):
        instant(text)


def test_base64_has_one_spelling():
    """Spare bits, spaces and missing padding are refused."""
    assert decode64("QQ==") == b"A"
    for text in ("QR==", "QQ=", "QQ", "Q Q==", "QQ==\n", "QQ--"):
        with pytest.raises(Malformed):
            decode64(text)


W1, W2, W3 = (Key(f"w{seed}.example", COSIGNATURE, seed).verifier.vkey for seed in (11, 12, 13))
LOG = Key(ORIGIN).verifier.vkey
GROUPS = f"log {LOG}\nwitness a {W1}\nwitness b {W2} http://b\nwitness c {W3}\n"


@pytest.mark.parametrize(
    ("rule", "seeds", "is_trusted"),
    [
        ("quorum none", [], True),
        ("quorum a", [11], True),
        ("quorum a", [12, 13], False),
        ("group g 2 a b c\nquorum g", [11, 13], True),
        ("group g 2 a b c\nquorum g", [13], False),
        ("group g any a b\nquorum g", [12], True),
        ("group g all a b\nquorum g", [11], False),
        ("group g all a b\ngroup h any g c\nquorum h", [13], True),
        ("group g all a b\ngroup h all g c\nquorum h", [11, 12], False),
        ("# a comment\n\t group g all a\t b \n\nquorum g", [11, 12], True),
    ],
)
def test_quorums_are_counted(rule, seeds, is_trusted):
    """C2SP tlog-policy: witnesses, groups, groups of groups."""
    day = Day()
    day.say("planning:day:closed")
    witnesses = [Key(f"w{seed}.example", COSIGNATURE, seed) for seed in seeds]
    text = day.head().text
    note = Note(text, (day.log.sign(text), *(one.sign(text) for one in witnesses)))
    policy = parse_policy(GROUPS + rule + "\n")

    assert (policy.objection(parse_checkpoint(note.encoded())) == "") is is_trusted


def test_a_forged_cosignature_does_not_count():
    """A witness's line over another head."""
    day = Day()
    day.say("planning:day:closed")
    text = day.head().text
    forged = Key("w11.example", COSIGNATURE, 11).sign(text.replace("1\n", "2\n"))
    note = Note(text, (day.log.sign(text), forged))

    assert parse_policy(GROUPS + "quorum a\n").objection(parse_checkpoint(note.encoded()))


@pytest.mark.parametrize(
    "text",
    [
        "", f"log {LOG}\n", "quorum none\nquorum none\n", "quorum x\n", "quorum\n",
        GROUPS + "group g 4 a b c\nquorum g\n", GROUPS + "group g 0 a\nquorum g\n",
        GROUPS + "group g any a a\nquorum g\n", GROUPS + "group a any b\nquorum a\n",
        GROUPS + "group g any a\ngroup h any a\nquorum h\n", GROUPS + "group g some a\nquorum g\n",
        GROUPS + "group none any a\nquorum none\n", f"log {LOG}\nlog {LOG}\nquorum none\n",
        f"log {W1}\nquorum none\n", f"witness a {LOG}\nquorum a\n", "trust me\nquorum none\n",
        f"log {LOG}\r\nquorum none\n", f"log {LOG} u v\nquorum none\n", "quorum g\ngroup g any a\n",
        f"witness a {W1}\nwitness b {W1}\nquorum a\n", "log x\nquorum none\n",
    ],
)  # fmt: skip
def test_policies_that_cannot_be_read_are_unusable(text):
    """A trust policy is never guessed at."""
    with pytest.raises(Unusable):
        parse_policy(text)


def test_every_code_has_both_languages():
    """The same codes, the same values in English and Chinese."""
    import re

    english, chinese = catalogue(ENGLISH), catalogue(CHINESE)
    holes = re.compile(r"%\((\w+)\)s")

    assert english.keys() == chinese.keys()
    for code, text in english.items():
        assert set(holes.findall(text)) == set(holes.findall(chinese[code])), code
