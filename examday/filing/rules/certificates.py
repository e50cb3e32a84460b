"""
Certificate numbers (证书编号): 22 characters, 辽人社〔2020〕22号 附件5 (LN-23, DOMAIN §4.2).

1 kind (Y 用人单位, S 第三方) · 4 path · 2 province · 6 body serial: together the 13-character
机构备案号 · 2 year of issue · 1 level (5 to 1) · 6 serial, per body, year and level from 000001.
Reading and checking a number is planning's (`numbers.parse_certificate_no`); here they are given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from examday.filing.rules.errors import SerialsExhausted, UnnumberedLevel

LEVELS = (5, 4, 3, 2, 1)
LAST_SERIAL = 999_999


@dataclass(frozen=True, slots=True)
class CertificateNo:
    """A number in its parts; `str()` puts it together."""

    body_filing_no: str
    year: int
    level: int
    serial: int

    def __str__(self) -> str:
        """Write the 22 characters."""
        return f"{self.body_filing_no}{self.year % 100:02d}{self.level}{self.serial:06d}"


@dataclass(frozen=True, slots=True)
class CertificateRange:
    """A 证书号段 without a hole."""

    first: str
    last: str
    count: int


def next_number(*, body_filing_no: str, issued_on: date, level: int, last: int) -> CertificateNo:
    """Give the number after serial `last` of this body, year and level."""
    if level not in LEVELS:
        raise UnnumberedLevel(level=level)
    if last >= LAST_SERIAL:
        raise SerialsExhausted(level=level, year=issued_on.year)
    return CertificateNo(body_filing_no, issued_on.year, level, last + 1)


def ranges(numbers: Iterable[str]) -> tuple[CertificateRange, ...]:
    """Join numbers into 证书号段; a hole begins a new one (DOMAIN §4.2)."""
    found = sorted({str(number) for number in numbers})
    # Position minus serial is constant along a run without a hole.
    runs = groupby(enumerate(found), key=lambda pair: (pair[1][:16], int(pair[1][16:]) - pair[0]))
    joined = [[number for _, number in run] for _, run in runs]
    return tuple(CertificateRange(run[0], run[-1], len(run)) for run in joined)


def gaps(serials: Mapping[tuple[str, int, int], Iterable[int]]) -> tuple[str, ...]:
    """Audit what was allocated: name each (body, year, level) whose serials miss one."""
    found = []
    for (body, year, level), used in sorted(serials.items()):
        numbers = set(used)
        missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
        found += [str(CertificateNo(body, year, level, serial)) for serial in missing]
    return tuple(found)
