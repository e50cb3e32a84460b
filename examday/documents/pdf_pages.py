"""How many pages a PDF has."""

import io

from pyhanko.pdf_utils.reader import PdfFileReader


def count_pages(pdf: bytes) -> int:
    """Count the pages of a PDF that was typeset here."""
    return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])
