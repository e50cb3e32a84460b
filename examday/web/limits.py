"""
How often one address may ask: a coarse brake before any password is hashed.

Counted in this process's memory (a site runs one server process); the patient count per
account lives in the database, where a restart does not forget it.
"""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

SIGN_IN_RATE = "60 per minute"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


def init_app(app: Flask) -> None:
    """Count the requests of this app."""
    limiter.init_app(app)
