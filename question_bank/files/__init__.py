"""Files as strangers make them: archives, workbooks and text under a budget, refused in time."""
