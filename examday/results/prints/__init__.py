"""The score sheet on paper and in a workbook, both made from sheet.json and nothing else."""

from examday.results.prints.page import print_pdf
from examday.results.prints.workbook import print_workbook

__all__ = ["print_pdf", "print_workbook"]
