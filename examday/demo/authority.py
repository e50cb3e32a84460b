"""A time-stamp authority (RFC 3161) for the demo day: it answers over HTTP, by the day's clock."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from examday import clock

_TYPE = "application/timestamp-reply"
_MAX_QUERY = 65536
_VALID = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2044, 1, 1, tzinfo=UTC))


class Authority:
    """A WSGI app that stamps whatever digest it is sent; `pem` is what verifiers are given."""

    def __init__(self, folder: Path) -> None:
        """Open the authority that lives in this folder, making its key at the first start."""
        folder.mkdir(parents=True, exist_ok=True)
        key_file, self.pem = folder / "tsa.key", folder / "tsa.pem"
        if not self.pem.exists():
            _make(key_file, self.pem)
        key = serialization.load_der_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(self.pem.read_bytes())
        self._certificate = asn1_x509.Certificate.load(_der(certificate))
        self._key = keys.PrivateKeyInfo.load(_pkcs8(key))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a time-stamp query (RFC 3161, section 3.4)."""
        length = min(int(environ.get("CONTENT_LENGTH") or 0), _MAX_QUERY)
        try:
            answer = self.stamp(environ["wsgi.input"].read(length))
        except ValueError:
            start_response("400 Bad Request", [("Content-Length", "0")])
            return [b""]
        start_response("200 OK", [("Content-Type", _TYPE), ("Content-Length", str(len(answer)))])
        return [answer]

    def stamp(self, query: bytes) -> bytes:
        """Answer one query with a granted token; raises ValueError for what is none."""
        request = tsp.TimeStampReq.load(query, strict=True)
        # pyHanko's stamper, made for tests, writes whole tokens and takes the time it is given.
        stamper = DummyTimeStamper(self._certificate, self._key, fixed_dt=clock.now())
        answer: bytes = stamper.request_tsa_response(request).dump()
        return answer


def _make(key_file: Path, pem: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "examday demo TSA")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID[0])
        .not_valid_after(_VALID[1])
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.touch(mode=0o600)
    key_file.write_bytes(_pkcs8(key))
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _pkcs8(key: Any) -> bytes:
    der: bytes = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return der
