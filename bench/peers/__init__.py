"""Customer facts by other libraries, from the same landing: what one would write there by hand.

Each peer reads the landing and writes `customer_facts.parquet`, and nothing else: it is the third
part of what the script in `bench/script` does, and a fifth of what a run does. A peer may know this
company, as the script does. Money is whole ten-thousandths, so that every sum is exact.
"""
