"""
Papers 试卷 once drawn; nothing here draws.

`paper` canonical bytes and key · `checking` every demand held against them without a solver ·
`forms` A/B forms by other orders · `swaps` items replaced by hand, on record.
"""
