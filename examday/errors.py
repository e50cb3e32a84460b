"""
What can go wrong, and what a person should do about it.

ExamdayError
├── Refusal       understood and denied; a person can put it right    409, shown with its reason
│   ├── Forbidden     not this person's to do                         403
│   └── NotFound      no such thing                                   404
├── BadInput      the file or value cannot be used as it is           422, exit status 2
├── Tampered      stored bytes differ from what was traced            500, stop, call the supervisor
└── Unavailable   a device or the line failed; try again              503, kept in the outbox
    └── DiskFull      nothing can be written until there is room       507
"""

from typing import ClassVar

from examday.i18n import N_, gettext


class ExamdayError(Exception):
    """Root of all own exceptions: a stable code and one sentence a person can act on."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("Something went wrong.")
    status: ClassVar[int] = 500

    def __init__(self, **params: object) -> None:
        """Keep the values that the sentence names."""
        super().__init__(self.code, params)
        self.params = params

    def text(self) -> str:
        """Give the sentence in the reader's language."""
        shown = {
            name: value.text() if isinstance(value, ExamdayError) else value
            for name, value in self.params.items()
        }
        return gettext(self.message) % shown

    def __str__(self) -> str:
        """Read like the sentence, with the code in front for machines."""
        return f"{self.code}: {self.text()}"


class Refusal(ExamdayError):
    """Understood and denied: the rules forbid it now; the sentence says what to do."""

    code = "refused"
    message = N_("This is not allowed now.")
    status = 409


class Forbidden(Refusal):
    """Denied because of who asks."""

    code = "forbidden"
    message = N_("This is not yours to do.")
    status = 403


class NotFound(Refusal):
    """
    The thing named does not exist: `NotFound(N_("batch"), 7)`.

    `thing` is a word of the catalogue and `which` what the reader typed or followed; a kind with a
    sentence of its own says it in a subclass.
    """

    code = "not_found"
    message = N_("There is no %(thing)s here. Go back and choose from the list.")
    named = N_("There is no %(thing)s %(which)s. Go back and choose from the list.")
    status = 404

    def __init__(self, thing: str = N_("thing"), which: object = None, **params: object) -> None:
        """Keep what was looked for."""
        super().__init__(thing=thing, which=which, **params)

    def text(self) -> str:
        """Name the thing in the reader's language."""
        if self.message is not NotFound.message:
            return super().text()
        shown = {**self.params, "thing": gettext(str(self.params["thing"]))}
        sentence = self.message if shown["which"] is None else self.named
        return gettext(sentence) % shown


class BadInput(ExamdayError):
    """The file or value cannot be used; nothing was changed."""

    code = "bad_input"
    message = N_("This input cannot be used: %(reason)s")
    status = 422


class Tampered(ExamdayError):
    """Stored bytes differ from what was traced: stop and call the supervisor."""

    code = "tampered"
    message = N_("Stored data differ from the trace: %(what)s. Stop and call the supervisor.")
    status = 500


class Unavailable(ExamdayError):
    """A device or the line failed; the same request may succeed later."""

    code = "unavailable"
    message = N_("Not available at the moment: %(what)s. Try again.")
    status = 503


class DiskFull(Unavailable):
    """The disk takes no more, not even the records of the exam day; nothing was changed."""

    code = "disk_full"
    message = N_(
        "The disk of the server is full, so nothing was changed. Make room: take back-ups and"
        " unfinished uploads away; then try again."
    )
    status = 507
