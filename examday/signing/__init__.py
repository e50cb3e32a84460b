"""
Signing: keys on disk, and what they say about bytes.

An `Ed25519Key` is the site's own (trace heads, tickets, kiosks). A `PersonKey` belongs to one
person alone: P-256 in a PKCS#12 file under a passphrase that the server never keeps
(电子签名法 art. 13: only the signer controls the making data at signing), certified by the
`SiteCA`; a `TokenKey` is the same on a PKCS#11 token. An `Sm2Key` may sign beside them. A
`CustodianKey` (保管人) opens shares of sealed papers. A `Signer` is whatever can sign for a person.

Knows nothing of what is signed.
"""

from examday.signing.authority import SiteCA
from examday.signing.custodian import CustodianKey
from examday.signing.ed25519 import Ed25519Key, verify_ed25519
from examday.signing.errors import (
    BadSignature,
    NoToken,
    TokenLocked,
    WeakPassphrase,
    WrongPassphrase,
)
from examday.signing.jws import JwsSigner, add_jws_signature, verify_jws
from examday.signing.person import PersonKey, unlock
from examday.signing.signer import CertifiedSigner, Signer
from examday.signing.sm2 import Sm2Key, add_sm2_signature, key_sha256
from examday.signing.token import (
    PLACE_SUFFIX,
    TokenKey,
    TokenPlace,
    token_public_key,
    unlock_token,
)

__all__ = [
    "PLACE_SUFFIX",
    "BadSignature",
    "CertifiedSigner",
    "CustodianKey",
    "Ed25519Key",
    "JwsSigner",
    "NoToken",
    "PersonKey",
    "Signer",
    "SiteCA",
    "Sm2Key",
    "TokenKey",
    "TokenLocked",
    "TokenPlace",
    "WeakPassphrase",
    "WrongPassphrase",
    "add_jws_signature",
    "add_sm2_signature",
    "key_sha256",
    "token_public_key",
    "unlock",
    "unlock_token",
    "verify_ed25519",
    "verify_jws",
]
