"""The witness: the C2SP protocol over real HTTP, and what publish does with its answers."""

import dataclasses
import io
import json
import threading
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from examday.settings import Witness as WitnessSetting
from examday.trace import service as trace
from examday.trace.adapters import witness as witness_server
from examday.trace.adapters.shelf import Shelf
from examday.verifier import tree
from examday.verifier.checkpoint import checkpoint_text, parse_checkpoint
from examday.verifier.note import Note, encode64, parse_note, parse_vkey
from examday.verifier.policy import parse_policy
from tests.factories.verifier import ORIGIN, Key

LOG = Key(ORIGIN)
HASHED = [tree.leaf_hash(bytes([number])) for number in range(40)]


def head(size, key=LOG, leaves=HASHED, origin=ORIGIN):
    text = checkpoint_text(origin, size, tree.root(leaves[:size]))
    return Note(text, (key.sign(text),)).encoded()


def body(old, size, *, proof=None, note=None, leaves=HASHED):
    path = tree.consistency_proof(old, size, tree.nodes_of(leaves)) if proof is None else proof
    lines = [f"old {old}", *(encode64(step) for step in path), "", ""]
    return "\n".join(lines).encode() + (note or head(size, leaves=leaves))


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture
def witness(tmp_path):
    """A witness of one log, in this process."""
    return witness_server.create_app(tmp_path / "w", "bureau.example/w1", [LOG.verifier.vkey])


def answer(witness, data, *, method="POST", path="/add-checkpoint"):
    seen = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(data))}
    environ["wsgi.input"] = io.BytesIO(data)
    (text,) = witness(environ, lambda status, headers: seen.append((int(status[:3]), headers)))
    return seen[0][0], text.decode(), dict(seen[0][1])["Content-Type"]


def test_a_growing_log_is_cosigned(witness, clock):
    """0 → 3 → 3 → 17: each answer is a valid cosignature/v1 with the witness's time."""
    key = parse_vkey(witness.vkey)
    for old, size in ((0, 3), (3, 3), (3, 17)):
        status, line, _ = answer(witness, body(old, size))
        assert status == 200
        signed = parse_note(head(size) + line.encode()).signed_by(key)
        assert signed.time == int(clock.now().timestamp())


def test_the_answers_are_those_of_the_specification(witness):
    """404, 403, 400, 409 with the size, 422; none of them moves the witness."""
    assert answer(witness, body(0, 5))[0] == 200
    other = [tree.leaf_hash(b"x"), *HASHED[1:]]
    foreign = head(9, origin="examday/other")
    unsigned = head(9, key=Key(ORIGIN, seed=9))
    cases = [
        (body(0, 9, note=foreign), 404, None),
        (body(0, 9, note=unsigned), 403, None),
        (body(9, 5, proof=[]), 400, None),
        (body(0, 9), 409, "5\n"),
        (body(3, 9), 409, "5\n"),
        (body(9, 12), 409, "5\n"),
        (body(5, 5, leaves=other), 409, "5\n"),
        (body(5, 9, leaves=other), 422, None),
        (body(5, 9, proof=[]), 422, None),
        (body(5, 9, proof=[HASHED[0]] * 4), 422, None),
        (body(5, 5, proof=[HASHED[0]]), 422, None),
        (b"", 400, None),
        (b"old 5\n\n", 400, None),
        (body(5, 9).replace(b"old 5", b"old 05"), 400, None),
        (body(5, 9, proof=[HASHED[0]] * 64), 400, None),
        (body(5, 9).replace(b"old 5\n", b"old 5\r\n"), 400, None),
    ]
    for data, status, size in cases:
        got, text, kind = answer(witness, data)
        assert got == status, (status, data[:40])
        if size:
            assert (text, kind) == (size, "text/x.tlog.size")
    assert answer(witness, body(5, 9))[0] == 200


def test_other_requests_are_not_found(witness):
    """One resource, one method."""
    assert answer(witness, b"", method="GET")[0] == 404
    assert answer(witness, body(0, 5), path="/other")[0] == 404


def test_the_head_is_kept_before_the_answer(witness, tmp_path, monkeypatch):
    """If the memory cannot be written there is no cosignature; a restart remembers."""

    def full(_path, _data):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(witness_server, "write_durably", full)
        with pytest.raises(OSError, match="disk full"):
            answer(witness, body(0, 5))
    assert answer(witness, body(0, 7))[0] == 200

    again = witness_server.create_app(tmp_path / "w", "bureau.example/w1", [LOG.verifier.vkey])
    assert again.vkey == witness.vkey
    assert answer(again, body(0, 5))[:2] == (409, "7\n")
    kept = json.loads((tmp_path / "w/seen.json").read_text())
    assert kept[ORIGIN]["size"] == 7


