"""
Supervision 督导: somebody else looks at the day, by lot, and says what they saw.

`Draw` 双随机: which sittings are looked at and by whom, drawn from a public seed so that anybody can
repeat it (LN-21, HS-14). `Inspection` 督导记录: what an internal or external quality supervisor
(督导员) found in a sitting (GS-28, HE-14, HS-13, LN-03). `Look`: what a read-only supervisor opened,
so that supervision leaves a trace as well (GS-31). Looks back at planning and staff; filing prints
the record and counts it.
"""
