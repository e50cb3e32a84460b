"""
Text in the published layouts F1 to F13 (layouts.toml), as it stands or typed into Word.

`text` bytes to drafts · `blocks` where an item begins · `parts` its stem, options and answer ·
`grammar` the small marks · `answer_lists` answers at the end · `counting` numbers of a list ·
`writing` the way back.
"""
