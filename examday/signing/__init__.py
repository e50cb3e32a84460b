"""
Signing: keys on disk, and what they say about bytes.

An `Ed25519Key` is the site's own (trace heads, tickets, kiosks). A `PersonKey` belongs to one
person alone: P-256 in a PKCS#12 file under a passphrase that the server never keeps
(电子签名法 art. 13: only the signer controls the making data at signing), certified by the
`SiteCA`. A `CustodianKey` (保管人) opens shares of sealed papers. A `Signer` is whatever can sign
for a person, so that a PKCS#11 token or an SM2 key can stand in later.

Knows nothing of what is signed.
"""

from examday.signing.authority import SiteCA
from examday.signing.custodian import CustodianKey
from examday.signing.ed25519 import Ed25519Key, verify_ed25519
from examday.signing.errors import BadSignature, WeakPassphrase, WrongPassphrase
from examday.signing.jws import JwsSigner, add_jws_signature, verify_jws
from examday.signing.person import PersonKey, unlock
from examday.signing.signer import Signer

__all__ = [
    "BadSignature",
    "CustodianKey",
    "Ed25519Key",
    "JwsSigner",
    "PersonKey",
    "Signer",
    "SiteCA",
    "WeakPassphrase",
    "WrongPassphrase",
    "add_jws_signature",
    "unlock",
    "verify_ed25519",
    "verify_jws",
]
