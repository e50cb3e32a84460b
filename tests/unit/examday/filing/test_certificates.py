"""Certificate numbers: 辽人社〔2020〕22号 附件5, with the vectors of the published rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.filing import rules
from examday.planning.rules import numbers

PREFIX = "Y000021012001"


def test_the_published_rule_gives_the_expected_number():
    number = rules.next_number(body_filing_no=PREFIX, issued_on=date(2020, 6, 1), level=3, last=0)

    assert str(number) == "Y000021012001203000001"


@given(st.integers(2001, 2099), st.sampled_from(rules.LEVELS), st.integers(0, 999_998))
def test_every_number_given_passes_the_published_grammar(year, level, last):
    number = rules.next_number(
        body_filing_no=PREFIX, issued_on=date(year, 6, 1), level=level, last=last
    )

    read = numbers.parse_certificate_no(str(number))

    assert (read.filing_no.text, read.year % 100, read.level, read.serial) == (
        PREFIX,
        year % 100,
        level,
        last + 1,
    )


@pytest.mark.parametrize("level", [0, 6, 8])
def test_a_level_without_a_digit_gets_no_number(level):
    with pytest.raises(rules.UnnumberedLevel):
        rules.next_number(body_filing_no=PREFIX, issued_on=date(2026, 1, 1), level=level, last=0)


def test_serials_end_at_999999():
    with pytest.raises(rules.SerialsExhausted):
        rules.next_number(body_filing_no=PREFIX, issued_on=date(2026, 1, 1), level=4, last=999_999)


def test_a_hole_begins_a_new_range():
    numbers = [str(rules.CertificateNo(PREFIX, 2026, 4, serial)) for serial in (1, 2, 3, 5, 6)]

    found = rules.ranges(reversed(numbers))

    assert [(each.first[-6:], each.last[-6:], each.count) for each in found] == [
        ("000001", "000003", 3),
        ("000005", "000006", 2),
    ]


def test_two_levels_never_share_a_range():
    numbers = [str(rules.CertificateNo(PREFIX, 2026, level, 1)) for level in (4, 3)]

    assert len(rules.ranges(numbers)) == 2


def test_the_audit_names_the_missing_number():
    missing = rules.gaps({(PREFIX, 2026, 4): [1, 2, 4]})

    assert missing == ("Y000021012001264000003",)
