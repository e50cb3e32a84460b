"""Formulas as MathML: for pages, and for the formats of other programs, there and back."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from question_bank.items.formulas import BadFormula, Tree, are_read, signs, words

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_OVER = {
    "bar": "\u203e",
    "arrow": "\u2192",
    "hat": "^",
    "dot": "\u02d9",
    "dot.double": "\u00a8",
    "tilde": "~",
    "under": "_",
}
_TEX = "application/x-tex"
_LIMITS = {0x2211, 0x220F}


def mathml(tree: Tree) -> str:
    """Give a formula as a `math` element, as text; every word in it is escaped."""
    written: str = tostring(math_element(tree), encoding="unicode")
    return written


def math_element(tree: Tree, latex: str = "") -> Element:
    """Give a formula as a `math` element; with its LaTeX beside, as others write it."""
    root = Element("math", xmlns=NAMESPACE)
    inner = _element(tree)
    if latex:
        inner = _around("semantics", [inner])
        SubElement(inner, "annotation", encoding=_TEX).text = latex
    root.append(inner)
    return root


def _element(tree: Tree) -> Element:  # noqa: PLR0911  one line a kind
    kind = tree["is"]
    if kind == "sign":
        sign = chr(tree["code"])
        return _said("mi" if sign.isalpha() else "mspace" if sign.isspace() else "mo", sign)
    if kind == "word":
        return _said("mn" if tree["text"].replace(".", "").isdigit() else "mtext", tree["text"])
    if kind == "name":
        return _said("mi", tree["text"])
    if kind == "grid":
        return _grid(tree)
    if kind == "fence":
        inner = [_said("mo", tree["by"][0]), _element(tree["of"][0]), _said("mo", tree["by"][1])]
        return _around("mrow", [one for one in inner if one.text or len(one)])
    parts = [None if one is None else _element(one) for one in tree["of"]]
    if kind == "shift":
        return _shifted(tree["of"][0], parts)
    if kind == "root":
        return _around("mroot" if parts[1] is not None else "msqrt", _there(parts))
    if kind == "over":
        tag = "munder" if tree["by"] == "under" else "mover"
        made = _around(tag, [*_there(parts), _said("mo", _OVER[tree["by"]])])
        made.set("accentunder" if tag == "munder" else "accent", "true")
        return made
    return _around({"frac": "mfrac"}.get(kind, "mrow"), _there(parts))


def _there(parts: list[Element | None]) -> list[Element]:
    """Leave out what is not there."""
    return [one for one in parts if one is not None]


def _shifted(base: Tree, parts: list[Element | None]) -> Element:
    limits = base.get("code") in _LIMITS or base.get("text") in {"lim", "max", "min"}
    both = parts[1] is not None and parts[2] is not None
    low, high, two = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    return _around(two if both else low if parts[1] is not None else high, _there(parts))


def _grid(tree: Tree) -> Element:
    table = Element("mtable")
    for row in tree["rows"]:
        line = SubElement(table, "mtr")
        for cell in row:
            SubElement(line, "mtd").append(_element(cell))
    if tree["by"] == ["", ""]:
        return table
    sides = [_said("mo", tree["by"][0]), table, _said("mo", tree["by"][1])]
    return _around("mrow", [one for one in sides if one.text or len(one)])


def _said(tag: str, text: str) -> Element:
    made = Element(tag)
    if tag == "mspace":
        made.set("width", "0.3em")
    else:
        made.text = text
    return made


def _around(tag: str, parts: list[Element]) -> Element:
    made = Element(tag)
    made.extend(parts)
    return made


# -- and back --------------------------------------------------------------------------------


def latex_of(math: Any) -> str:
    """
    Give a `math` element of any namespace as LaTeX: what it says itself, else what it shows.

    Raises BadFormula for what has no sign of ours.
    """
    for one in math.iter():
        if _name(one) == "annotation" and one.get("encoding") == _TEX:
            said = " ".join(str(one.text or "").split())
            if said and are_read([f"${said}$"]):
                return said
    return " ".join("".join(_latex(child) for child in _content(math)).split())


def latex_signs(text: str) -> str:
    """Give signs by their commands, and escape what LaTeX would take for something else."""
    named = {chr(code): f"{name} " for name, code in reversed(signs().items())}
    named |= {"\N{MINUS SIGN}": "-", "\u2217": "*", "\u2061": "", "\u2062": "", "\u200b": ""}
    return "".join(f"\\{one}" if one in "{}%$_&#" else named.get(one, one) for one in text)


def _latex(element: Any) -> str:  # noqa: C901, PLR0911  one line a tag
    tag = _name(element)
    text = str(element.text or "").strip()
    children = _content(element)
    if tag in {"mi", "mn", "mo"}:
        if tag == "mi" and text in words()["names"]:
            return f"\\{text} "
        return latex_signs(text) if len(text) == 1 or tag != "mi" else f"\\text{{{text}}}"
    if tag == "mtext":
        return f"\\text{{{text}}}" if text else " "
    if tag == "mspace":
        return "\\,"
    if tag in _WRAPS:
        if len(children) != _WRAPS[tag][0]:
            raise BadFormula(tag)
        return _WRAPS[tag][1] % tuple(_group(child) for child in children)
    if tag in {"mover", "munder"}:
        return _accented(tag, children)
    if tag == "mtable":
        rows = [" & ".join(map(_all, _content(row))) for row in children]
        return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"
    if tag == "mroot" and len(children) == 2:  # noqa: PLR2004  what is under it, and the degree
        return f"\\sqrt[{_group(children[1])}]{{{_group(children[0])}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{_all(element)}}}"
    if tag in {"math", "mrow", "mstyle", "mpadded", "mtd", "semantics"}:
        return _all(element)
    raise BadFormula(tag)


_WRAPS = {
    "mfrac": (2, "\\frac{%s}{%s}"),
    "msub": (2, "{%s}_{%s}"),
    "msup": (2, "{%s}^{%s}"),
    "msubsup": (3, "{%s}_{%s}^{%s}"),
    "munderover": (3, "%s_{%s}^{%s}"),
}


def _accented(tag: str, children: list[Any]) -> str:
    if len(children) != 2:  # noqa: PLR2004  a base and what stands over it
        raise BadFormula(tag)
    base, mark = _group(children[0]), str(children[1].text or "").strip()
    by = next((by for by, sign in _OVER.items() if mark == sign), "")
    if mark in {"\u00af", "_", "\u0305"} and tag == "mover":
        by = "bar"
    if by and (by == "under") == (tag == "munder"):
        name = next(name for name, one in words()["over"].items() if one == by)
        return f"\\{name}{{{base}}}"
    return f"{base}{'_' if tag == 'munder' else '^'}{{{_group(children[1])}}}"


def _all(element: Any) -> str:
    return "".join(map(_latex, _content(element)))


def _group(element: Any) -> str:
    return _latex(element).strip()


def _content(element: Any) -> list[Any]:
    return [one for one in element if _name(one) not in {"annotation", "annotationxml"}]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower().replace("-", "")
