"""Segments that a model finds and a person can read: each is a rule, and the rule is the segment.

    frame       the customers of a day as numbers, without identity
    clusters    k-means, and a small tree whose leaves are boxes: bounds on features, rounded
    stability   whether the boxes come back when customers are drawn anew
    naming      names from where a segment stands, in two languages
    mapping     which segment goes on as which
    fitting     all of it; evidence and keeping are what is left of it

A fit is part of an evaluation, never of a daily run: that replays the rules as SQL.
"""
