"""
Scoring: from answers on paper to two settled parts per candidate.

理论知识 marks are typed twice by two people (登分, 核分) who do not see each other's; where they
differ a third decides with a reason. 操作技能 marks come from at least three examiners, an odd
number, each blind until all have committed; the score is their mean, and a spread above the
tolerance goes to the 考评组长. A mark is an event: a change is a new one, with its reason.
缺考 and 违纪 are states, never numbers. No pass line below the standard's (HS-12).

Looks back at admission (who was there) and planning (who was posted); knows nothing of incidents.
"""
