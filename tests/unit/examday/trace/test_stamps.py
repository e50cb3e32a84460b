"""RFC 3161: a real authority on loopback (openssl ts), the queue while the line is down."""

import dataclasses
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from examday import clock as examday_clock
from examday import verifier
from examday.trace import service as trace
from examday.trace.adapters.shelf import Shelf
from examday.verifier import layout
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.faults import Malformed
from examday.verifier.heads import log_signed
from examday.verifier.policy import parse_policy
from examday.verifier.stamp import load_roots, objection, parse_stamp
from tests.factories.stamps import indefinite

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")

CONFIG = """
[tsa]
default_tsa = one
[one]
dir = {folder}
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(*arguments):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture
def authority(tmp_path):
    """A time-stamp authority; gives (url, its certificate, what answers are bent by)."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01")
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tsa", "-days", "3650",
        "-addext", "extendedKeyUsage=critical,timeStamping", "-keyout", folder / "tsa.key",
        "-out", folder / "tsa.pem",
    )  # fmt: skip
    bend = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            openssl(
                "ts", "-reply", "-config", folder / "openssl.cnf", "-section", "one",
                "-queryfile", query, "-out", folder / "reply.tsr",
            )  # fmt: skip
            reply = (folder / "reply.tsr").read_bytes()
            reply = bend[0](reply) if bend else reply
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", folder / "tsa.pem", bend
    server.shutdown()
    server.server_close()
    thread.join()


def present(authority):
    """The wall clock of this machine, which the authority reads: when its key was made."""
    return datetime.fromtimestamp(authority[1].stat().st_mtime, UTC)


def use(app, *urls):
    settings = app.extensions["examday_settings"]
    app.extensions["examday_settings"] = dataclasses.replace(settings, tsa_urls=urls)


def test_a_head_is_stamped_and_openssl_agrees(app, say, authority):
    """`openssl ts -verify` accepts the token over the log-signed note."""
    url, certificate, _ = authority
    use(app, url)
    say(3)
    head = trace.publish()

    assert trace.outside().stamped_at is None
    assert trace.stamp() == trace.Stamped(done=(head.size,), waiting=())
    outside = trace.outside()
    assert outside.waiting_for_stamps == 0
    assert outside.stamped_at <= examday_clock.now()
    stamped = Shelf(app.extensions["examday_settings"]).stamp_of(head.size)
    assert outside.stamped_at.timestamp() * 1000 in {
        parse_stamp(stamped.read_bytes()).time,
        examday_clock.now().timestamp() * 1000,  # the authority's clock runs ahead of the day's
    }

    checkpoint = parse_checkpoint(head.note)
    digest = log_signed(checkpoint.note, parse_policy(trace.policy_text())).hex()
    token = Shelf(app.extensions["examday_settings"]).stamp_of(head.size)
    verify = ["ts", "-verify", "-digest", digest, "-in", token, "-CAfile", certificate]
    openssl(*verify)
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*[part if part != digest else "0" * 64 for part in verify])


def test_heads_wait_while_nobody_can_be_asked(app, say, authority):
    """No authority, then a dead one, then a live one: oldest first, nothing lost."""
    say(3)
    first = trace.publish().size
    assert trace.stamp() == trace.Stamped(done=(), waiting=(first,))
    use(app, "http://127.0.0.1:9/")
    say(3)
    second = trace.publish().size
    assert trace.stamp().waiting == (first, second)

    use(app, "http://127.0.0.1:9/", authority[0])
    assert trace.stamp() == trace.Stamped(done=(first, second), waiting=())
    assert trace.stamp().done == ()


def test_a_head_put_in_line_is_stamped_by_the_next_job(app, say, authority):
    """Opening and closing a day do not wait for the authority: a job asks within seconds."""
    use(app, authority[0])
    assert trace.ask_for_stamps() == trace.Stamped(done=(), waiting=())
    say(3)
    opened = trace.publish().size
    trace.queue_stamp()
    say(3)
    trace.publish()  # a later head that nobody put in line

    assert trace.ask_for_stamps() == trace.Stamped(done=(opened,), waiting=())


@pytest.mark.parametrize(
    "bend", [lambda reply: b"nonsense", lambda reply: reply[:60], lambda reply: b""]
)
def test_an_answer_that_is_no_stamp_is_not_kept(app, say, authority, bend):
    """Garbage, a cut reply, nothing: the head goes on waiting."""
    url, _, bends = authority
    bends.append(bend)
    use(app, url)
    say(3)
    size = trace.publish().size

    assert trace.stamp().waiting == (size,)
    assert not Shelf(app.extensions["examday_settings"]).stamp_of(size).exists()


def test_a_replayed_stamp_is_not_kept(app, say, authority):
    """An old reply of the same authority is over other bytes."""
    url, _, bends = authority
    use(app, url)
    say(3)
    trace.publish()
    trace.stamp()
    shelf = Shelf(app.extensions["examday_settings"])
    old = shelf.stamp_of(trace.head().size).read_bytes()
    bends.append(lambda _reply: old)
    say(3)
    size = trace.publish().size

    assert trace.stamp().waiting == (size,)


