"""The bundled policy with one block of YAML more: a scheme named `pace`."""

import shutil
from pathlib import Path

from orchestration.settings import DBT_PROJECT

SCHEME = """
      - id: pace
        kind: ladder
        label: {en: Pace, zh: 购买节奏}
        population: order_count > 0
        by: order_count_90d
        classes:
        - {code: fast, en: Fast, zh: 快, top: 30%}
        - {code: slow, en: Slow, zh: 慢}
"""


def write_paced_policy(folder: Path) -> Path:
    """Write it to a folder that does not exist yet."""
    shutil.copytree(DBT_PROJECT / "policy", folder)
    with (folder / "value.yml").open("a", encoding="utf-8") as file:
        file.write(SCHEME.removeprefix("\n"))
    return folder
