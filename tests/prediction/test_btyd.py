"""Buy till you die: the published parameters, and those that customers were made of."""

import functools
import itertools
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from scipy.special import hyp2f1

from orchestration.prediction import btyd
from orchestration.prediction.btyd import BgNbd, GammaGamma, NotFitted, Purchases

# Of the sample of 2,357 customers in Fader, Hardie and Lee (2005), and Fader and Hardie (2013).
END = pd.Timestamp("1997-09-30")
PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)


@functools.cache
def purchases() -> pd.DataFrame:
    """The 39 weeks that the papers fit, a row per customer and day."""
    with (files("lifetimes") / "datasets" / "CDNOW_sample.txt").open(encoding="ascii") as opened:
        columns = ["master", "customer", "day", "cds", "amount"]
        read = pd.read_csv(opened, sep=r"\s+", header=None, names=columns, parse_dates=["day"])
    days = read[read["day"] <= END].groupby(["customer", "day"])
    bought = days.agg({"amount": "sum"}).reset_index()
    bought.loc[:, "first"] = bought.groupby("customer")["day"].transform("min")
    return bought


def sample() -> Purchases:
    days = purchases().groupby("customer")["day"].agg(["count", "min", "max"])
    return Purchases(
        repeats=days["count"].to_numpy(float) - 1,
        last=(days["max"] - days["min"]).dt.days.to_numpy(float) / 7,
        seen=(END - days["min"]).dt.days.to_numpy(float) / 7,
    )


def one(repeats: float, last: float, seen: float) -> Purchases:
    return Purchases(np.array([repeats]), np.array([last]), np.array([seen]))


def test_the_published_parameters_of_when_they_buy() -> None:
    fitted = BgNbd.fit(sample())
    assert len(sample().repeats) == 2357
    assert (round(fitted.r, 3), round(fitted.alpha, 3)) == (0.243, 4.414)
    assert (round(fitted.a, 3), round(fitted.b, 3)) == (0.793, 2.426)
    assert round(fitted.log_likelihood(sample()), 1) == -9582.4


def test_the_published_parameters_of_what_they_spend() -> None:
    again = purchases().query("day > first").groupby("customer")["amount"].agg(["count", "mean"])
    assert len(again) == 946
    fitted = GammaGamma.fit(again["count"].to_numpy(float), again["mean"].to_numpy(float))
    assert (round(fitted.p, 2), round(fitted.q, 2), round(fitted.v, 2)) == (6.25, 3.74, 15.44)


def test_the_published_expectation_of_a_customer() -> None:
    assert PUBLISHED.expected(one(2, 30.43, 38.86), 39)[0] == pytest.approx(1.226, abs=5e-4)


