"""
The office: what people do with an open store, one file for each kind of work.

`intake` files in · `exports` files out · `workflow` author, reviewer, live, retired · `drawing`
papers, again, and what is left · `delivery` into a folder, plain or sealed.
"""
