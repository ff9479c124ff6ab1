"""Build what Superset imports, and import it where SUPERSET_URL says.

python -m bi.superset [RELEASE_DATABASE] [--to FILE] [--scratch FOLDER]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from bi.superset.bundle import bundle
from bi.superset.client import Superset
from orchestration.settings import PROJECT, Settings, read_environment, secret

DEFAULT = PROJECT / "build" / "customer-tiers-superset.zip"


def main() -> None:
    """Write the zip; with SUPERSET_URL, SUPERSET_USER and SUPERSET_PASSWORD, import it, too."""
    parser = argparse.ArgumentParser(
        description="The Superset dashboard over a release. Its DuckDB file has to lie under the "
        "same path for Superset."
    )
    served = Settings.from_environment().served_database
    parser.add_argument("database", type=Path, nargs="?", default=served)
    parser.add_argument("--to", type=Path, default=DEFAULT, help="The zip.")
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="A folder of Superset's machine, for what does not fit into memory.",
    )
    asked = parser.parse_args()
    where = asked.database.absolute(), asked.scratch.absolute()
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    asked.to.write_bytes(bundle(*where, "Dashboard"))
    print(f"{asked.to}: import it in Superset under Dashboards")
    if url := read_environment().get("SUPERSET_URL"):
        superset = Superset(url, secret("SUPERSET_USER"), secret("SUPERSET_PASSWORD"))
        superset.import_dashboard(bundle(*where, "assets"))
        print(f"{url}/superset/dashboard/customer-tiers/")


if __name__ == "__main__":
    main()