@pytest.mark.parametrize("repeats", [0, 1, 2, 7, 20])
@pytest.mark.parametrize("a", [0.4, 1.7])
def test_the_expectation_is_the_published_expression(repeats: int, a: float) -> None:
    model = BgNbd(0.6, 5.0, a, 2.1)
    known = one(repeats, 20.0 if repeats else 0.0, 40.0)
    r, b, x, t = model.r, model.b, repeats, 26.0
    alpha_seen = model.alpha + 40.0
    power = (alpha_seen / (alpha_seen + t)) ** (r + x)
    rest = power * hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha_seen + t))
    expected = (a + b + x - 1) / (a - 1) * (1 - rest) * model.alive(known)[0]
    assert model.expected(known, t)[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("a", [0.7, 1.0, 1.0 + 1e-9, 3.0])
def test_the_expectation_holds_for_whoever_buys_all_the_time(a: float) -> None:
    many = Purchases(*(np.array([5000.0, 5000.0]), np.array([200.0, 90.0]), np.full(2, 200.0)))
    steady, gone = BgNbd(1.0, 1.0, a, 4.0).expected(many, 10.0)
    assert steady == pytest.approx(250, rel=0.1)
    assert gone == pytest.approx(0, abs=1e-9)


def test_whatever_parameters_are_found_an_expectation_is_a_number() -> None:
    x = np.array([0.0, 1.0, 4.0, 300.0])
    known = Purchases(x, np.array([0.0, 3.0, 100.0, 20.0]), np.array([0.0, 4.0, 120.0, 150.0]))
    edges = np.exp([-btyd.LARGEST, 0, btyd.LARGEST])
    for parameters in itertools.product(edges, repeat=4):
        expected = BgNbd(*parameters).expected(known, 52.0)
        assert np.isfinite(expected).all() and (expected >= 0).all(), parameters


def test_the_gradients_are_those_of_the_likelihoods() -> None:
    generator = np.random.default_rng(1)
    x, last = generator.poisson(2, 50).astype(float), generator.uniform(0, 30, 50)
    known = Purchases(x, np.where(x > 0, last, 0), np.full(50, 31.0))
    z = generator.gamma(3, 10, 50)
    objectives: list[tuple[btyd.Objective, list[float]]] = [
        (lambda logs: btyd._bg_nbd(logs, known), [0.5, 3.0, 0.8, 2.0]),
        (lambda logs: btyd._gamma_gamma(logs, x + 1, z), [2.0, 1.5, 9.0]),
    ]
    for objective, parameters in objectives:
        logs = np.log(parameters)
        _, gradient = objective(logs)
        for place, step in enumerate(np.eye(len(logs)) * 1e-6):
            slope = (objective(logs + step)[0] - objective(logs - step)[0]) / 2e-6
            assert gradient[place] == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_customers_made_of_known_parameters_give_them_back() -> None:
    true, known, later = simulated(12_000)
    fitted = BgNbd.fit(known)
    for name in ("r", "alpha", "a", "b"):
        assert getattr(fitted, name) == pytest.approx(getattr(true, name), rel=0.15), name
    # And what was expected of each came true over all, and of those with few and many repeats.
    expected, chance = fitted.expected(known, 52.0), fitted.buys_within(known, 52.0)
    for some in (known.repeats == 0, known.repeats > 0, known.repeats > 8):
        assert expected[some].mean() == pytest.approx(later[some].mean(), rel=0.08)
        assert chance[some].mean() == pytest.approx((later[some] > 0).mean(), rel=0.06)


def test_amounts_made_of_known_parameters_give_them_back() -> None:
    generator = np.random.default_rng(5)
    p, q, v = 4.0, 5.0, 40.0
    count = 1 + generator.poisson(3, 12_000).astype(np.float64)
    own = generator.gamma(q, 1 / v, len(count))
    mean: btyd.Floats = generator.gamma(p * count, 1 / own) / count
    fitted = GammaGamma.fit(count, mean)
    assert (fitted.p, fitted.q, fitted.v) == pytest.approx((p, q, v), rel=0.1)
    assert fitted.expected(count, mean).mean() == pytest.approx((p / own).mean(), rel=0.02)


def test_the_unit_of_time_and_money_does_not_matter() -> None:
    weeks = sample()
    days = BgNbd.fit(Purchases(weeks.repeats, weeks.last * 7, weeks.seen * 7))
    assert days.alpha == pytest.approx(4.414 * 7, rel=1e-3)
    assert days.expected(one(2, 30.43 * 7, 38.86 * 7), 273)[0] == pytest.approx(1.226, abs=1e-3)


def test_nobody_who_buys_twice_tells_nothing() -> None:
    with pytest.raises(NotFitted, match="two days"):
        BgNbd.fit(Purchases(np.zeros(5), np.zeros(5), np.arange(5.0)))
    with pytest.raises(NotFitted, match="above 0"):
        GammaGamma.fit(np.ones(3), np.zeros(3))


def simulated(count: int) -> tuple[BgNbd, Purchases, np.ndarray]:
    """Customers of the model's own story over two years, and what they bought in the third."""
    true = BgNbd(0.8, 6.0, 0.9, 3.0)
    generator = np.random.default_rng(11)
    seen = generator.uniform(30, 104, count)
    rate = generator.gamma(true.r, 1 / true.alpha, count)
    leaving = generator.beta(true.a, true.b, count)
    repeats, last, later = np.zeros(count), np.zeros(count), np.zeros(count)
    at, alive = np.zeros(count), np.ones(count, dtype=bool)
    while alive.any():
        at = at + generator.exponential(1 / rate)
        alive &= at < seen + 52
        before = alive & (at <= seen)
        repeats[before] += 1
        last[before] = at[before]
        later[alive & ~before] += 1
        alive &= generator.random(count) >= leaving
    return true, Purchases(repeats, last, seen), later
