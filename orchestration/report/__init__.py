"""The report of a release: one file, `report.html`, for whoever has no BI tool at hand.

    facts.py       what stands in the finished public tables about classes, actions and the run
    customers.py   what is counted from its rows of customers, small groups hidden
    moves.py       who went from which class to which, as counts
    charts.py      Altair specs, drawn as SVG by vl-convert
    wording.py     numbers, dates and labels in both languages;  texts.py  every sentence
    page.py        the facts and charts, through `template/`, as one file

It reads the tables of the release that is being built, and nothing else: it cannot say more than
these do. Everything in it stands in English and Chinese; the reader's switch hides one of the two.

Charts are drawn here and now, as SVG, and not by a script in the reader's browser: Vega with its
script weighs 0.9 MB and has to run before anything shows, a drawn chart weighs a few kB, prints,
and needs no script. Each picture stands beside its numbers as a table; bars of classes are cells
of their table.
"""

from orchestration.report.page import write_report

__all__ = ["write_report"]
