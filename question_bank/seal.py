"""
封卷 sealing: a paper that only k of n custodians together can open.

A fresh AES-256-GCM key encrypts the payload. Shamir's scheme (SLIP-39) splits the key; each
share is sealed to one custodian's X25519 key by HPKE (RFC 9180). The container is canonical
JSON; header and sealed shares are authenticated with the payload, and the header with each
share, so that no byte of it can be altered unnoticed.

`not_before` binds honest software only: k custodians who leave it can open earlier. Whoever
opens checks the time first with `check_time`.
"""

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shamir_mnemonic
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from examday.wire.canonical import Malformed, canonical, parse_canonical
from question_bank.errors import BadInput, NotYet, SealBroken, TooFewShares
from question_bank.i18n import gettext as _

FORMAT = "examday-seal-1"
FEWEST_OPENERS = 2
MOST_CUSTODIANS = 16  # what SLIP-39 allows
_KEY_BYTES = 32
_NONCE_BYTES = 12
_RESERVED = {"format", "paper_digest", "threshold", "custodians", "not_before"}


@dataclass(frozen=True, slots=True)
class SealHeader:
    """
    What a sealed paper says of itself while shut; trustworthy only once it opens.

    `paper_digest` is the SHA-256 (hex) of the payload, `custodians` maps logins to X25519
    public keys, `facts` are the caller's own entries (batch, form, …).
    """

    paper_digest: str
    threshold: int
    custodians: Mapping[str, bytes]
    not_before: datetime
    facts: Mapping[str, Any]


def seal(
    payload: bytes,
    *,
    header: Mapping[str, Any],
    custodians: Mapping[str, bytes],
    threshold: int,
    not_before: datetime,
) -> bytes:
    """
    Seal a payload so that `threshold` of the custodians can open it.

    `custodians` maps logins to 32 raw bytes of X25519 public keys. Raises BadInput if the
    threshold is less than two or more than there are custodians, if a key is no key or given
    to two people, if `not_before` is naive, or if `header` uses a reserved name.
    """
    _check_request(header, custodians, threshold, not_before)
    wire = dict(header) | {
        "format": FORMAT,
        "paper_digest": hashlib.sha256(payload).hexdigest(),
        "threshold": threshold,
        "custodians": {login: key.hex() for login, key in custodians.items()},
        "not_before": not_before.astimezone(UTC).isoformat(timespec="seconds"),
    }
    key = os.urandom(_KEY_BYTES)
    shares = {
        login: _suite().encrypt(
            share.encode(), X25519PublicKey.from_public_bytes(public), info=_info(wire, login)
        )
        for (login, public), share in zip(
            custodians.items(), _split(key, threshold, len(custodians)), strict=True
        )
    }
    sealed_shares = {login: share.hex() for login, share in shares.items()}
    nonce = os.urandom(_NONCE_BYTES)
    bound = canonical({"header": wire, "shares": sealed_shares})
    return canonical(
        {
            "header": wire,
            "shares": sealed_shares,
            "nonce": nonce.hex(),
            "ciphertext": base64.b64encode(AESGCM(key).encrypt(nonce, payload, bound)).decode(),
        }
    )


def header(sealed: bytes) -> SealHeader:
    """Read what a sealed paper says of itself; raises SealBroken for anything malformed."""
    return _header(_container(sealed))


def open_share(sealed: bytes, login: str, private_key: bytes) -> str:
    """
    Open one custodian's share with their raw X25519 private key (32 bytes).

    Raises SealBroken if this person holds no share of this paper, the key is not theirs, or
    the header or share was altered.
    """
    container = _container(sealed)
    share = container["shares"].get(login)
    if share is None:
        raise SealBroken(why=_("%s holds no share of this paper") % login)
    try:
        key = X25519PrivateKey.from_private_bytes(private_key)
        opened = _suite().decrypt(bytes.fromhex(share), key, info=_info(container["header"], login))
    except (InvalidTag, ValueError) as error:
        raise SealBroken(why=_("the share of %s does not open with this key") % login) from error
    return bytes(opened).decode()


