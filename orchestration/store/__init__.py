"""The truth and what is published, in a bucket (`TIERS_STORE`); TIERS_HOME is a working copy of it.

    current                                       the one object that ever changes: which listing
                                                  counts, and which release readers see
    listings/000042-9c1f03ab.json                 every file that counts: path, hash, size, token
    landing/orders/000007-shop-3f9a2c11/000041-5be1a2c3/data.parquet …
    history/2017-12-31/<run id>/000042-9c1f03ab/commit.json …
    erasures/000040-…/20240601T101500Z-3fa9c2.json …
    releases/2017-12-31T000007-1a2b3c4d/customer_facts.parquet …    under the names readers know

An object is put once, under a key that no other put has: `000041-5be1a2c3` is the token of the put
that brought it. A change of anything is new objects, a new listing, and then `current` replaced on
the condition that it is the one that was read: of two machines one wins, and the other has changed
nothing. docs/object-storage.md argues it.
"""

from orchestration.store.section import NO_STORE, Store, working_in

__all__ = ["NO_STORE", "Store", "working_in"]
