"""Files as any system writes them, and places as any system names them: handled, or refused in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redesign_sim.scenario import ScenarioError, load_scenario, parse_scenario, scenario_digest, shipped_scenarios
from redesign_sim.scenario.problems import Problem
from redesign_sim.study.reading import cases_of, load_study, read_study

TEXT = shipped_scenarios()["classroom"].read_text(encoding="utf-8").replace("Hill Street", "Köhlerstraße")
STUDY = (
    "name: tiny\nquestion: Für wen?\nscenarios: [classroom]\nlevers: {users.voice: [0, 1]}\ndesign: {kind: factorial}\n"
)


def complaint(path: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, encoding: str, ends: str) -> None:
    (tmp_path / "classroom.yaml").write_bytes(TEXT.replace("\n", ends).encode(encoding))
    (tmp_path / "tiny.yaml").write_bytes(STUDY.replace("\n", ends).encode(encoding))
    case = load_scenario(tmp_path / "classroom.yaml")
    assert case.organisations.members["practice"].name == "Köhlerstraße Practice"
    assert scenario_digest(case) == scenario_digest(parse_scenario(TEXT, "classroom"))
    assert load_study(tmp_path / "tiny.yaml").question == "Für wen?"


@pytest.mark.parametrize("reader", [load_scenario, read_study])
@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (TEXT.encode("latin-1"), 'the byte 0xf6 is not UTF-8 (in Windows-1252 or Latin-1 it would be "ö")'),
        (TEXT.encode("utf-16-le"), "looks like UTF-16 without its mark"),
        (b"\xff\xfe\x00", "begins as UTF-16 and then is not"),
        (b"\xef\xbb\xbftitle: \xff", ":1:8: the byte 0xff is not UTF-8"),
        (b"\x1f\x8b\x08\x00zipped", "the byte 0x8b is not UTF-8"),
        (b"#" * 1_000_001, "is larger than 1,000,000 bytes"),
        (b"title: \x00", "the character U+0000 is not allowed in YAML"),
    ],
)
def test_other_encodings_are_refused_where_they_begin(tmp_path: Path, reader: object, raw: bytes, says: str) -> None:
    (tmp_path / "odd.yaml").write_bytes(raw)
    assert callable(reader)
    with pytest.raises(ScenarioError) as caught:
        reader(tmp_path / "odd.yaml")
    assert says in str(caught.value)
    assert "odd.yaml" in str(caught.value)


def test_a_tab_is_named_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "tab.yaml").write_text("organisations:\n\tmembers: {}\n", encoding="utf-8")
    assert complaint(tmp_path / "tab.yaml").endswith("2:1: a tab cannot indent YAML; use spaces")


@pytest.mark.parametrize("folder", ["with spaces", "ünïcode 中", "a" * 200, "per%20cent & (brackets) 'quotes'"])
def test_a_path_may_hold_whatever_the_system_allows(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    (place / "my base.yaml").write_text(TEXT, encoding="utf-8")
    (place / "my case.yaml").write_text('extends: "my base.yaml"\n', encoding="utf-8")
    (place / "study.yaml").write_text(STUDY.replace("classroom", '"my case.yaml"'), encoding="utf-8")
    assert load_scenario(place / "my case.yaml").title == "Two organisations and a commissioner"
    assert list(cases_of(load_study(place / "study.yaml"), place)) == ["my case"]


def test_a_path_as_windows_writes_it_is_understood_everywhere(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "base.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "below" / "case.yaml").write_text("extends: ..\\base.yaml\nname: mine\n", encoding="utf-8")
    (tmp_path / "below" / "study.yaml").write_text(STUDY.replace("classroom", "..\\base.yaml"), encoding="utf-8")
    assert load_scenario(tmp_path / "below" / "case.yaml").name == "mine"
    assert list(cases_of(load_study(tmp_path / "below" / "study.yaml"), tmp_path / "below")) == ["classroom"]


@pytest.mark.parametrize("name", ["a" * 5000 + ".yaml", "x/" * 3000 + "y.yaml", "\0.yaml", "con:|?*<>.yaml"])
def test_a_name_that_no_file_can_have_is_refused_with_its_place(tmp_path: Path, name: str) -> None:
    assert "there is no such file" in complaint(tmp_path / name) or "cannot be read" in complaint(tmp_path / name)
    (tmp_path / "case.yaml").write_text(f"extends: {name!r}\n".replace("\\x00", ""), encoding="utf-8")
    assert "case.yaml:1:10 extends:" in complaint(tmp_path / "case.yaml")


def linked(link: Path, target: Path | str, *, folder: bool = False) -> None:
    try:
        link.symlink_to(target, target_is_directory=folder)
    except OSError:
        pytest.skip("this system makes no symbolic links")


def test_links_are_followed_and_those_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "case.yaml").write_text(TEXT, encoding="utf-8")
    linked(tmp_path / "link.yaml", tmp_path / "real" / "case.yaml")
    linked(tmp_path / "folder", tmp_path / "real", folder=True)
    linked(tmp_path / "gone.yaml", "nowhere.yaml")
    linked(tmp_path / "round.yaml", "round.yaml")
    assert load_scenario(tmp_path / "link.yaml").name == "classroom"
    assert load_scenario(tmp_path / "folder" / "case.yaml").name == "classroom"
    assert "is a link that leads nowhere" in complaint(tmp_path / "gone.yaml")
    assert "is a link that leads nowhere" in complaint(tmp_path / "round.yaml")
    (tmp_path / "case.yaml").write_text("extends: round.yaml\n", encoding="utf-8")
    assert 'case.yaml:1:10 extends: "round.yaml": there is no such file' in complaint(tmp_path / "case.yaml")


def test_a_circle_through_a_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("extends: two.yaml\n", encoding="utf-8")
    linked(tmp_path / "two.yaml", "one.yaml")
    assert "goes round in a circle" in complaint(tmp_path / "one.yaml")


def test_a_folder_and_what_may_not_be_read_are_named_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.yaml").mkdir()
    assert "is a folder; name a file in it" in complaint(tmp_path / "folder.yaml")
    (tmp_path / "locked.yaml").write_text(TEXT, encoding="utf-8")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert complaint(tmp_path / "locked.yaml").endswith("locked.yaml: cannot be read (Permission denied)")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such things")
def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "it is no ordinary file" in complaint(tmp_path / "pipe.yaml")


@pytest.mark.parametrize(
    ("line", "column", "under"),
    [
        ("title: 中中 x", 11, "x"),
        ("a\u0301b: x", 6, "x"),
        ("\tx: 1", 2, "x"),
        ("x" * 500 + "!" + "y" * 500, 501, "!"),
        ("!" + "y" * 500, 1, "!"),
        ("x" * 45 + "!" + "y" * 30, 46, "!"),
        ("x" * 110 + "!", 111, "!"),
    ],
)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_caret_stands_under_its_place(line: str, column: int, under: str, width: int) -> None:
    shown, caret = Problem("", None, "wrong", "", "f", 1, column, line).picture(width).split("\n")
    assert widths(shown) <= width
    shown.encode("ascii" if line.isascii() else "utf-8")
    at = widths(caret[: caret.index("^")])
    so_far = 0
    for place, sign in enumerate(shown):
        if so_far == at and sign == under:
            break
        so_far += widths(sign)
        assert place < len(shown) - 1, (shown, caret)


def widths(text: str) -> int:
    return sum(0 if sign == "\u0301" else 2 if sign == "中" else 8 if sign == "\t" else 1 for sign in text)
