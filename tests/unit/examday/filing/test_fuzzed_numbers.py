"""
Certificate numbers by the hundred thousand: accepted exactly when a second grammar accepts.

The grammar here walks characters and knows nothing of the program's patterns (DOMAIN §4.2,
辽人社〔2020〕22号 附件5). CI looks at 20,000; `./run bench` or `-m slow` at a million.
"""

import random
from datetime import date

import pytest

from examday.errors import BadInput
from examday.planning.rules import numbers

_FIRST_TWO = (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46)
_FIRST_TWO += (50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82)
PROVINCES = {str(code) for code in _FIRST_TWO}
ODD = "0123456789YSysAXſ０１９²٣ -—\u200b\n李"


def grammar_accepts(text: str) -> bool:
    """22 characters: kind, 4 path, 2 province, 6 body, 2 year, 1 level, 6 serial not all zero."""
    text = text.strip()
    if len(text) != 22 or text[0] not in {"Y", "S", "y", "s"}:
        return False
    if not all(sign in set("0123456789") for sign in text[1:]):
        return False
    return text[5:7] in PROVINCES and "1" <= text[15] <= "5" and set(text[16:]) != {"0"}


def made_up(chance: random.Random) -> str:
    """A number that holds, or one that was cut, padded, mistyped or turned into full width."""
    parts = (
        chance.choice("YYYSys"),
        f"{chance.choice((0, chance.randrange(10_000))):04d}",
        chance.choice((*sorted(PROVINCES), f"{chance.randrange(100):02d}")),
        f"{chance.randrange(1_000_000):06d}",
        f"{chance.randrange(100):02d}",
        str(chance.randrange(7)),
        f"{chance.choice((0, 1, 999_999, chance.randrange(1_000_000))):06d}",
    )
    signs = list("".join(parts))
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        at = chance.randrange(len(signs))
        act = chance.randrange(3)
        if act == 0:
            signs[at] = chance.choice(ODD)
        elif act == 1:
            del signs[at]
        else:
            signs.insert(at, chance.choice(ODD))
    return "".join(signs)


@pytest.mark.parametrize(
    "count", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_a_fuzzed_number_is_accepted_exactly_when_the_grammar_accepts(count):
    chance, accepted = random.Random(20_200_529), 0

    for _ in range(count):
        text = made_up(chance)
        try:
            read = numbers.parse_certificate_no(text)
        except BadInput:
            assert not grammar_accepts(text), repr(text)
        else:
            assert grammar_accepts(text), repr(text)
            assert read.text == text.strip().upper()
            accepted += 1

    # Both sides were tried, and often.
    assert count // 5 < accepted < count * 4 // 5


def test_what_was_read_is_what_was_written():
    number = numbers.parse_certificate_no("y000021012001203000001")

    numbers.check_certificate(
        number, filing_no="Y000021012001", issued_on=date(2020, 6, 1), level=numbers.Level.SENIOR
    )
