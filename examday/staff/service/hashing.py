"""Argon2id with OWASP's parameters, taken from the settings of the site."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from examday import settings


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt."""
    return _hasher().hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Say whether the password belongs to the hash; takes the same time for an empty hash."""
    try:
        return _hasher().verify(password_hash or _decoy(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Say whether the site's parameters have grown since this hash was made."""
    return _hasher().check_needs_rehash(password_hash)


def _hasher() -> PasswordHasher:
    site = settings.current()
    return _hasher_of(site.argon2_memory_kib, site.argon2_passes)


@functools.cache
def _hasher_of(memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)


def _decoy() -> str:
    site = settings.current()
    return _decoy_of(site.argon2_memory_kib, site.argon2_passes)


@functools.cache
def _decoy_of(memory_kib: int, passes: int) -> str:
    # An unknown name must cost a guesser as much time as a known one.
    return _hasher_of(memory_kib, passes).hash("nobody")
