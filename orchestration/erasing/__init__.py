"""Erasing a person: out of everything that is kept, and not let in again.

    erasures/
      20240601T101500Z-3fa9c2.json    a request: when, by whom, why, how much, and hashes; no person
      clean.json                      which files were searched: no run searches a file twice

Whom a request names is known afterwards by salted SHA-256 hashes alone: of the customer's ids, and
of the keys of the rows that were the customer's alone (orders, refunds, interactions …), since rows
come back by these too. Whoever has the file and may try every possible id can find out which it is;
the file belongs to those who may see the landing.

A row is the person's when it names the person; or when it names no customer, and its own key, its
order, or a field says so. No field does where an order tells whose the row is (a refund's), nor one
that holds a number of its own: order 42, or an amount of 42, is not of customer 42. `referrer_id`
of other customers is emptied.

Where it is applied: **to the bytes, never to a query**. A pull takes the person's rows out of a
load before gate 1 and the commit, and the start of each run out of whatever is kept and was not
searched before (a restored backup, what a kill left). So the landing that staging reads never holds
the person, and staging needs no rule of its own that would hash each row of each build. A receipt
keeps the number of rows that came and says how many of them were erased; the ledger counts these as
a fate, `erased`, so every row that landed has one still.

A request is written down whole before anything changes, and each step after it may be repeated:
rows out of landing and history, the disposable files away, the newest day published again, older
releases away. A request is finished when no release is left that is as old as itself.
"""
