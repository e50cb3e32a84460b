"""
Results: the score sheet (成绩登记表), compiled once, signed by two people, corrected by a new version.

`sheet.json` in canonical bytes is the sheet; the PDF and the workbook are made from it. The
考评组长 certifies it and the body signs (电子签名法 art. 13: each with a key of their own); the
second signature seals it. An upheld objection (GS-22) makes version 2, which names it; version 1
stays. The paper with the red stamp remains the legal document (DOMAIN §5), as the sheet says.

Looks back at scoring (marks), proctoring (incidents that void them), admission and planning.
"""
