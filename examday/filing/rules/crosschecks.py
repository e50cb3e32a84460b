"""
What must agree before a form leaves the house (HE-20, DOMAIN §8).

考务安排表: the sum over its lines = the roster. 结果备案表: 合格人数 = lines of (二) = numbers in
证书号段. 结果汇总表: every certificate counted once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from examday.filing.rules.certificates import ranges
from examday.filing.rules.errors import CrossCheckFailed
from examday.filing.rules.rows import (
    ArrangementRow,
    CertifiedCandidate,
    OccupationTotals,
    ResultLine,
    RosterRow,
)


def check_arrangement(rows: Sequence[ArrangementRow], roster: Sequence[RosterRow]) -> None:
    """The candidates of 考务安排表 are those of 人员名册备案表, level by level."""
    arranged: Counter[str] = Counter()
    # A level examined on two days (theory and practical apart) stands on two lines.
    for row in rows:
        arranged[row.level] = max(arranged[row.level], row.candidates)
    enrolled = Counter(row.level for row in roster)
    if arranged != enrolled:
        raise CrossCheckFailed(reason=f"{_counts(arranged)} ≠ {_counts(enrolled)}")


def check_results(
    lines: Sequence[ResultLine], certified: Sequence[CertifiedCandidate], passed: int
) -> None:
    """合格人数 in the sheet = in form (一) = lines of form (二) = numbers in the ranges."""
    numbers = [row.certificate_no for row in certified]
    counted = {
        "sheet": passed,
        "form 1": sum(line.passed for line in lines),
        "form 2": len(certified),
        "numbers": sum(each.count for each in ranges(numbers)),
    }
    if len(set(counted.values())) > 1:
        raise CrossCheckFailed(reason=_counts(counted))
    by_level = Counter(row.level_code for row in certified)
    for level, found in Counter(int(number[15]) for number in numbers).items():
        if by_level[level] != found:
            raise CrossCheckFailed(reason=f"level {level}: {by_level[level]} ≠ {found}")


def check_totals(rows: Sequence[OccupationTotals], certificates: int) -> None:
    """结果汇总表 counts each certificate of the month once."""
    total = sum(row.subtotal for row in rows)
    if total != certificates:
        raise CrossCheckFailed(reason=f"{total} ≠ {certificates}")


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(counted.items()))
