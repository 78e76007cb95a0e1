"""The command line: a module for each family of commands, listed in `root`.

What they share: `programme` (the plan file and saving), `params` and `arguments` (what is typed),
`output` and `json_rows` (what is printed), `click_classes` (help and usage errors).
"""
