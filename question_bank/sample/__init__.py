"""
The sample bank: true items on electrical work, every key computed or quoted as a plain fact.

`laws.toml` holds formulas solved exactly for each quantity, `conversions.toml` units,
`facts.toml` pairs and statements; `phrases.toml` the sentences around them.
"""

from question_bank.sample.bank import SampleBank, sample_bank
from question_bank.sample.files import SampleFiles, write_sample

__all__ = ["SampleBank", "SampleFiles", "sample_bank", "write_sample"]
