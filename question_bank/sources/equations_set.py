"""
Equations of Word (OMML) as the LaTeX that items hold, where a line of text would not be clear.

Sums, integrals, matrices, brackets over several lines and signs above letters. What has no sign
of ours gives nothing, and its item is listed.
"""

import re
from collections.abc import Callable
from typing import Any

from question_bank.items.formulas import BadFormula, are_read, words
from question_bank.items.mathml import latex_signs

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_EAST = re.compile(r"([\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+)")
_MARKS = {"\u0305": "overline", "\u00af": "overline", "\u20d7": "vec", "\u2192": "vec",
          "\u0302": "hat", "\u0307": "dot", "\u0308": "ddot", "\u0303": "tilde"}  # fmt: skip
DEEPEST = 20


def in_latex(equation: Any) -> str:
    """Give an `m:oMath` or `m:oMathPara` element as `$…$`, or nothing if it has no such form."""
    try:
        latex = " ".join(_all(equation, 0).split())
    except BadFormula:
        return ""
    return f"${latex}$" if latex and are_read([f"${latex}$"]) else ""


def _all(element: Any, depth: int) -> str:
    if depth > DEEPEST:
        raise BadFormula("{")
    return "".join(_one(child, depth + 1) for child in element)


def _one(element: Any, depth: int) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(_M)
    if not tag or tag.endswith("Pr"):
        return ""
    if name == "t":
        return _written(str(element.text or ""))
    if name in {"r", "oMath", "box", "e"}:
        return _all(element, depth)
    if name in _SHAPES:
        return _SHAPES[name](element, depth)
    raise BadFormula(name or tag)


def _written(text: str) -> str:
    parts = _EAST.split(text)
    return "".join(
        f"\\text{{{part}}}" if place % 2 else latex_signs(part) for place, part in enumerate(parts)
    )


def _part(element: Any, name: str, depth: int) -> str:
    found = element.find(f"{_M}{name}")
    return "" if found is None else _all(found, depth).strip()


def _setting(element: Any, path: str, usual: str) -> str:
    found = element.find("/".join(f"{_M}{name}" for name in path.split("/")))
    return usual if found is None else str(found.get(f"{_M}val", usual))


def _two(pattern: str, *names: str) -> Callable[[Any, int], str]:
    def shape(element: Any, depth: int) -> str:
        return pattern % tuple(_part(element, name, depth) for name in names)

    return shape


def _root(element: Any, depth: int) -> str:
    degree = _part(element, "deg", depth)
    return f"\\sqrt{f'[{degree}]' if degree else ''}{{{_part(element, 'e', depth)}}}"


def _sum(element: Any, depth: int) -> str:
    sign = latex_signs(_setting(element, "naryPr/chr", "\u222b")).strip()
    low, high = _part(element, "sub", depth), _part(element, "sup", depth)
    limits = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return f"{sign}{limits} {_part(element, 'e', depth)}"


def _accent(element: Any, depth: int) -> str:
    name = _MARKS.get(_setting(element, "accPr/chr", "\u0302"))
    if name is None:
        raise BadFormula("acc")
    return f"\\{name}{{{_part(element, 'e', depth)}}}"


def _bar(element: Any, depth: int) -> str:
    name = "overline" if _setting(element, "barPr/pos", "bot") == "top" else "underline"
    return f"\\{name}{{{_part(element, 'e', depth)}}}"


def _brackets(element: Any, depth: int) -> str:
    begin, end = _setting(element, "dPr/begChr", "("), _setting(element, "dPr/endChr", ")")
    inner = [_all(one, depth) for one in element.findall(f"{_M}e")]
    sides = [{"{": "\\{", "}": "\\}", "": "."}.get(one, one) for one in (begin, end)]
    return f"\\left{sides[0]}{','.join(inner)}\\right{sides[1]}"


def _matrix(element: Any, depth: int) -> str:
    rows = [
        " & ".join(_all(cell, depth) for cell in row.findall(f"{_M}e"))
        for row in element.findall(f"{_M}mr")
    ]
    return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"


def _lines(element: Any, depth: int) -> str:
    rows = [_all(row, depth).replace("\\&", "") for row in element.findall(f"{_M}e")]
    return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"


def _function(element: Any, depth: int) -> str:
    name = element.find(f"{_M}fName")
    said = "" if name is None else "".join(name.itertext()).strip()
    known = f"\\{said} " if said in words()["names"] else _part(element, "fName", depth)
    return f"{known} {_part(element, 'e', depth)}"


_SHAPES: dict[str, Callable[[Any, int], str]] = {
    "f": _two("\\frac{%s}{%s}", "num", "den"),
    "sSup": _two("{%s}^{%s}", "e", "sup"),
    "sSub": _two("{%s}_{%s}", "e", "sub"),
    "sSubSup": _two("{%s}_{%s}^{%s}", "e", "sub", "sup"),
    "limLow": _two("%s_{%s}", "e", "lim"),
    "limUpp": _two("%s^{%s}", "e", "lim"),
    "rad": _root,
    "nary": _sum,
    "acc": _accent,
    "bar": _bar,
    "d": _brackets,
    "m": _matrix,
    "eqArr": _lines,
    "func": _function,
}
