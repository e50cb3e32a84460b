"""
Equations of Word (OMML) as one line of text, where that is as clear as the equation itself.

A fraction becomes `U/R` or `(a+b)/(c-d)`, a power `I²` or `x^{n-1}`, a root `√(2gh)`. Sums,
integrals, matrices and signs above letters have no such line: they give nothing, and the item
is listed for a person to put a picture there.
"""

import re
from collections.abc import Callable
from typing import Any

from question_bank.sources.picture_marks import lowered, raised

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ROOTS = {"": "\N{SQUARE ROOT}", "2": "\N{SQUARE ROOT}", "3": "\N{CUBE ROOT}"}
# One number, one letter with its index, or one pair of brackets: 1/2gh could be either.
_SOLE = re.compile(r"[\d.]+|\w[\u2080-\u209c]*|\([^()]*\)")
DEEPEST = 20


class _NotInALine(Exception):
    """An equation that one line of text cannot show."""


def in_a_line(equation: Any) -> str:
    """Give an `m:oMath` or `m:oMathPara` element as text, or nothing if no line is clear."""
    try:
        return _all(equation, 0).strip()
    except _NotInALine:
        return ""


def _all(element: Any, depth: int) -> str:
    if depth > DEEPEST:
        raise _NotInALine
    return "".join(_one(child, depth + 1) for child in element)


def _one(element: Any, depth: int) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(_M)
    if not tag or tag.endswith("Pr"):
        return ""
    if name == "t":
        return str(element.text or "")
    if name in {"r", "oMath", "box", "e"}:
        return _all(element, depth)
    if name in _SHAPES:
        return _SHAPES[name](element, depth)
    raise _NotInALine


def _part(element: Any, name: str, depth: int) -> str:
    found = element.findall(f"{_M}{name}")
    if len(found) != 1:
        raise _NotInALine
    text = _all(found[0], depth).strip()
    if not text:
        raise _NotInALine
    return text


def _sole(text: str) -> str:
    """Put brackets around what would fall apart beside another sign."""
    return text if _SOLE.fullmatch(text) else f"({text})"


def _setting(element: Any, path: str, usual: str) -> str:
    found = element.find("/".join(f"{_M}{name}" for name in path.split("/")))
    return usual if found is None else str(found.get(f"{_M}val", usual))


def _fraction(element: Any, depth: int) -> str:
    if _setting(element, "fPr/type", "bar") == "noBar":
        raise _NotInALine
    return f"{_sole(_part(element, 'num', depth))}/{_sole(_part(element, 'den', depth))}"


def _power(element: Any, depth: int) -> str:
    return _sole(_part(element, "e", depth)) + raised(_part(element, "sup", depth))


def _index(element: Any, depth: int) -> str:
    return _sole(_part(element, "e", depth)) + lowered(_part(element, "sub", depth))


def _both(element: Any, depth: int) -> str:
    return _index(element, depth) + raised(_part(element, "sup", depth))


def _root(element: Any, depth: int) -> str:
    degree = element.find(f"{_M}deg")
    sign = _ROOTS.get("" if degree is None else _all(degree, depth).strip())
    if sign is None:
        raise _NotInALine
    return sign + _sole(_part(element, "e", depth))


def _brackets(element: Any, depth: int) -> str:
    begin, end = _setting(element, "dPr/begChr", "("), _setting(element, "dPr/endChr", ")")
    return f"{begin}{_part(element, 'e', depth)}{end}"


def _function(element: Any, depth: int) -> str:
    name, argument = _part(element, "fName", depth), _part(element, "e", depth)
    return f"{name} {argument}" if _SOLE.fullmatch(argument) else f"{name}({argument})"


_SHAPES: dict[str, Callable[[Any, int], str]] = {
    "f": _fraction,
    "sSup": _power,
    "sSub": _index,
    "sSubSup": _both,
    "rad": _root,
    "d": _brackets,
    "func": _function,
}