def test_looser_answers_are_shown_to_openssl(app, say, authority, monkeypatch):
    """What the strict reader will not read: openssl does, but it must be of our bytes."""
    url, _, bends = authority
    use(app, url)

    def strict(_answer):
        raise ValueError("non-canonical DER")

    monkeypatch.setattr("rfc3161_client.decode_timestamp_response", strict)
    say(3)
    first = trace.publish().size
    assert trace.stamp().done == (first,)
    old = Shelf(app.extensions["examday_settings"]).stamp_of(first).read_bytes()
    bends.append(lambda _reply: old)
    say(3)
    second = trace.publish().size

    assert trace.stamp().waiting == (second,)


@pytest.fixture
def stamped(app, say, authority, tmp_path, clock):
    """Give stamped(): export what is published and stamped, and what the verifier says of it."""
    url, certificate, _ = authority
    use(app, url)
    clock.move_to(present(authority) - timedelta(minutes=1))

    def stamped(roots=None, spoil=lambda token: token):
        say(3)
        trace.publish()
        trace.stamp()
        folder = tmp_path / f"export{trace.head().size}"
        trace.export(folder / "trace")
        for token in (folder / "trace/tsr").iterdir():
            token.write_bytes(spoil(token.read_bytes()))
        layout.write_bag(folder, {})
        pem = certificate.read_bytes() if roots is None else roots
        report = verifier.verify(folder, trace.policy_text(), tsa_roots=pem)
        outside = ("STAMP", "LOG_TIME", "OUTSIDE", "WITNESS")
        found = {one.code for one in report.findings if one.code.startswith(outside)}
        return found, {one.code for one in report.notes if one.code.startswith(outside)}

    return stamped


def test_a_stamp_of_a_trusted_authority_is_believed(stamped):
    """Signature, purpose and chain, without openssl; no roots, no judgement of the issuer."""
    assert stamped() == (set(), {"STAMP_VALID"})
    assert stamped(roots=b"") == (set(), {"STAMP_SEEN"})


def test_a_stamp_of_a_stranger_is_found(stamped, tmp_path):
    """Another authority of the same name."""
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tsa", "-days", "30",
        "-addext", "extendedKeyUsage=critical,timeStamping", "-keyout", tmp_path / "other.key",
        "-out", tmp_path / "other.pem",
    )  # fmt: skip

    assert stamped(roots=(tmp_path / "other.pem").read_bytes()) == ({"STAMP_SIGNATURE"}, set())


def test_openssl_judges_what_the_strict_reader_will_not_read(stamped, tmp_path, monkeypatch):
    """BER with an open length: by the trusted roots, by a stranger's, and without the command."""
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tsa", "-days", "30",
        "-addext", "extendedKeyUsage=critical,timeStamping", "-keyout", tmp_path / "other.key",
        "-out", tmp_path / "other.pem",
    )  # fmt: skip
    strange = (tmp_path / "other.pem").read_bytes()

    def bent(token):
        return indefinite(token[:-9] + bytes([token[-9] ^ 1]) + token[-8:])

    assert stamped(spoil=indefinite) == (set(), {"STAMP_VALID"})
    assert stamped(spoil=indefinite, roots=strange) == ({"STAMP_SIGNATURE"}, set())
    assert stamped(spoil=bent) == ({"STAMP_SIGNATURE"}, set())
    monkeypatch.setattr("examday.verifier.openssl.shutil.which", lambda _name: None)
    assert stamped(spoil=indefinite) == (set(), {"STAMP_SEEN"})


def test_no_byte_of_a_stamp_can_be_changed_unseen(stamped, authority, app):
    """Every byte of the time, the digest and the signature; what is no evidence stays a note."""
    stamped()
    shelf = Shelf(app.extensions["examday_settings"])
    checkpoint = parse_checkpoint(trace.head().note)
    token = shelf.stamp_of(checkpoint.size).read_bytes()
    roots = load_roots(authority[1].read_bytes())
    wanted = log_signed(checkpoint.note, parse_policy(trace.policy_text()))
    assert objection(parse_stamp(token), roots) == ""
    honest = parse_stamp(token)
    accepted = []
    for place in range(len(token)):
        bent = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        try:
            stamp = parse_stamp(bent)
        except Malformed:
            continue
        if not objection(stamp, roots) and (stamp.time, stamp.imprint) != (honest.time, wanted):
            accepted.append(place)
    assert accepted == []


def test_entries_that_claim_to_be_later_than_their_stamp_are_found(stamped, clock, authority):
    """The site's clock runs ahead; then it is right and the stamp only comes late."""
    clock.move_to(present(authority) + timedelta(hours=3))
    assert stamped()[0] == {"LOG_TIME_VS_TSA"}


def test_a_late_stamp_is_a_delay_not_a_fault(stamped, clock, authority):
    """A site that was off line for five hours."""
    clock.move_to(present(authority) - timedelta(hours=5))
    assert stamped() == (set(), {"STAMP_VALID", "OUTSIDE_TIME_LATE"})
