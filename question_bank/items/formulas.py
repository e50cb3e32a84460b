r"""
Formulas: what stands between two dollar signs in a text, in the part of LaTeX that exams need.

`$\frac{U}{R}$`, `$\sqrt[3]{x}$`, `$x_1^2$`, `$\sum_{i=1}^n a_i$`, `$\overline{AB}$`,
`$\begin{cases}…\end{cases}$`. A formula is read into a tree of JSON values, which pages and
papers are set from; no text of an item is ever run as a program. What is not known is a defect.

    {"is": "row", "of": […]}            {"is": "sign", "code": 8721}      {"is": "word", "text": …}
    {"is": "frac", "of": [above, below]}        {"is": "root", "of": [under, degree or None]}
    {"is": "shift", "of": [base, below or None, above or None]}
    {"is": "over", "by": "bar", "of": […]}      {"is": "fence", "by": ["(", ")"], "of": […]}
    {"is": "grid", "by": ["(", ")"], "rows": [[…]]}         {"is": "name", "text": "sin"}
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

Tree = dict[str, Any]
DEEPEST = 12
_SPAN = re.compile(r"\$(?=\S)((?:\\.|[^$\\\n]){1,400}?)(?<=\S)\$(?!\d)")
_WORDS = re.compile(r"\\(?:text|mathrm|textrm|mbox|operatorname)\s*\{([^{}]*)\}")
_TOKEN = re.compile(
    r"\\(?:text|mathrm|textrm|mbox|operatorname)\s*\{[^{}]*\}"
    r"|\\[A-Za-z]+|\\.|\s+|[0-9]+(?:\.[0-9]+)?|."
)
_EAST = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = {"\\,": 0x2009, "\\;": 0x2005, "\\:": 0x2005, "\\ ": 0x20, "\\quad": 0x2003, "\\!": 0}
_GRIDS = {
    "matrix": ["", ""],
    "pmatrix": ["(", ")"],
    "bmatrix": ["[", "]"],
    "vmatrix": ["|", "|"],
    "cases": ["{", ""],
    "aligned": ["", ""],
}


class BadFormula(ValueError):
    """A formula that cannot be read; the argument is the piece where reading stopped."""


def are_read(texts: Iterable[str]) -> bool:
    """Tell whether every formula in these texts can be read."""
    try:
        for text in texts:
            split_formulas(text)
    except BadFormula:
        return False
    return True


def latex_in(text: str) -> list[str]:
    """Part a text into words, at even places, and the LaTeX of its formulas, at odd ones."""
    parts, at = [], 0
    for match in _spans(text):
        parts += [text[at : match.start()], match[1]]
        at = match.end()
    return [*parts, text[at:]]


def split_formulas(text: str) -> list[str | Tree]:
    """
    Part a text into words and the trees of its formulas.

    Two dollar signs around Chinese words are prices, not a formula. Raises BadFormula.
    """
    parts = latex_in(text)
    read = [read_formula(part) if place % 2 else part for place, part in enumerate(parts)]
    return [part for part in read if part]


def _spans(text: str) -> Iterator[re.Match[str]]:
    return (one for one in _SPAN.finditer(text) if not _EAST.search(_WORDS.sub("", one[1])))


def read_formula(latex: str) -> Tree:
    """Read LaTeX without its dollar signs; raises BadFormula."""
    reading = _Reading(_TOKEN.findall(latex))
    tree = reading.row(until=(), depth=0)
    if reading.left:
        raise BadFormula(reading.left[0])
    return tree


@cache
def signs() -> dict[str, int]:
    """Give the code point of every sign by its command."""
    words = tomllib.loads(Path(__file__).with_name("formulas.toml").read_text("utf-8"))
    return {f"\\{name}": ord(sign) for name, sign in words["signs"].items()}


@cache
def words() -> dict[str, Any]:
    """Give the names of functions and of marks above letters."""
    return tomllib.loads(Path(__file__).with_name("formulas.toml").read_text("utf-8"))


class _Reading:
    """The tokens still to be read; spaces mean nothing outside of words."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = [one for one in tokens if not one.isspace()]

    def row(self, *, until: tuple[str, ...], depth: int) -> Tree:
        if depth > DEEPEST:
            raise BadFormula("{")
        found: list[Tree] = []
        while self.left and self.left[0] not in until:
            found.append(self._shifted(depth))
        return found[0] if len(found) == 1 else {"is": "row", "of": found}

    def _shifted(self, depth: int) -> Tree:
        base = self._one(depth)
        below = above = None
        while self.left and self.left[0] in {"_", "^", "'"}:
            sign = self.left.pop(0)
            if sign == "'":
                part: Tree = {"is": "sign", "code": 0x2032}
            else:
                part = self._argument(depth)
            if (sign == "_" and below) or (sign != "_" and above):
                raise BadFormula(sign)
            below, above = (part, above) if sign == "_" else (below, part)
        return {"is": "shift", "of": [base, below, above]} if below or above else base

    def _one(self, depth: int) -> Tree:
        piece = self.left.pop(0)
        if piece == "{":
            tree = self.row(until=("}",), depth=depth + 1)
            self._take("}")
            return tree
        if piece.startswith("\\"):
            return self._command(piece, depth)
        if piece in {"}", "_", "^", "&", "$", "#"}:
            raise BadFormula(piece)
        if piece[0].isdigit():
            return {"is": "word", "text": piece}
        return {"is": "sign", "code": ord({"-": "\N{MINUS SIGN}", "*": "\u2217"}.get(piece, piece))}

    def _command(self, piece: str, depth: int) -> Tree:
        name = piece[1:]
        shapes = {"sqrt": self._root, "left": self._fence, "begin": self._grid}
        if name in shapes:
            return shapes[name](depth)
        if name in {"frac", "dfrac", "tfrac"}:
            return {"is": "frac", "of": [self._argument(depth), self._argument(depth)]}
        if name in words()["over"]:
            return {"is": "over", "by": words()["over"][name], "of": [self._argument(depth)]}
        return _said(piece)

    def _root(self, depth: int) -> Tree:
        degree = None
        if self.left and self.left[0] == "[":
            self.left.pop(0)
            degree = self.row(until=("]",), depth=depth + 1)
            self._take("]")
        return {"is": "root", "of": [self._argument(depth), degree]}

    def _fence(self, depth: int) -> Tree:
        begin = self._delimiter()
        inner = self.row(until=("\\right",), depth=depth + 1)
        self._take("\\right")
        return {"is": "fence", "by": [begin, self._delimiter()], "of": [inner]}

    def _delimiter(self) -> str:
        piece = self.left.pop(0) if self.left else ""
        sign = {"\\{": "{", "\\}": "}", ".": "", "\\langle": "\u27e8", "\\rangle": "\u27e9"}
        if piece not in {*sign, "(", ")", "[", "]", "|"}:
            raise BadFormula(piece or "\\left")
        return sign.get(piece, piece)

    def _grid(self, depth: int) -> Tree:
        name = self._verbatim()
        if name not in _GRIDS:
            raise BadFormula(f"\\begin{{{name}}}")
        rows: list[list[Tree]] = [[]]
        while True:
            rows[-1].append(self.row(until=("&", "\\\\", "\\end"), depth=depth + 1))
            piece = self.left.pop(0) if self.left else ""
            if piece == "\\\\":
                rows.append([])
            elif piece != "&":
                break
        if piece != "\\end" or self._verbatim() != name:
            raise BadFormula(f"\\begin{{{name}}}")
        rows = [row for row in rows if row != [{"is": "row", "of": []}]]
        return {"is": "grid", "by": _GRIDS[name], "rows": rows, "name": name}

    def _argument(self, depth: int) -> Tree:
        if depth > DEEPEST or not self.left:
            raise BadFormula("{}")
        return self._one(depth + 1)

    def _verbatim(self) -> str:
        self._take("{")
        text = ""
        while self.left and self.left[0] != "}":
            text += self.left.pop(0)
        self._take("}")
        return text

    def _take(self, wanted: str) -> None:
        if not self.left or self.left.pop(0) != wanted:
            raise BadFormula(wanted)


def _said(piece: str) -> Tree:
    """Give a word, a space, the name of a function or a sign; raises BadFormula."""
    name = piece[1:]
    if written := _WORDS.fullmatch(piece):
        return {"is": "word", "text": written[1]}
    if piece in _SPACES:
        code = _SPACES[piece]
        return {"is": "sign", "code": code} if code else {"is": "row", "of": []}
    if name in words()["names"]:
        return {"is": "name", "text": name}
    if piece in signs():
        return {"is": "sign", "code": signs()[piece]}
    if len(name) == 1 and name in "{}%$_&#|":
        return {"is": "sign", "code": ord({"|": "\u2016"}.get(name, name))}
    raise BadFormula(piece)
