"""What scoring prints: marking sheets for examiners, answer sheets for candidates."""

from examday.scoring.prints.marking_sheet import print_sheets

__all__ = ["print_sheets"]
