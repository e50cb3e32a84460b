"""Pages of publicity: the public board and verify page, and the office's desk."""

from examday.publicity.views import board, desk, registers
from examday.publicity.views.blueprint import bp

__all__ = ["board", "bp", "desk", "registers"]
