"""Encodings are decided strictly, before anything lands."""

import codecs
from pathlib import Path

import pytest

from orchestration.sources import text
from orchestration.sources.errors import SourceError
from orchestration.sources.text import detect_encoding, utf8_blocks

CHINESE = "客户编号,金额\n张三,1\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CHINESE.encode(), "utf-8"),
        (b"plain,ascii\n", "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("gb18030"), "gb18030"),
    ],
)
def test_the_encoding_is_found_and_the_text_comes_out_as_it_was(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = written(tmp_path, content)
    encoding = detect_encoding(path, None)
    assert encoding == expected
    assert b"".join(utf8_blocks(path, encoding)).decode() == content.decode(expected)


def test_a_character_may_stand_across_two_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "BLOCK", 3)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        path = written(tmp_path, CHINESE.encode(encoding))
        assert detect_encoding(path, None) == encoding
        assert b"".join(utf8_blocks(path, encoding)).decode() == CHINESE


def test_bytes_of_no_encoding_are_an_error_that_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1,2\n3,\xff\n")
    with pytest.raises(SourceError) as caught:
        detect_encoding(path, None)
    assert str(path) in str(caught.value)
    assert "utf-8 has no bytes ff, near line 3" in str(caught.value)
    assert "encoding: cp1252" in str(caught.value)


def test_a_given_encoding_is_the_only_one_tried(tmp_path: Path) -> None:
    path = written(tmp_path, CHINESE.encode("gb18030"))
    assert detect_encoding(path, "gb18030") == "gb18030"
    with pytest.raises(SourceError, match="is not utf-8 text"):
        detect_encoding(path, "utf-8")
    assert detect_encoding(written(tmp_path, "é".encode("latin-1")), "latin-1") == "latin-1"


def test_a_mark_that_contradicts_the_given_encoding_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, CHINESE.encode("utf-8-sig"))
    with pytest.raises(SourceError, match="byte order mark of utf-8, yet is declared gb18030"):
        detect_encoding(path, "gb18030")
    assert detect_encoding(path, "utf-8") == "utf-8-sig"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_nul_is_refused_with_its_line(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "a,b\n1,2\n3,\0\n".encode(encoding))
    with pytest.raises(SourceError, match="holds a NUL character") as caught:
        detect_encoding(path, encoding)
    assert caught.value.line == 3


def test_utf_16_without_a_mark_is_refused_with_what_to_say(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="say encoding: utf-16-le"):
        detect_encoding(written(tmp_path, "a,b\n".encode("utf-16-le")), None)
    assert detect_encoding(written(tmp_path, "a,b\n".encode("utf-16-le")), "utf-16-le")


def test_a_marked_file_that_breaks_its_mark_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF8 + CHINESE.encode("gb18030"))
    with pytest.raises(SourceError, match="is not utf-8-sig text"):
        detect_encoding(path, None)


@pytest.mark.parametrize("text", ["Müller, Jürgen", "Köln", "Françoise"])
def test_western_text_that_fits_gb18030_by_chance_is_asked_about(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, f"name\n{text}\n".encode("cp1252"))
    assert path.read_bytes().decode("gb18030")
    with pytest.raises(SourceError, match=r"none of everyday Chinese\n  .*encoding: cp1252"):
        detect_encoding(path, None)
    assert detect_encoding(path, "cp1252") == "cp1252"
    assert detect_encoding(path, "gb18030") == "gb18030"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("euc-kr", "고객번호,이름,도시,상태\n1,김철수,서울,완료\n2,이영희,부산,취소\n"),
        ("cp949", "주식회사 똠방각하 고객번호 이름 도시 상태 완료"),
        ("big5", "陳先生,林小姐,黃太太,臺中市,臺南市,嘉義市,新竹市,基隆市"),
        ("big5", "臺中市,臺南市,嘉義市,新竹市,基隆市,苗栗縣,彰化縣,南投縣,釤"),
    ],
)
def test_text_that_may_be_korean_or_traditional_chinese_is_asked_about(
    tmp_path: Path, encoding: str, text: str
) -> None:
    path = written(tmp_path, text.encode(encoding))
    with pytest.raises(
        SourceError, match=r"may be Korean.*\n  .*encoding: gb18030, euc-kr or big5"
    ):
        detect_encoding(path, None)
    assert detect_encoding(path, encoding) == encoding


@pytest.mark.parametrize(
    "text",
    [
        "北京\n上海\n广州\n",
        "已完成\n已取消\n",
        "成功\n失败\n",
        "性别\n" + "男\n女\n" * 99,
        "臺北,高雄市",
        "男\n女\n",
        "订单\n",
        "李雷,韩梅梅\n",
    ],
)
def test_short_texts_in_gb18030_are_not_asked_about(tmp_path: Path, text: str) -> None:
    assert detect_encoding(written(tmp_path, text.encode("gb18030")), None) == "gb18030"


def test_names_with_a_rare_letter_are_chinese(tmp_path: Path) -> None:
    assert detect_encoding(written(tmp_path, "朱镕基\n".encode("gb18030")), None) == "gb18030"


def test_utf_32_tells_itself_by_its_mark(tmp_path: Path) -> None:
    assert detect_encoding(written(tmp_path, CHINESE.encode("utf-32")), None) == "utf-32"


def test_a_declared_utf_16_without_a_mark_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not start with BOM, near line 1"):
        detect_encoding(written(tmp_path, CHINESE.encode("utf-16-be")), "utf-16")
