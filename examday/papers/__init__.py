"""
Papers: the bank and its draws, and sealed papers in custody to the last counted copy.

题库 is a `Bank`; an import is looked through before it enters, items go from 命题 to 审题 by two
people, and 组卷 is a `Draw`: committed to, drawn when the public source has spoken, sealed.

封卷 leaves the bank as a sealed `Paper`; 保管 is custody by two people; k of n custodians open
it (启封 of the file) with their own keys and not before its time; 印制 goes to a printer with a
valid agreement; each bag is handed over by two people (`HandOver`), opened in the room before
two candidate witnesses (`Unsealing`, 试卷拆封确认表), and counted back (`Balance`).

Serves 冀职鉴字〔2021〕7号 流程四 (HE-07, HE-08) and the hand-over chain of DOMAIN §3.4.
The only door to question_bank. Looks back at planning and staff; knows nothing of marks.
"""
