"""Sign-ins for the tests of staff."""

from tests.factories.staff import sign_in

__all__ = ["sign_in"]
