"""Time-stamp authorities for tests: one by the day's clock, and those of the openssl command."""

import subprocess
import threading
from contextlib import contextmanager

import rfc3161_client
from werkzeug.serving import make_server

from examday import clock
from examday.demo.authority import Authority
from examday.verifier import layout
from examday.verifier.checkpoint import parse_checkpoint
from examday.verifier.heads import without_witnesses
from examday.verifier.policy import parse_policy

_CONFIG = """
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
KEYS = {
    "rsa": ["-newkey", "rsa:2048"],
    "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
}


def openssl(*arguments):
    """Run the openssl command."""
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def question(signed):
    """The query of a site over these bytes, as DER."""
    builder = rfc3161_client.TimestampRequestBuilder()
    return builder.hash_algorithm(rfc3161_client.HashAlgorithm.SHA256).data(signed).build()


def stamp_by_clock(folder, signed, at):
    """A self-signed RSA authority whose clock shows `at`; gives (token, its PEM)."""
    authority = Authority(folder)
    with clock.simulated(at):
        return authority.stamp(question(signed).as_bytes()), authority.pem.read_bytes()


def stamp_by_openssl(folder, signed, *, root, signer, digest="sha256"):
    """`openssl ts`, whose certificate a root issued; gives (token, PEM of the root)."""
    folder.mkdir()
    quiet = ["-nodes", "-days", "3650"]
    openssl(
        "req", "-x509", *KEYS[root], *quiet, "-subj", "/CN=root", "-keyout", folder / "root.key",
        "-out", folder / "root.pem",
    )  # fmt: skip
    openssl(
        "req", *KEYS[signer], "-nodes", "-subj", "/CN=tsa", "-keyout", folder / "tsa.key",
        "-out", folder / "tsa.csr",
    )  # fmt: skip
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\n")
    openssl(
        "x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.pem", "-CAkey",
        folder / "root.key", "-CAcreateserial", "-days", "3650", "-extfile", folder / "ext",
        "-out", folder / "tsa.pem",
    )  # fmt: skip
    (folder / "serial").write_text("01")
    (folder / "cnf").write_text(_CONFIG.format(folder=folder, digest=digest))
    (folder / "query").write_bytes(question(signed).as_bytes())
    openssl(
        "ts", "-reply", "-config", folder / "cnf", "-section", "one", "-queryfile",
        folder / "query", "-out", folder / "reply",
    )  # fmt: skip
    return (folder / "reply").read_bytes(), (folder / "root.pem").read_bytes()


def signed_part(bundle, policy):
    """What a stamp of the bundle's head is over."""
    note = parse_checkpoint((bundle / layout.CHECKPOINT).read_bytes()).note
    return without_witnesses(note, parse_policy(policy).logs)


def put_stamp(bundle, token):
    """File a token for the bundle's head and list it."""
    size = parse_checkpoint((bundle / layout.CHECKPOINT).read_bytes()).size
    file = bundle / layout.STAMPS / f"{size}.tsr"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(token)
    layout.write_bag(bundle, {"Source-Organization": "site1"})
    return file


def indefinite(token):
    """The same token with its outermost length left open: BER, which strict readers refuse."""
    assert token[:2] == b"\x30\x82"
    return b"\x30\x80" + token[4:] + b"\0\0"


@contextmanager
def serving_by_clock(folder):
    """A self-signed authority that answers over HTTP by the day's clock; gives (URL, its PEM)."""
    authority = Authority(folder)
    server = make_server("127.0.0.1", 0, authority, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", authority.pem.read_bytes()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
