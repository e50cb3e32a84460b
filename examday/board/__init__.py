"""
The day board: what a person sees first.

How far each batch is, what is due, what blocks, who is in which room, and whether the house
itself is well. It looks into every room through its front desk and changes nothing; no room
knows of it.
"""
