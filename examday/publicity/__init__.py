"""
Publicity: the result stands on the notice board long enough for anyone to object.

公示 is a `Notice`: a masked list of a signed sheet with its publicity period (公示期, at least
5 working days, 甘人社通〔2021〕138号 五(四)). 异议 is an `Objection`: by real name, inside the
period, accepted, investigated, decided; an open one blocks the close, an upheld one needs a
corrected sheet. 投诉举报 is a `Complaint`, a register of its own (LN-22). Serves GS-21, GS-22,
HE-13, HE-15. Looks back at results and planning; a list never shows a full ID number or phone.
"""
