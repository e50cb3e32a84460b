"""
Enrolment of a kiosk by a one-time code that a person carries from the office to the door.

Both sides prove that they know the code without sending it: HMAC-SHA256 under the code, over the
kiosk's public key, and in the answer over that key followed by the server's.
"""

import hmac


def enrolment_proof(code: str, kiosk: str, keys: bytes) -> str:
    """Prove knowledge of the one-time code for these public keys (hex)."""
    said = b"examday/enrolment/v1|" + kiosk.encode() + b"|" + keys
    return hmac.digest(code.encode(), said, "sha256").hex()
