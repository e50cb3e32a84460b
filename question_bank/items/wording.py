"""
Wording: comparing texts that people typed with mixed widths, spaces and punctuation.

Full-width forms (U+FF01 to U+FF5E) and the ideographic space become their ASCII twins,
one character for one, so that positions in the unified text are positions in the original.
NFKC is not used: it would make 10² and 102 the same text.
"""

import unicodedata

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x0009), 0x20)
_BRACKETS = {0x3010: 0x5B, 0x3011: 0x5D, 0x3014: 0x5B, 0x3015: 0x5D, 0xFE59: 0x28, 0xFE5A: 0x29}
_INVISIBLE = {0xFEFF: 0x20, 0x200B: 0x20, 0x200C: 0x20, 0x200D: 0x20, 0x2060: 0x20}
_WIDTHS = _FULL_WIDTH | _SPACES
_SHADOW = _WIDTHS | _BRACKETS | _INVISIBLE
_MEANINGFUL = (
    "+-\N{MINUS SIGN}\N{PLUS-MINUS SIGN}<>=\u2264\u2265%\u2030\u00b0/*^.\u221a\u00d7\u00f7\u221e"
)


def unify_widths(text: str) -> str:
    """Give full-width letters, digits and signs their ASCII form; length is kept."""
    return text.translate(_WIDTHS)


def shadow(text: str) -> str:
    """Give the text as recognisers read it: one width, one kind of bracket; length is kept."""
    return text.translate(_SHADOW)


def plain(text: str) -> str:
    """Reduce a text to letters, digits and signs that carry meaning, for telling duplicates."""
    folded = unify_widths(text).casefold()
    return "".join(
        char for char in folded if unicodedata.category(char)[0] in "LN" or char in _MEANINGFUL
    )
