"""JSON whose numbers stay the text that they are written in."""

import json

DEEPEST = 100  # far below where Python gives up, so that the same text is given up everywhere


class Number(str):
    """A number, as the text that it is written in."""

    __slots__ = ()


def parsed(text: str | bytes) -> object:
    """A JSON text. ValueError or RecursionError: it is none, or has a key twice."""
    return json.loads(
        text,
        parse_int=Number,
        parse_float=Number,
        parse_constant=_refuse,
        object_pairs_hook=_unique,
    )


def as_text(value: object) -> str | None:
    """One value as text: a nested one is JSON, null is None. ValueError: nested too deep."""
    if value is None or isinstance(value, str):
        return value
    return _json(value)


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a key stands twice")
    return record


def _json(value: object, depth: int = 1) -> str:
    """JSON text of a nested value, its numbers exactly as they came."""
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    match value:
        case Number():
            return str(value)
        case dict():
            inner = (
                f"{json.dumps(key, ensure_ascii=False)}: {_json(v, depth + 1)}"
                for key, v in value.items()
            )
            return "{" + ", ".join(inner) + "}"
        case list():
            return "[" + ", ".join(_json(v, depth + 1) for v in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)
