"""Input that is refused: a run each, which says what is wrong and changes nothing for readers."""

import re

import pytest
import yaml
from cases import CASES, Case, Stops
from company import label, write_case
from small_company import FIRST_DAY, SmallCompany

from orchestration.landing import committed_loads
from orchestration.running import RunFailed
from orchestration.sources.errors import SourceError

STOPPING = [(number, case) for number, case in enumerate(CASES) if isinstance(case.then, Stops)]
INTERNALS = re.compile(
    r"Traceback|File \"|\b(Error|Exception)\b\(|0x[0-9a-f]{6}|<class|\bobject at\b"
)


@pytest.mark.parametrize(("number", "case"), STOPPING, ids=[label(*each) for each in STOPPING])
def test_the_run_stops_and_says_why(number: int, case: Case, company: SmallCompany) -> None:
    assert isinstance(case.then, Stops)
    entries = write_case(company.folder, number, case)
    described = yaml.safe_load(company.settings.sources.read_text("utf-8"))
    base = described["tables"]["orders"][0] | {"name": "orders"}
    if case.source is None:
        company.describe(tables={"orders": [base, *entries]})
    else:
        text = case.source
        company.settings.sources.write_bytes(text.encode() if isinstance(text, str) else text)
        for name, content in case.files.items():
            (company.folder / name).write_bytes(content)
    before = company.served(), {load.load_id for load in committed_loads(company.settings.landing)}
    with pytest.raises((RunFailed, SourceError)) as refused:
        company.run(FIRST_DAY)
    message = str(refused.value)
    for said in case.then.says:
        assert said in message
    assert not INTERNALS.search(message), message
    assert company.served() == before[0]
    assert {load.load_id for load in committed_loads(company.settings.landing)} >= before[1]
