"""Sign-ins for the tests of web."""

from tests.factories.staff import sign_in

__all__ = ["sign_in"]
