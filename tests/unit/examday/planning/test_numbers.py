"""Numbers are accepted exactly when their standards accept them, else refused with the reason."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examday.planning.rules import Level, Sex, numbers

LIAONING = (
    (Path(__file__).parents[3] / "assets" / "liaoning_filing_numbers.txt").read_text().split()
)
GOOD_IDS = [
    "11010519491231002X",
    "53010219200508011X",
    "370101190102039973",
    "440524188001010014",
    "110101199003079913",
    "210106198802299913",
    "130102199512319911",
    "62010219790101991X",
    "370202199106159916",
    "420202198308209918",
]
GOOD_USCC = [
    "91350100M000100Y43",
    "91512081MA62K0260E",
    "91210100MA0A000080",
    "91210100MA0ABCD0AU",
    "91130100MA0ABCD0BG",
    "91620100MA0ABCD0C1",
    "91370200MA0ABCD0DR",
    "91420200MA0ABCD0EY",
]


def iso7064_mod_11_2(digits: str) -> str:
    """The check character by the standard's recursive method, not by its weights."""
    rest = 0
    for digit in digits:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11]


@pytest.mark.parametrize("text", GOOD_IDS)
def test_valid_id_numbers(text):
    number = numbers.parse_id_number(text)

    assert number.text == text
    assert number.birth_on.strftime("%Y%m%d") == text[6:14]


def test_an_id_number_says_birth_and_sex():
    number = numbers.parse_id_number(" 11010519491231002x ")

    assert (number.birth_on, number.sex, number.region) == (date(1949, 12, 31), Sex.FEMALE, "11")
    assert numbers.parse_id_number("110101199003079913").sex is Sex.MALE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("110101199002309913", numbers.ImpossibleDate),
        ("110101199003079914", numbers.WrongCheckDigit),
        ("110101900307991", numbers.FifteenDigits),
        ("990101199003079913", numbers.UnknownRegion),
        ("16010119900307991X", numbers.UnknownRegion),
        ("11010119900307991", numbers.WrongForm),
        ("1101011990030799133", numbers.WrongForm),
        ("１10101199003079913", numbers.WrongForm),
        ("11010119900307X913", numbers.WrongForm),
        ("", numbers.WrongForm),
    ],
)
def test_bad_id_numbers_name_the_reason_and_not_the_number(text, reason):
    with pytest.raises(reason) as refused:
        numbers.parse_id_number(text)

    assert text == "" or text not in refused.value.text()


def test_a_birth_after_the_exam_is_not_possible():
    with pytest.raises(numbers.ImpossibleDate):
        numbers.parse_id_number("110101199003079913", on=date(1990, 3, 6))


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_digit_agrees_with_the_recursive_method(first):
    assert numbers.id_check_digit(first) == iso7064_mod_11_2(first)


@given(st.sampled_from(GOOD_IDS), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_mistyped_character_is_always_found(good, at, sign):
    text = good[:at] + sign + good[at + 1 :]

    if text == good:
        numbers.parse_id_number(text)
    else:
        with pytest.raises(numbers.BadNumber):
            numbers.parse_id_number(text)


@given(st.text(max_size=40))
def test_any_text_is_an_id_number_or_refused(text):
    try:
        number = numbers.parse_id_number(text)
    except numbers.BadNumber:
        return
    assert iso7064_mod_11_2(number.text[:17]) == number.text[17]


@pytest.mark.parametrize("text", GOOD_USCC)
def test_valid_credit_codes(text):
    assert numbers.parse_uscc(text.lower()).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("91350100M000100Y4Z", numbers.WrongForm),
        ("91350100M000100Y44", numbers.WrongCheckDigit),
        ("91350211M0000XUF46", numbers.WrongCheckDigit),
        ("9135010OM000100Y43", numbers.WrongForm),
        ("91350100M000100Y4", numbers.WrongForm),
    ],
)
def test_bad_credit_codes(text, reason):
    with pytest.raises(reason):
        numbers.parse_uscc(text)


def test_all_58_liaoning_filing_numbers_parse_and_stay_distinct():
    parsed = [numbers.parse_filing_no(text) for text in LIAONING]

    assert len(set(parsed)) == len(parsed) == 58
    assert {number.province for number in parsed} == {"21"}
    shared = [tail for tail, count in Counter(text[5:] for text in LIAONING).items() if count > 1]
    assert sorted(shared) == ["21021005", "21041013", "21141021"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("X000021012001", numbers.WrongForm),
        ("Y00002101200", numbers.WrongForm),
        ("Y0000210120011", numbers.WrongForm),
        ("Y00002101200A", numbers.WrongForm),
        ("Y000099012001", numbers.UnknownRegion),
    ],
)
def test_bad_filing_numbers(text, reason):
    with pytest.raises(reason):
        numbers.parse_filing_no(text)


def test_a_certificate_number_has_seven_parts():
    number = numbers.parse_certificate_no("Y000021012001203000001")

    assert number.filing_no.text == "Y000021012001"
    assert (number.year, number.level, number.serial) == (2020, Level.SENIOR, 1)
    assert (
        numbers.format_certificate_no("Y000021012001", year=2020, level=Level.SENIOR, serial=1)
        == number.text
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Y00002101200120300001", numbers.WrongForm),
        ("Y000021012001200000001", numbers.WrongForm),
        ("Y000021012001206000001", numbers.WrongForm),
        ("Y000021012001203000000", numbers.ZeroSerial),
        ("Y000099012001203000001", numbers.UnknownRegion),
        ("Z000021012001203000001", numbers.WrongForm),
    ],
)
def test_bad_certificate_numbers(text, reason):
    with pytest.raises(reason):
        numbers.parse_certificate_no(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"filing_no": "S000021012001"},
        {"issued_on": date(2021, 1, 4)},
        {"level": Level.JUNIOR},
    ],
)
def test_a_number_must_fit_its_certificate(changed):
    number = numbers.parse_certificate_no("Y000021012001203000001")
    own = {"filing_no": "Y000021012001", "issued_on": date(2020, 6, 1), "level": Level.SENIOR}
    numbers.check_certificate(number, **own)

    with pytest.raises(numbers.WrongPart):
        numbers.check_certificate(number, **(own | changed))


@given(st.from_regex(r"\A[YSZ][0-9]{13,15}[0-7][0-9]{5,7}\Z"))
def test_certificate_numbers_are_accepted_exactly_by_the_grammar(text):
    independent = re.compile(r"^[YS]\d{4}(\d{2})\d{6}\d{2}[1-5](\d{6})$", re.ASCII)
    match = independent.match(text)
    wanted = bool(match and match[1] in numbers.PROVINCES and match[2] != "000000")

    try:
        accepted = numbers.parse_certificate_no(text).text == text
    except numbers.BadNumber:
        accepted = False

    assert accepted == wanted
