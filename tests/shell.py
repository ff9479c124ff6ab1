"""What a person sees who runs `tiers`."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
from small_company import SmallCompany

from orchestration import cli


class Shell:
    """Runs `tiers` in this process, as the person would who has set this company's settings."""

    def __init__(self, company: SmallCompany, monkeypatch: pytest.MonkeyPatch) -> None:
        self.company = company
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("TIERS_HOME", str(company.settings.home))
        monkeypatch.setenv("TIERS_SOURCES", str(company.settings.sources))
        monkeypatch.setenv("COLUMNS", "200")

    def tiers(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self._monkeypatch.setattr(sys, "argv", ["tiers", *arguments])
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code or 0
        assert isinstance(code, int)
        assert "Traceback" not in err.getvalue()
        return code, out.getvalue(), err.getvalue()
