"""
Documents: typeset a PDF, fill or read a workbook, sign a PDF, draw a QR.

A room brings a Typst template and its data, or a `WorkbookSpec`; this floor knows nothing about
what is printed. Fonts are the bundled Noto SC ones, so a page looks the same on every machine,
and a character that they cannot show is refused by name instead of printed as a box (生僻字).
Same input, same bytes: a printed digest must match the file (DOMAIN §5).
"""

from examday.documents.budget import Budget, UnusableWorkbook
from examday.documents.fonts import MissingGlyph, missing_glyphs
from examday.documents.grids import GridCell, GridSpec, fill_grids
from examday.documents.pdf_signing import SignatureField, prepare_fields, sign_pdf
from examday.documents.pdf_validation import (
    PdfSignature,
    UnusablePdf,
    count_signatures,
    read_signatures,
)
from examday.documents.qr import qr_png
from examday.documents.reading import Formula, read_workbook
from examday.documents.typesetting import TypesettingFailed, typeset
from examday.documents.workbooks import Column, Merged, WorkbookSpec, fill_workbook

__all__ = [
    "Budget",
    "Column",
    "Formula",
    "GridCell",
    "GridSpec",
    "Merged",
    "MissingGlyph",
    "PdfSignature",
    "SignatureField",
    "TypesettingFailed",
    "UnusablePdf",
    "UnusableWorkbook",
    "WorkbookSpec",
    "count_signatures",
    "fill_grids",
    "fill_workbook",
    "missing_glyphs",
    "prepare_fields",
    "qr_png",
    "read_signatures",
    "read_workbook",
    "sign_pdf",
    "typeset",
]
