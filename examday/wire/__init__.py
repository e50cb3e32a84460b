"""
Wire: what travels between the server, the kiosks, the bank and whoever verifies.

Canonical bytes (RFC 8785), the ticket token in the QR code, and the signed messages of the
check-in. A message is a frozen value with one strict parser: anything malformed is `Malformed`,
which is a failed verification and never a crash. Knows nothing of tables, rooms or HTTP.
"""

from examday.wire.canonical import Json, Malformed, canonical, parse_canonical

__all__ = ["Json", "Malformed", "canonical", "parse_canonical"]
