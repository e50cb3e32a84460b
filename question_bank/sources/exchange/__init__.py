"""
Exchange formats of other programs, read and written: Moodle XML, GIFT, QTI 2.1 and 3.0.

`markup` XML from strangers and its text · `notes` what a format has no place for, kept in words.
"""
