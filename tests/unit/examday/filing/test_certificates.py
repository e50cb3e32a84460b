"""Certificate numbers: 辽人社〔2020〕22号 附件5, with the vectors of the published rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.filing import rules

PREFIX = "Y000021012001"


def test_the_published_rule_gives_the_expected_number():
    number = rules.next_number(body_filing_no=PREFIX, issued_on=date(2020, 6, 1), level=3, last=0)

    assert str(number) == "Y000021012001203000001"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Y00002101200120300001", "21 characters"),
        ("Y0000210120012030000011", "23 characters"),
        ("Z000021012001203000001", "letter"),
        ("y000021012001203000001", "letter"),
        ("Y000021012001200000001", "no level 0"),
        ("Y000021012001206000001", "no level 6"),
        ("Y000021012001203000000", "000001"),
        ("Y000020012001203000001", "no province 20"),
        ("Y0000210120012030000０1", "letter"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(text, reason):
    with pytest.raises(rules.BadCertificateNo) as refused:
        rules.parse_certificate_no(text)

    assert reason in refused.value.params["reason"]


@given(st.integers(2001, 2099), st.sampled_from(rules.LEVELS), st.integers(1, 999_999))
def test_a_number_reads_back_as_it_was_written(year, level, serial):
    number = rules.CertificateNo(PREFIX, year, level, serial)

    assert rules.parse_certificate_no(str(number)) == number


def test_a_number_must_fit_what_it_was_issued_for():
    number = "Y000021012001203000001"
    fits = {"body_filing_no": PREFIX, "issued_on": date(2020, 12, 31), "level": 3}

    rules.check_certificate_no(number, **fits)
    for wrong in (
        {"body_filing_no": "Y000021012002"},
        {"issued_on": date(2021, 1, 1)},
        {"level": 4},
    ):
        with pytest.raises(rules.BadCertificateNo):
            rules.check_certificate_no(number, **{**fits, **wrong})


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
