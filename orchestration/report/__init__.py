"""The report of a release: one file, `report.html`, for whoever has no BI tool at hand.

    facts.py          the totals of the release, and drift
    schemes.py        its schemes and classes, and what is done for these
    moves.py          who went from which class to which, as counts
    concentration.py, scores.py, cohorts.py    what is counted from its rows of customers
    glance.py         the sentences at the top
    charts.py         Altair specs, drawn as SVG by vl-convert
    wording.py        numbers and dates in both languages;  conditions.py  the policy's conditions
    texts.py          every sentence, from template/texts.yml
    page.py           all of it through template/, as one file

It reads the tables of the release that is being built, and nothing else: it cannot say more than
these do. Everything in it stands in English and Chinese; the reader's switch hides one of the two.

Charts are drawn here and now, as SVG, and not by a script in the reader's browser: Vega with its
script weighs 0.9 MB and has to run before anything shows, a drawn chart weighs a few kB, prints,
and needs no script. Each picture stands beside its numbers as a table; bars of classes are cells
of their table.
"""

from orchestration.report.page import write_report

__all__ = ["write_report"]