def unseal(sealed: bytes, shares: Iterable[str]) -> bytes:
    """
    Put opened shares together and give the payload.

    Raises TooFewShares below the threshold (the same share twice counts once), SealBroken if
    a share belongs to another paper or any byte of the container was altered.
    """
    container = _container(sealed)
    about = _header(container)
    given = sorted(set(shares))
    if len(given) < about.threshold:
        raise TooFewShares(needed=about.threshold, given=len(given))
    try:
        key = shamir_mnemonic.combine_mnemonics(given[: about.threshold])
        bound = canonical({"header": container["header"], "shares": container["shares"]})
        payload = AESGCM(key).decrypt(
            bytes.fromhex(container["nonce"]),
            base64.b64decode(container["ciphertext"], validate=True),
            bound,
        )
    except shamir_mnemonic.MnemonicError as error:
        raise SealBroken(why=_("the shares do not belong together")) from error
    except (InvalidTag, ValueError) as error:
        raise SealBroken(why=_("the container was altered")) from error
    if hashlib.sha256(payload).hexdigest() != about.paper_digest:
        raise SealBroken(why=_("the payload is not the one that was sealed"))
    return payload


def check_time(about: SealHeader, now: datetime) -> None:
    """Raise NotYet before the opening time."""
    if now < about.not_before:
        raise NotYet(not_before=about.not_before.isoformat(timespec="minutes"))


def _check_request(
    facts: Mapping[str, Any], custodians: Mapping[str, bytes], threshold: int, not_before: datetime
) -> None:
    if not FEWEST_OPENERS <= threshold <= len(custodians) <= MOST_CUSTODIANS:
        raise BadInput(why=_("two or more of two to sixteen custodians must open a paper"))
    if any(len(key) != _KEY_BYTES for key in custodians.values()):
        raise BadInput(why=_("a custodian's public key has 32 bytes"))
    if len(set(custodians.values())) < len(custodians):
        raise BadInput(why=_("two custodians cannot share one key"))
    if not_before.tzinfo is None:
        raise BadInput(why=_("the opening time needs a time zone"))
    if _RESERVED & set(facts):
        raise BadInput(why=_("the header uses a reserved name"))


def _split(key: bytes, threshold: int, count: int) -> list[str]:
    # The key is random, so stretching it with a passphrase (the exponent) would add nothing.
    groups = shamir_mnemonic.generate_mnemonics(1, [(threshold, count)], key, iteration_exponent=0)
    return [str(share) for share in groups[0]]


def _container(sealed: bytes) -> dict[str, Any]:
    try:
        container = parse_canonical(sealed)
        well_formed = (
            set(container) == {"header", "shares", "nonce", "ciphertext"}
            and all(isinstance(container[name], str) for name in ("nonce", "ciphertext"))
            and all(isinstance(share, str) for share in container["shares"].values())
            and container["header"]["format"] == FORMAT
            and set(container["shares"]) == set(container["header"]["custodians"])
        )
    except (Malformed, TypeError, KeyError, AttributeError) as error:
        raise SealBroken(why=_("it is not a sealed paper")) from error
    if not well_formed:
        raise SealBroken(why=_("it is not a sealed paper"))
    return dict(container)


def _header(container: Mapping[str, Any]) -> SealHeader:
    wire = container["header"]
    try:
        about = SealHeader(
            paper_digest=str(wire["paper_digest"]),
            threshold=int(wire["threshold"]),
            custodians={login: bytes.fromhex(key) for login, key in wire["custodians"].items()},
            not_before=datetime.fromisoformat(wire["not_before"]),
            facts={name: value for name, value in wire.items() if name not in _RESERVED},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SealBroken(why=_("its header is not readable")) from error
    if about.not_before.tzinfo is None or about.threshold < FEWEST_OPENERS:
        raise SealBroken(why=_("its header is not readable"))
    return about


def _info(wire: Mapping[str, Any], login: str) -> bytes:
    """Bind a share to this header and this person."""
    return canonical({"use": "examday-seal-1 share", "header": dict(wire), "login": login})


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
