"""Scanned paper: pictures out of files, answer sheets found on them, ink measured (OpenCV)."""

from examday.scoring.adapters.locating import LocatedPage, locate
from examday.scoring.adapters.measuring import PageInk, crop_item, measure
from examday.scoring.adapters.pictures import pictures_in

__all__ = ["LocatedPage", "PageInk", "crop_item", "locate", "measure", "pictures_in"]
