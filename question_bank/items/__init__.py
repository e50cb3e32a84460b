"""
Items 试题: what the bank holds, free of files and tables.

`item` the written kinds and their checks · `practicals` tasks with their marking tables ·
`pictures` by digest · `formulas`, `mathml` and `tables` inside texts · `wording` one text for all its spellings · `likeness` near-duplicates.
"""

from question_bank.items.item import (
    COGNITIONS,
    FEWEST_OPTIONS,
    HARDEST,
    LETTERS,
    LONGEST_TEXT,
    POINT_CODE,
    RIGHT,
    WRONG,
    Defect,
    Item,
    Kind,
    Source,
    Status,
    defects,
    derive_id,
    normal_point,
)

__all__ = [
    "COGNITIONS",
    "FEWEST_OPTIONS",
    "HARDEST",
    "LETTERS",
    "LONGEST_TEXT",
    "POINT_CODE",
    "RIGHT",
    "WRONG",
    "Defect",
    "Item",
    "Kind",
    "Source",
    "Status",
    "defects",
    "derive_id",
    "normal_point",
]