def test_the_race_of_the_specification_cannot_roll_back(witness):
    """A with N and B with N+K at once, many times: the memory never shrinks."""
    answer(witness, body(0, 5))
    sizes = []

    def ask(size):
        status, _, _ = answer(witness, body(5, size))
        if status == 200:
            sizes.append(size)

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(6, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sizes) == 1
    assert answer(witness, body(0, 5))[1] == f"{sizes[0]}\n"


@pytest.fixture
def served(app, settings, tmp_path):
    """The app with a real witness behind HTTP on loopback; gives the server."""
    log = parse_policy(trace.policy_text()).logs[0]
    office = witness_server.create_app(tmp_path / "w", "bureau.example/w1", [log.vkey])
    server = make_server("127.0.0.1", 0, office, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    setting = WitnessSetting(name="bureau", vkey=office.vkey, url=url)
    app.extensions["examday_settings"] = dataclasses.replace(
        settings, witnesses=(setting,), quorum=1
    )
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_publish_brings_the_cosignature_home(served, say):
    """The published checkpoint meets the policy's quorum; so do proofs made from it."""
    policy = parse_policy(trace.policy_text())
    for count in (3, 300, 1):
        say(count)
        head = trace.publish()
        assert policy.objection(parse_checkpoint(head.note)) == ""


def test_a_witness_that_is_away_is_asked_again(served, say, app, settings):
    """The line is down: the head is published without it, and completed by a later publish."""
    whole = app.extensions["examday_settings"]
    policy = parse_policy(trace.policy_text())
    away = dataclasses.replace(whole.witnesses[0], url="http://127.0.0.1:9")
    app.extensions["examday_settings"] = dataclasses.replace(whole, witnesses=(away,))
    say(3)
    assert policy.objection(parse_checkpoint(trace.publish().note))
    say(3)
    alone = trace.publish()

    app.extensions["examday_settings"] = whole
    completed = trace.publish()

    assert completed.digest == alone.digest
    assert policy.objection(parse_checkpoint(completed.note)) == ""
    shelf = Shelf(whole)
    assert shelf.checkpoint.read_bytes() == shelf.checkpoint_of(7).read_bytes() == completed.note


def test_the_strip_knows_when_a_witness_last_saw_the_trace(served, say, app, clock):
    """One cosignature now; five minutes after the line went, none on the newest head."""
    whole = app.extensions["examday_settings"]
    assert (trace.outside().cosignatures, trace.outside().witnessed_at) == (0, None)
    say(3)
    trace.publish()
    seen_at = clock.now().replace(microsecond=0)
    assert (trace.outside().cosignatures, trace.outside().witnessed_at) == (1, seen_at)

    away = dataclasses.replace(whole.witnesses[0], url="http://127.0.0.1:9")
    app.extensions["examday_settings"] = dataclasses.replace(whole, witnesses=(away,))
    clock.advance(minutes=5)
    say(1)
    trace.publish()

    assert (trace.outside().cosignatures, trace.outside().witnessed_at) == (0, seen_at)


def test_a_site_that_lost_its_memory_of_the_witness_still_proves(served, say, app):
    """We think the witness stands at 0; it says 4; the second request carries the proof."""
    say(3)
    trace.publish()
    Shelf(app.extensions["examday_settings"]).heads.keep_witnessed("bureau", 0)
    say(5)

    policy = parse_policy(trace.policy_text())
    assert policy.objection(parse_checkpoint(trace.publish().note)) == ""


def test_a_witness_that_saw_another_history_is_told_loudly(served, say, app, caplog):
    """Fork: the witness stands further than we are. No cosignature, a critical line."""
    settings = app.extensions["examday_settings"]
    from examday.trace.adapters.log_key import log_key

    forged = log_key(settings).sign(500, b"f" * 32).encoded()
    url = settings.witnesses[0].url + "/add-checkpoint"
    urllib.request.urlopen(urllib.request.Request(url, data=b"old 0\n\n" + forged))
    say(3)

    head = trace.publish()

    assert parse_policy(trace.policy_text()).objection(parse_checkpoint(head.note))
    assert any(record.levelname == "CRITICAL" for record in caplog.records)
