"""Forecasts of each customer: its net amount of the next days, and whether it buys in them at all.

    customers.py   the customers of a panel as models see them
    btyd.py        buy till you die: the published likelihoods
    boosting.py    gradient boosting over the facts
    models.py      both, fitted and asked in the same way
    naive.py       the plain forecasts that a model has to beat
    judging.py     how good a forecast was, and how sure that is
    assessment.py  what came of testing them
    choosing.py    which model is the best on a day that it has not seen, and by how much
    intervals.py   between which bounds an amount will lie, and how often that has held
    predicting.py  the forecasts of a day, as a file that history keeps
    card.py        what a person should know before trusting the numbers

Only an evaluation imports these modules, and they alone import scipy and scikit-learn: the daily
run reads what an evaluation has kept.
"""

# Of whatever draws at random.
SEED = 1
