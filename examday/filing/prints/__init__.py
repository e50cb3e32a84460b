"""A filled form as a workbook and as a page: both from the same grid, so they cannot differ."""

from examday.filing.prints.page import print_page
from examday.filing.prints.workbook import to_workbook

__all__ = ["print_page", "to_workbook"]
