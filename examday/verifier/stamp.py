"""
RFC 3161 time-stamp tokens: what was stamped, when, and whether a trusted authority signed it.

The authority's root certificates come from outside, beside the trust policy. RSA (PKCS #1) and
ECDSA signatures are checked here; whether a certificate was revoked is not.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from .der import GENERALIZED_TIME, OCTETS, SEQUENCE, SET, TAGGED, Item, only
from .faults import BAD_CERTIFICATE, Malformed

_TIME = re.compile(r"(\d{14})(?:\.(\d{1,9}))?Z")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_HASHES: dict[bytes, hashes.HashAlgorithm] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256(),
    bytes.fromhex("608648016503040202"): hashes.SHA384(),
    bytes.fromhex("608648016503040203"): hashes.SHA512(),
}
_LONGEST_CHAIN = 6


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token taken apart; `time` is ms since 1970, `imprint` the digest that was stamped."""

    time: int
    imprint: bytes
    info: bytes
    signer: Item
    certificates: tuple[bytes, ...]


def parse_stamp(data: bytes) -> Stamp:
    """Read a TimeStampResp; nothing is trusted yet."""
    try:
        status, token = only(data).expect(SEQUENCE).items()
        if status.items()[0].content not in {b"\0", b"\1"}:
            raise Malformed("the time-stamp was not granted")
        signed = only(token.items()[1].content).expect(SEQUENCE).items()
        info = only(signed[2].items()[1].content).expect(OCTETS).content
        fields = only(info).items()
        (signer,) = signed[-1].expect(SET).items()
        return Stamp(
            time=_time(next(field for field in fields if field.tag == GENERALIZED_TIME)),
            imprint=fields[2].items()[1].expect(OCTETS).content,
            info=info,
            signer=signer,
            certificates=tuple(
                one.whole for part in signed if part.tag == TAGGED for one in part.items()
            ),
        )
    except (IndexError, ValueError, StopIteration) as error:
        raise Malformed("not a time-stamp token") from error


def objection(stamp: Stamp, roots: Sequence[x509.Certificate]) -> str:
    """Say in English why a stamp is not to be trusted; "" when it is."""
    try:
        certificate = _signer(stamp)
        _check_signature(stamp, certificate)
        others = [x509.load_der_x509_certificate(one) for one in stamp.certificates]
        moment = datetime.fromtimestamp(stamp.time / 1000, UTC)
        _check_purpose(certificate)
        _check_chain(certificate, others, roots, moment)
    except (Malformed, ValueError, TypeError, IndexError, *BAD_CERTIFICATE) as error:
        return str(error) or type(error).__name__
    except InvalidSignature:
        return "the signature does not fit"
    return ""


def load_roots(pem: bytes) -> list[x509.Certificate]:
    """Read the authorities' root certificates (PEM)."""
    return x509.load_pem_x509_certificates(pem) if pem.strip() else []


def _time(item: Item) -> int:
    found = _TIME.fullmatch(item.content.decode("ascii"))
    if found is None:
        raise Malformed("not a time-stamp's time")
    moment = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1000 + int((found[2] or "0").ljust(3, "0")[:3])


def _signer(stamp: Stamp) -> x509.Certificate:
    """Find the signer's certificate by issuer and serial number."""
    issuer, serial = stamp.signer.items()[1].expect(SEQUENCE).items()
    for der in stamp.certificates:
        certificate = x509.load_der_x509_certificate(der)
        number = int.from_bytes(serial.content, "big")
        if (certificate.issuer.public_bytes(), certificate.serial_number) == (issuer.whole, number):
            return certificate
    raise Malformed("the token lacks its signer's certificate")


def _check_signature(stamp: Stamp, certificate: x509.Certificate) -> None:
    """The signed attributes hold the digest of the info; the key signed the attributes."""
    parts = stamp.signer.items()
    algorithm, attributes = parts[2].items()[0].content, parts[3].expect(TAGGED)
    kind = _HASHES.get(algorithm)
    if kind is None:
        raise Malformed("a digest this program does not know")
    wanted = hashlib.new(kind.name, stamp.info).digest()
    if [wanted] != _attribute(attributes, _MESSAGE_DIGEST):
        raise Malformed("the signed digest is not of this time")
    message = bytes([SET]) + attributes.whole[1:]
    signature, key = parts[5].expect(OCTETS).content, certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), kind)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(kind))
    else:
        raise Malformed("a key this program does not know")


def _attribute(attributes: Item, kind: bytes) -> list[bytes]:
    found = [one.items() for one in attributes.items()]
    return [one[1].items()[0].content for one in found if one[0].content == kind]


def _check_purpose(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (ValueError, *BAD_CERTIFICATE) as error:
        raise Malformed("the signer is no time-stamp authority") from error
    if list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Malformed("the signer is no time-stamp authority")


def _check_chain(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
) -> None:
    """Climb from issuer to issuer to a root, each certificate valid at that moment."""
    for _ in range(_LONGEST_CHAIN):
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            raise Malformed("a certificate was not valid then")
        if certificate in roots:
            return
        above = [one for one in (*roots, *others) if _issued(one, certificate)]
        if not above:
            raise Malformed("no trusted authority issued this time-stamp")
        certificate = above[0]
    raise Malformed("the chain of certificates is too long")


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints)
    except (InvalidSignature, ValueError, TypeError, *BAD_CERTIFICATE):
        return False
    return constraints.value.ca and issuer != certificate
