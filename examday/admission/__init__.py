"""
Admission: from the ticket in a candidate's hand to a seat in the room.

准考证 is a `Ticket`, 座位 a `Seat`, 签到 a `CheckIn`, 缺考 absent. Seats are drawn by hashes of a
public seed, so that anyone can draw them again. A door is kept by kiosks that work with the line
down: what they saw arrives as signed events, and everything this room says about who is in is a
fold of the set of those events, whatever their order. A doubt is never settled by the fold: it
becomes a case for a person. Serves 冀职鉴字〔2021〕7号, step 6 (identity, 监督举报电话 HE-13).
Looks back at planning; knows nothing of papers or scores.
"""
