"""Files larger than memory land: what is held does not grow with the file."""

import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import duckdb
import openpyxl
import pytest
from source_maker import HEAD, orders

from orchestration.sources import tabular
from orchestration.sources.json_lines import JsonLinesFile
from orchestration.sources.workbook import WorkbookFile

CHILD = """
import sys
from pathlib import Path
from orchestration.landing import pull_table
from orchestration.sources.source_file import load_source_file

def peak():
    (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024

folder = Path(sys.argv[1])
source = load_source_file(folder / "sources.yml")
before = peak()
(load,) = pull_table(
    "orders", source, folder / "landing", audit=lambda *_: None, report=lambda _: None,
    threads=1, memory_limit="100MB",
).landed
print(load.rows, peak() - before)
"""
COPY = {"csv": "format csv, header", "parquet": "format parquet, compression uncompressed"}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to see the peak")
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_lands_in_less_memory_than_it_has_bytes(tmp_path: Path, suffix: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(
            "copy (select i as order_id, i % 99991 as customer_id, '2017-01-01' as ordered_at,"
            " i % 9973 as amount, i || repeat('x', 110) as note from range(2000000) as t(i))"
            f" to '{tmp_path}/o.{suffix}' ({COPY[suffix]})"
        )
    (tmp_path / "sources.yml").write_text(HEAD + orders(f"o.{suffix}"))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    landed, growth = map(int, done.stdout.split())
    assert landed == 2_000_000
    assert growth < 0.8 * (tmp_path / f"o.{suffix}").stat().st_size


def test_json_lines_are_held_batch_by_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "ROWS_PER_BATCH", 1_000)
    monkeypatch.setattr("orchestration.sources.text.BLOCK", 1 << 16)

    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.jsonl"
        with path.open("w") as file:
            file.writelines(f'{{"a": {n}, "b": "{"x" * 100}"}}\n' for n in range(lines))
        tracemalloc.start()
        try:
            assert sum(batch.num_rows for batch in JsonLinesFile(path, None).batches()) == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)  # the first batch of a process imports more of pyarrow
    assert peak(20_000) < 1.5 * peak(5_000)


def test_workbooks_that_wait_for_their_turn_hold_no_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("s")
    sheet.append(["order_id", "note"])
    for number in range(3_000):
        sheet.append([number, f"{number} {'x' * 200}"])
    book.save(tmp_path / "o1.xlsx")
    for number in range(2, 6):
        shutil.copy(tmp_path / "o1.xlsx", tmp_path / f"o{number}.xlsx")
    WorkbookFile(tmp_path / "o1.xlsx", None)  # what the first of a process imports stays
    tracemalloc.start()
    try:
        files = [WorkbookFile(path, None) for path in sorted(tmp_path.glob("*.xlsx"))]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 3_000 * 200
    for file in files:
        assert sum(batch.num_rows for batch in file.batches()) == 3_000
