"""The only door to question_bank: the seal of a paper."""
