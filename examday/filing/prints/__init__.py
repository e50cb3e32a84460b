"""A filled form as a workbook and as a page, both from the same grid; a certificate's preview."""

from examday.filing.prints.certificate import print_certificates
from examday.filing.prints.page import print_page
from examday.filing.prints.workbook import to_workbook

__all__ = ["print_certificates", "print_page", "to_workbook"]
