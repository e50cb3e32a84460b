"""Pages of admission for the office, and the interface that kiosks speak."""

from examday.admission.views import board, doors, tickets, words
from examday.admission.views.api import api
from examday.admission.views.blueprint import bp

__all__ = ["api", "board", "bp", "doors", "tickets", "words"]
