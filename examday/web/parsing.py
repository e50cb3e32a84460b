"""
Parsing of requests: each function takes one named field and gives a value, or says what is wrong.

Input is checked here as well as in the rules behind (等保 L3-CES1-20: interface and page).
"""

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from flask import request

from examday import clock
from examday.errors import BadInput
from examday.i18n import N_, gettext

_LONGEST_TEXT = 2000
_LONGEST_NUMBER = 12
# Control characters have no place in a form; newline and tab do.
_ALLOWED_CONTROLS = frozenset("\n\r\t")


class BadField(BadInput):
    """One field of a form cannot be used."""

    code = "bad_field"
    message = N_("Field %(field)s: %(reason)s")

    def text(self) -> str:
        """Name the field as the catalogue does, if it does."""
        self.params["field"] = _name(str(self.params["field"]))
        return super().text()


class Missing(BadField):
    """A required field is empty."""

    code = "missing_field"
    message = N_("Field %(field)s is empty. Please fill it in.")


class NotANumber(BadField):
    """A number was expected."""

    code = "not_a_number"
    message = N_("Field %(field)s must be a number from %(low)s to %(high)s.")


class NotADate(BadField):
    """A date or time was expected."""

    code = "not_a_date"
    message = N_("Field %(field)s must be a date such as 2026-10-20.")


class NotAChoice(BadField):
    """A value that the page did not offer."""

    code = "not_a_choice"
    message = N_("Field %(field)s: choose one of the given values.")


class TooLong(BadField):
    """More characters than the field takes."""

    code = "too_long"
    message = N_("Field %(field)s may have at most %(longest)s characters.")


class OddCharacter(BadField):
    """A control character was sent."""

    code = "odd_character"
    message = N_("Field %(field)s contains a character that cannot be used.")


class WrongFile(BadField):
    """No file, or one of another kind."""

    code = "wrong_file"
    message = N_("Field %(field)s needs a file of kind %(kinds)s.")


def _name(field: str) -> str:
    """
    Name a field as the page does.

    The catalogue knows it as "field:sealed" where the bare word means something else on pages,
    and a numbered one (occupation_0) by what stands before the number.
    """
    stem, _, number = field.rpartition("_")
    for key in (f"field:{field}", field):
        if (name := gettext(key)) != key:
            return name
    return f"{_name(stem)} {int(number) + 1}" if stem and number.isdigit() else field


def text(field: str, *, required: bool = True, longest: int = _LONGEST_TEXT) -> str:
    """Read a text without surrounding blanks; raises Missing, TooLong or OddCharacter."""
    value = request.form.get(field, "").strip()
    if required and not value:
        raise Missing(field=field)
    if len(value) > longest:
        raise TooLong(field=field, longest=longest)
    if any(ord(char) < ord(" ") and char not in _ALLOWED_CONTROLS for char in value):
        raise OddCharacter(field=field)
    return value


def secret(field: str) -> str:
    """Read a password or passphrase exactly as typed."""
    value = request.form.get(field, "")
    if not value:
        raise Missing(field=field)
    return value


def whole(field: str, *, low: int = 0, high: int = 1_000_000) -> int:
    """Read a whole number between two bounds; raises NotANumber."""
    value = request.form.get(field, "").strip()
    if not value.isascii() or not value.isdigit() or len(value) > _LONGEST_NUMBER:
        raise NotANumber(field=field, low=low, high=high)
    number = int(value)
    if not low <= number <= high:
        raise NotANumber(field=field, low=low, high=high)
    return number


def decimal(field: str, *, low: int = 0, high: int = 100) -> Decimal:
    """Read a decimal number such as a mark; raises NotANumber."""
    value = request.form.get(field, "").strip()
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise NotANumber(field=field, low=low, high=high) from error
    if len(value) > _LONGEST_NUMBER or not number.is_finite() or not low <= number <= high:
        raise NotANumber(field=field, low=low, high=high)
    return number


def day(field: str) -> date:
    """Read a date (YYYY-MM-DD); raises NotADate."""
    try:
        return date.fromisoformat(request.form.get(field, "").strip())
    except ValueError as error:
        raise NotADate(field=field) from error


def moment(field: str) -> datetime:
    """Read a local time of the site (YYYY-MM-DDTHH:MM) and give the UTC instant."""
    try:
        there = datetime.fromisoformat(request.form.get(field, "").strip())
    except ValueError as error:
        raise NotADate(field=field) from error
    if there.tzinfo is not None:
        raise NotADate(field=field)
    return there.replace(tzinfo=clock.SITE_ZONE).astimezone(UTC)


def choice(field: str, offered: Collection[str]) -> str:
    """Read one of the offered values; raises NotAChoice."""
    value = request.form.get(field, "")
    if value not in offered:
        raise NotAChoice(field=field)
    return value


def wholes(field: str) -> tuple[int, ...]:
    """Read the ticked boxes of one name as numbers; raises NotANumber."""
    values = request.form.getlist(field)
    if not all(value.isascii() and value.isdigit() for value in values):
        raise NotANumber(field=field, low=0, high="…")
    return tuple(int(value) for value in values)


def upload(field: str, *, kinds: tuple[str, ...]) -> tuple[str, bytes]:
    """Read an uploaded file as (its name, its bytes); raises WrongFile for another suffix."""
    file = request.files.get(field)
    name = file.filename if file else None
    if file is None or not name or not name.lower().endswith(kinds):
        raise WrongFile(field=field, kinds=" ".join(kinds))
    return name, file.read()
