"""Pseudonyms: what readers see in place of the ids of customers when a key is set.

A pseudonym is the HMAC-SHA256 of an id under the key, in hexadecimal. The engine computes it, as
RFC 2104 says, from two pads that are bound to the statement: key and pads stand in no SQL text.
Whoever has the key can work out the pseudonym of any id; without it nobody can.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

BLOCK = 64
# No text is encoded to it, so no customer's pseudonym begins like the id of the key.
KEY_ID_OF = b"\xff key id"


@dataclass(frozen=True)
class PseudonymKey:
    """The secret under which ids are replaced. Neither its text nor its pads are ever shown.

    Attributes:
        id: eight hexadecimal digits that tell one key from another, and nothing about it.
    """

    id: str
    _inner: bytes = field(repr=False)
    _outer: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> PseudonymKey:
        """The key that this text is. How long it has to be, the settings say."""
        key = secret.encode()
        block = (sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
        return cls(
            id=hmac.new(key, KEY_ID_OF, sha256).hexdigest()[:8],
            _inner=bytes(byte ^ 0x36 for byte in block),
            _outer=bytes(byte ^ 0x5C for byte in block),
        )

    @property
    def bound(self) -> dict[str, object]:
        """What a statement with `pseudonym(…)` in it has to be given."""
        return {"inner_pad": self._inner, "outer_pad": self._outer}


def pseudonym(expression: str) -> str:
    """SQL: the pseudonym of a text, NULL of NULL. The statement needs `PseudonymKey.bound`."""
    return f"sha256($outer_pad || unhex(sha256($inner_pad || encode({expression}))))"
