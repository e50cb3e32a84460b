"""
What can go wrong at a kiosk, and what to do about it.

KioskError
├── LineDown      the server does not answer in time; the outbox keeps everything
├── Refused       the server understood and said no
├── NotEnrolled   this kiosk has no key or no server yet
├── Locked        its keys want the PIN
│   └── WrongPin
├── ShortPin      a PIN that is guessed too soon
└── BadPicture    a file that is no picture, or a camera that gives none
"""

from typing import ClassVar

from kiosk.i18n import N_, gettext


class KioskError(Exception):
    """Root of the kiosk's own exceptions: one sentence a person can act on."""

    message: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, **params: object) -> None:
        """Keep the values that the sentence names."""
        super().__init__(params)
        self.params = params

    def __str__(self) -> str:
        """Give the sentence in the reader's language."""
        return gettext(self.message) % self.params


class LineDown(KioskError):
    """The server did not answer within three seconds."""

    message = N_("The server does not answer. Check-in goes on offline.")


class Refused(KioskError):
    """The server refused the request."""

    message = N_("The server refused this kiosk (%(status)s): %(reason)s")


class NotEnrolled(KioskError):
    """The kiosk must be enrolled with a one-time code first."""

    message = N_("This kiosk is not enrolled. Run: kiosk enrol --server URL --code CODE")


class AlreadyEnrolled(KioskError):
    """Its events are signed with the key that it has."""

    message = N_("This kiosk is enrolled already as %(kiosk)s. Use another home folder.")


class Locked(KioskError):
    """The keys are encrypted and no secret was given."""

    message = N_("This kiosk is locked. Give its PIN, or the code it was enrolled with.")


class WrongPin(Locked):
    """Neither the PIN nor the code of the enrolment."""

    message = N_("This PIN is wrong. Forgotten? The code of the enrolment opens the kiosk, too.")


class ShortPin(KioskError):
    """Too short to withstand guessing."""

    message = N_("A PIN has at least %(shortest)s digits or letters.")


class BadPicture(KioskError):
    """The file is no picture that can be read."""

    message = N_("%(file)s is not a picture that can be read.")


class NoCamera(KioskError):
    """The camera gives no frames."""

    message = N_("Camera %(camera)s gives no picture. Check the cable, then start again.")
