"""A second example: a company that does not exist, with somebody in every class.

`sources.yml` is its source file, `exports/` what the company would export, and `generate` writes
the exports anew. Nothing in them comes from real people or real trade.
"""
