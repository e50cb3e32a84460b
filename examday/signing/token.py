"""
A person's key on a PKCS#11 token (UKey, smart card): made there, and it never leaves.

The PIN is typed at the moment of signing and the session lasts one signature: whoever takes the
token away takes the key with it (电子签名法 art. 13). Beside the certificate lies a small file that
says which token and which key; python-pkcs11 is an optional package.
"""

import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from examday.signing.errors import BadSignature, NoToken, TokenLocked, WrongPassphrase
from examday.signing.person import fingerprint, name_part

PLACE_SUFFIX = ".token.json"
_COORDINATE_BYTES = 32
_NONCE_BYTES = 32
# A token knows one login a process: two people signing at once would share it.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key is: the labels of the token and of the key pair on it."""

    token: str
    key: str

    @classmethod
    def read(cls, file: Path) -> "TokenPlace":
        """Read the file that was written when the key was certified."""
        told = json.loads(file.read_text("utf-8"))
        return cls(token=told["token"], key=told["key"])

    def to_bytes(self) -> bytes:
        """Write that file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n"


class TokenKey:
    """One person's key on a token: a `CertifiedSigner` that holds the PIN for one act."""

    algorithm = "ES256"

    def __init__(
        self,
        module: str,
        place: TokenPlace,
        pin: str,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
    ) -> None:
        """Hold what opens the token; `unlock_token` is the way in."""
        self._module, self._place, self._pin = module, place, pin
        self.certificate = certificate
        self.chain = chain

    @property
    def cert_sha256(self) -> str:
        """Fingerprint of the certificate: lowercase hex SHA-256 of its DER."""
        return fingerprint(self.certificate)

    @property
    def login(self) -> str:
        """The account name in the certificate (its UID attribute)."""
        return name_part(self.certificate, x509.NameOID.USER_ID)

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256 (DER), made inside the token."""
        return _sign(self._module, self._place, self._pin, message)


def token_public_key(module: str, place: TokenPlace, pin: str) -> ec.EllipticCurvePublicKey:
    """
    Read the public key of a token, and see that its private half is there.

    Raises NoToken, WrongPassphrase, TokenLocked, and BadSignature for a key that is no P-256 key.
    """
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key

    with _session(module, place, pin) as session:
        try:
            found = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, label=place.key)
        except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
            raise NoToken(token=place.token, key=place.key) from error
        public = load_der_public_key(encode_ec_public_key(found))
    if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
        raise BadSignature(reason="the token's key is no P-256 key")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    try:
        public.verify(_sign(module, place, pin, nonce), nonce, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BadSignature(reason="the token's private key is not of its public key") from error
    return public


def unlock_token(module: str, file: Path, pin: str) -> TokenKey:
    """
    Open the key of a `.token.json`, whose certificate lies beside it, and try the PIN.

    Raises NoToken, WrongPassphrase, TokenLocked, BadSignature where the token holds another key.
    """
    place = TokenPlace.read(file)
    pem = file.with_name(file.name.removesuffix(PLACE_SUFFIX) + ".pem")
    certificate, *chain = x509.load_pem_x509_certificates(pem.read_bytes())
    if token_public_key(module, place, pin) != certificate.public_key():
        raise BadSignature(reason="the token holds another key than was certified")
    return TokenKey(module, place, pin, certificate, tuple(chain))


def _sign(module: str, place: TokenPlace, pin: str, message: bytes) -> bytes:
    import pkcs11

    with _session(module, place, pin) as session:
        try:
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.key)
        except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
            raise NoToken(token=place.token, key=place.key) from error
        digest = hashlib.sha256(message).digest()
        raw = bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
    half = _COORDINATE_BYTES
    return encode_dss_signature(
        int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
    )


@contextmanager
def _session(module: str, place: TokenPlace, pin: str) -> Iterator[Any]:
    if not module:
        raise NoToken(token=place.token, key=place.key)
    try:
        import pkcs11
    except ImportError as error:
        raise NoToken(token=place.token, key=place.key) from error
    refused = {pkcs11.PinIncorrect: WrongPassphrase, pkcs11.PinLocked: TokenLocked}
    with _one_at_a_time:
        try:
            token = pkcs11.lib(module).get_token(token_label=place.token)
            with token.open(user_pin=pin) as session:
                yield session
        except (pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
            raise WrongPassphrase from error
        except tuple(refused) as error:
            raise refused[type(error)] from error
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            raise NoToken(token=place.token, key=place.key) from error
