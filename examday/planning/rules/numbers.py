"""
Numbers that a person may mistype: parsed into their parts, or refused with the reason.

BadNumber
├── WrongForm          length or characters
├── FifteenDigits      an ID number of the old kind
├── UnknownRegion      first two digits are no GB/T 2260 province
├── ImpossibleDate     the birth date does not exist or lies ahead
├── WrongCheckDigit    one character is mistyped
├── ZeroSerial         serials start at 1
└── WrongPart          a part contradicts what it belongs to (body, year, level)

The sentences never repeat an ID number.
"""

import re
from dataclasses import dataclass
from datetime import date

from examday.errors import BadInput
from examday.i18n import N_
from examday.planning.rules.values import Level, Sex

# GB/T 2260, first two digits.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
# 港澳台居民居住证 83, and 外国人永久居留身份证 (9 + province) use the same 18 characters.
_ID_REGIONS = PROVINCES | {"83"}
_ID_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(rf"[{_USCC_ALPHABET}]{{2}}[0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
# Asked before any upper(), which would make a Latin S of a long s.
_FILING_FORM = re.compile(r"[YSys][0-9]{12}")
_CERTIFICATE_FORM = re.compile(r"[YSys][0-9]{14}[1-5][0-9]{6}")
_OLD_ID = 15


class BadNumber(BadInput):
    """A number that cannot be right."""

    code = "bad_number"


class WrongForm(BadNumber):
    """Length or characters are not those of this kind of number."""

    code = "wrong_form"
    message = N_("The form must be %(form)s.")


class FifteenDigits(BadNumber):
    """An ID number as it was before 1999."""

    code = "fifteen_digits"
    message = N_("This is an old ID number of 15 digits: enter the 18 characters of today's card.")


class UnknownRegion(BadNumber):
    """No province has this code (GB/T 2260)."""

    code = "unknown_region"
    message = N_("No province has the code %(region)s.")


class ImpossibleDate(BadNumber):
    """The birth date in the number is not a day, or lies ahead."""

    code = "impossible_date"
    message = N_("The date in the number is not possible.")


class WrongCheckDigit(BadNumber):
    """The last character does not fit the others: one of them is mistyped."""

    code = "wrong_check_digit"
    message = N_("The check digit is wrong: one character is mistyped.")


class ZeroSerial(BadNumber):
    """Serial numbers start at 1 (LN-23)."""

    code = "zero_serial"
    message = N_("The serial number must not be zero.")


class WrongPart(BadNumber):
    """A part of the number contradicts the body, the date of issue or the level."""

    code = "wrong_part"
    message = N_("The number says %(found)s where %(wanted)s belongs.")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """公民身份号码 and its kin (GB 11643): what the number itself says about its holder."""

    region: str
    birth_on: date
    sex: Sex
    text: str


@dataclass(frozen=True, slots=True)
class Uscc:
    """统一社会信用代码 (GB 32100-2015)."""

    registry: str
    kind: str
    region: str
    organisation: str
    text: str


@dataclass(frozen=True, slots=True)
class FilingNo:
    """机构备案号: 13 characters, parts 1-4 of a certificate number; only all 13 are a key (C7)."""

    kind: str
    path: str
    province: str
    serial: str
    text: str


@dataclass(frozen=True, slots=True)
class CertificateNo:
    """证书编号: filing number, two digits of the year, level, serial (LN-23)."""

    filing_no: FilingNo
    year: int
    level: Level
    serial: int
    text: str


def parse_id_number(text: str, *, on: date | None = None) -> IdNumber:
    """
    Check form, region, birth date (not after `on`), check digit, in this order.

    A lower-case x and surrounding blanks are forgiven; nothing else is.
    """
    text = text.strip().upper()
    if len(text) == _OLD_ID and text.isascii() and text.isdigit():
        raise FifteenDigits
    if not _ID_FORM.fullmatch(text):
        raise WrongForm(form="17×(0-9) + (0-9/X)")
    region = text[1:3] if text[0] == "9" else text[:2]
    if region not in _ID_REGIONS:
        raise UnknownRegion(region=region)
    birth_on = _date(text[6:14])
    if on is not None and birth_on > on:
        raise ImpossibleDate
    if text[17] != id_check_digit(text[:17]):
        raise WrongCheckDigit
    sex = Sex.MALE if int(text[16]) % 2 else Sex.FEMALE
    return IdNumber(region=region, birth_on=birth_on, sex=sex, text=text)


def id_check_digit(first: str) -> str:
    """Compute the 18th character from the first 17 digits (GB 11643: ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first, strict=True))
    return _ID_CHECK[total % 11]


def parse_uscc(text: str) -> Uscc:
    """
    Check form, then the check character.

    Some real codes given out before 2015 fail the check character (WrongCheckDigit): who
    registers a body warns and goes on.
    """
    text = text.strip().upper()
    if not _USCC_FORM.fullmatch(text):
        raise WrongForm(form="18 × 0-9 A-Y − I O S V Z")
    if text[17] != uscc_check_digit(text[:17]):
        raise WrongCheckDigit
    return Uscc(
        registry=text[0], kind=text[1], region=text[2:8], organisation=text[8:17], text=text
    )


def uscc_check_digit(first: str) -> str:
    """Compute the 18th character from the first 17; a remainder of 31 stands for 0 (GB 32100)."""
    total = sum(_USCC_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(first))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def parse_filing_no(text: str) -> FilingNo:
    """Check form, province and serial of a 备案号; Y is an employer, S a training body."""
    text = text.strip()
    if not _FILING_FORM.fullmatch(text):
        raise WrongForm(form="Y/S + 12×(0-9)")
    text = text.upper()
    number = FilingNo(kind=text[0], path=text[1:5], province=text[5:7], serial=text[7:], text=text)
    if number.province not in PROVINCES:
        raise UnknownRegion(region=number.province)
    return number


def parse_certificate_no(text: str) -> CertificateNo:
    """Check form, province and serial of a 证书编号 of 22 characters (LN-23)."""
    text = text.strip()
    if not _CERTIFICATE_FORM.fullmatch(text):
        raise WrongForm(form="Y/S + 14×(0-9) + (1-5) + 6×(0-9)")
    text = text.upper()
    serial = int(text[16:])
    if not serial:
        raise ZeroSerial
    return CertificateNo(
        filing_no=parse_filing_no(text[:13]),
        year=2000 + int(text[13:15]),
        level=Level(int(text[15])),
        serial=serial,
        text=text,
    )


def format_certificate_no(filing_no: str, *, year: int, level: Level, serial: int) -> str:
    """Write the 22 characters; a serial beyond 999999 has no number."""
    text = f"{filing_no}{year % 100:02}{int(level)}{serial:06}"
    return parse_certificate_no(text).text


def check_certificate(
    number: CertificateNo, *, filing_no: str, issued_on: date, level: Level
) -> None:
    """Refuse a number of another body, year or level than the certificate's own."""
    if number.filing_no.text != filing_no:
        raise WrongPart(found=number.filing_no.text, wanted=filing_no)
    if number.year != issued_on.year:
        raise WrongPart(found=number.year, wanted=issued_on.year)
    if number.level is not level:
        raise WrongPart(found=int(number.level), wanted=int(level))


def _date(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise ImpossibleDate from None
