"""Forecasts of each customer: its net amount of the next days, and whether it buys in them at all.

    part.py        the part of an evaluation that makes all of it
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

Only an evaluation imports these modules: scipy and scikit-learn take a while. The daily run reads
what an evaluation has kept.
"""

from datetime import date, timedelta

# The theme whose columns the forecasts are, and how far they reach.
THEME, HORIZON = "predicted", 365
PREDICTIONS_FILE, CARD_FILE = "predictions", "model_card"

# Of whatever draws at random.
SEED = 1


def origins_needed(day: date, horizon: int = HORIZON) -> tuple[date, date]:
    """The origin to learn from and the later one to be tested on, for forecasts of a day."""
    return day - timedelta(2 * horizon), day - timedelta(horizon)
