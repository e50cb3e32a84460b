"""Sign-ins for the tests of the board."""

from tests.factories.staff import sign_in

__all__ = ["sign_in"]
