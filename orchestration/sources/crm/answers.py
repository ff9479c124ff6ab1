"""What an answer of a service means, by the rules of its mapping file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from requests import Response

from orchestration.sources.crm.filling import at, holds
from orchestration.sources.crm.vendor import Answers
from orchestration.sources.json_text import as_text, parsed

NOTHING = (204, 304)
LONGEST = 300  # of what a service says, in a message


@dataclass(frozen=True)
class Verdict:
    """What an answer means.

    Attributes:
        means: as in a rule; or `fine`; or `broken`, which may go by itself.
        said: what the service says, or what is wrong with its answer.
        names: the credentials in question.
    """

    means: Literal["fine", "expired", "busy", "nothing", "credentials", "refused", "broken"]
    said: str = ""
    names: tuple[str, ...] = ()


def judged(response: Response, answers: Answers) -> Verdict:
    """What an answer means; its `json` gives numbers as the text that they are written in."""
    status = response.status_code
    if status in NOTHING:
        return Verdict("nothing", f"answered with HTTP {status}")
    try:
        content = parsed(response.content)
    except (ValueError, RecursionError):
        return _unreadable(response)
    # The client of dlt asks the answer itself, and would round its numbers.
    vars(response)["json"] = lambda **_: content
    said = _said(content, answers, status)
    for rule in answers.rules:
        if (not rule.status or status in rule.status) and holds(content, rule.where, every=True):
            return Verdict(rule.means, said, tuple(rule.names))
    if _is_good(status) and holds(content, answers.success, every=True):
        return Verdict("fine")
    return _by_status(status, said)


def _is_good(status: int) -> bool:
    """Whether an HTTP status says that all went well; a redirect does not, and is not followed."""
    return 200 <= status < 300


def _unreadable(response: Response) -> Verdict:
    status, start = response.status_code, response.content.lstrip()[:1]
    if start == b"<" and _is_good(status):
        return Verdict("refused", "answered with HTML rather than with data")
    if _is_good(status):
        return Verdict("broken", "answered with JSON that cannot be read or breaks off")
    return _by_status(status, f"answered with HTTP {status}")


def _by_status(status: int, said: str) -> Verdict:
    if status == 429:
        return Verdict("busy", said)
    return Verdict("broken" if status >= 500 else "refused", said)


def _said(content: object, answers: Answers, status: int) -> str:
    words = [as_text(at(content, path)) for path in answers.message]
    told = ": ".join(word for word in words if word) or "no more than that"
    return f"answered with HTTP {status}, and says {told[:LONGEST]}"
