"""The sample bank: true items with computed keys (being written)."""
