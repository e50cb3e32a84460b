"""
The verifier: tells a stranger whether evidence holds, without examday and without a network.

A guest package: standard library and `cryptography` only, relative imports only, so that a copy
of this folder inside an archive bundle works alone (`python verify.py BUNDLE --policy FILE`).
Formats: RFC 6962 (tree), C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles,
tlog-proof and tlog-policy, RFC 8785 (leaves), RFC 8493 (bundle), RFC 7515 (sheet signatures).
What is trusted comes from outside the bundle, in a policy file; a bundle never vouches for itself.
"""

from .faults import Unusable
from .report import Finding, Report
from .verification import read_roots, verify

__all__ = ["Finding", "Report", "Unusable", "read_roots", "verify"]
