"""Practical tasks in layout F13 with their marking tables 评分记录表, read and written."""
