"""
examday runs the on-site day of 企业职业技能等级认定 so that it can be traced back.

The packages of this folder are the rooms of the day, in the order in which the day walks
through them: staff, planning, papers, admission, proctoring, scoring, results, publicity,
filing. Everything else is the ground floor they stand on. See docs/architecture.md.
"""
