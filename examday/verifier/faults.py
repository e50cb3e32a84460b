"""
What stops a reader: bytes that break their format, and input that is no evidence at all.

Malformed evidence is a finding, raised here and caught where its place is known; an unusable
input (no such path, a policy that cannot be read) ends the program with status 2.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from .messages import CHINESE, ENGLISH, sentence

# What a certificate can go wrong with besides ValueError; none of these is one.
BAD_CERTIFICATE = (
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


class Malformed(Exception):
    """These bytes break the format they claim; the argument says in English how."""


class Unusable(ValueError):
    """There is nothing here that could be verified; `code` and its values say why."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(sentence(code, values, ENGLISH))
        self.code, self._values = code, values

    def text(self, language: str = CHINESE) -> str:
        """Say why, in one line."""
        return sentence(self.code, self._values, language)
