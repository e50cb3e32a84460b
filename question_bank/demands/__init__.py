"""
Demands: what a paper has to meet before anyone looks at items.

`blueprint` the 细目表 and its checks · `blueprint_files` as XLSX or TOML · `model` the 组卷模型 ·
`relaxing` what a person agreed to give up · `coverage` where the bank is thin against it all.
"""
