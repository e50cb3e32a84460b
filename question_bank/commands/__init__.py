"""The commands of `question-bank`, by what they touch; `cli` puts them together."""
