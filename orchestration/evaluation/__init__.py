"""Is the policy any good? What the past says of each scheme, measured on days that are known.

`origins` are days of the past; `panel` replays each and holds it against what customers did after.
"""
