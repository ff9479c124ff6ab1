"""The daily run pays nothing for forecasts: an evaluation imports their modules when it begins."""

import ast
from collections.abc import Iterator
from pathlib import Path

from orchestration import prediction

ROOM = Path(prediction.__file__).parent
HEAVY = ("orchestration.prediction.", "scipy", "sklearn")


def imported_at_once(file: Path) -> Iterator[str]:
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            yield f"{node.module}"
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_nothing_outside_imports_a_model_when_it_is_imported() -> None:
    inside = [*imported_at_once(ROOM / "btyd.py")]
    assert any(name.startswith(HEAVY) for name in inside)
    assert not any(name.startswith(HEAVY) for name in imported_at_once(ROOM / "__init__.py"))
    for stage in ("assets", "inputs", "publishing", "report", "cli"):
        for file in (ROOM.parent / stage).rglob("*.py"):
            assert not any(name.startswith(HEAVY) for name in imported_at_once(file)), file
    command = ROOM.parent / "evaluation" / "command.py"
    assert not any(
        name.startswith("orchestration.prediction.") for name in imported_at_once(command)
    )
