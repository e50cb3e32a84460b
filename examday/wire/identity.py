"""
The document at the door: is the number that was typed one that can be (GB 11643-1999)?

Checked where it is typed; only the last four characters are compared with the roster, since a
kiosk holds no more, and nothing of it is kept.
"""

import re
from datetime import date

_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_citizen_number(text: str) -> bool:
    """Say whether the text is a citizen identity number: date of birth and check character hold."""
    if not _NUMBER.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == text[17]
