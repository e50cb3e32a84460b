"""The question bank (written out below once the drawers exist)."""
