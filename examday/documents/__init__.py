"""
Documents: typeset a PDF, fill or read a workbook, sign a PDF, draw a QR, read a picture.

A room brings a Typst template and its data, or a `WorkbookSpec`; this floor knows nothing about
what is printed. Fonts are the bundled Noto SC ones, so a page looks the same on every machine,
and a character that they cannot show is refused by name instead of printed as a box (生僻字).
Same input, same bytes: a printed digest must match the file (DOMAIN §5).
"""

from examday.documents.budget import Budget, UnusableWorkbook
from examday.documents.fonts import MissingGlyph, missing_glyphs
from examday.documents.grids import GridCell, GridSpec, fill_grids
from examday.documents.pdf_archiving import archive_pdf
from examday.documents.pdf_pages import count_pages
from examday.documents.pdf_signing import SignatureField, prepare_fields, sign_pdf
from examday.documents.pdf_validation import (
    PdfSignature,
    PdfStamp,
    UnusablePdf,
    count_signatures,
    count_stamps,
    read_signatures,
    read_stamps,
)
from examday.documents.picture_worker import PAGE_WIDTH
from examday.documents.pictures import (
    MOST_PICTURE_BYTES,
    CleanPicture,
    PictureJail,
    UnusablePicture,
    clean_picture,
    grey_page,
)
from examday.documents.qr import qr_png
from examday.documents.reading import Formula, read_workbook
from examday.documents.typesetting import TypesettingFailed, typeset
from examday.documents.workbooks import Column, Merged, WorkbookSpec, fill_workbook

__all__ = [
    "MOST_PICTURE_BYTES",
    "PAGE_WIDTH",
    "Budget",
    "CleanPicture",
    "Column",
    "Formula",
    "GridCell",
    "GridSpec",
    "Merged",
    "MissingGlyph",
    "PdfSignature",
    "PdfStamp",
    "PictureJail",
    "SignatureField",
    "TypesettingFailed",
    "UnusablePdf",
    "UnusablePicture",
    "UnusableWorkbook",
    "WorkbookSpec",
    "archive_pdf",
    "clean_picture",
    "count_pages",
    "count_signatures",
    "count_stamps",
    "fill_grids",
    "fill_workbook",
    "grey_page",
    "missing_glyphs",
    "prepare_fields",
    "qr_png",
    "read_signatures",
    "read_stamps",
    "read_workbook",
    "sign_pdf",
    "typeset",
]
