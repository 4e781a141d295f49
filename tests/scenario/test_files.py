"""Files are found, extended, bounded and decoded; what is wrong is located in the file in which it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from redesign_sim.scenario import ScenarioError, find_scenario, load_scenario, parse_scenario, shipped_scenarios
from redesign_sim.scenario.files import LONGEST_CHAIN
from redesign_sim.scenario.plaintext import LARGEST

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
title: Base
organisations:
  members:
    a: {name: A, kind: acute, nurses: 2}
    b: {name: B, kind: community, nurses: 2}
    c: {name: C, kind: independent, nurses: 2}
    p: {name: P, kind: commissioner}
interfaces:
  - {between: [a, b], traffic: 3}
  - {between: [b, c], traffic: 1}
leadership:
  mix: {passive: 1, localised: 0, lacking_followers: 0, high_impact: 0}
  time_share: 0.1
clinicians:
  entrenchment: {mean: 0.2, spread: 0.1}
  interest: 0.3
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaints(path: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value).split("\n")


def child(folder: Path, text: str, name: str = "child.yaml") -> str:
    (folder / name).write_text(f"extends: base.yaml\n{text}")
    return name


def test_a_case_is_called_as_its_file_unless_it_says_otherwise(folder: Path) -> None:
    assert load_scenario("base.yaml").name == "base"
    assert load_scenario(folder / child(folder, "")).name == "child"
    assert load_scenario(child(folder, "name: other")).name == "other"


def test_tables_are_merged_and_lists_replaced(folder: Path) -> None:
    case = load_scenario(child(folder, "leadership: {time_share: 0.2}\ninterfaces: [{between: [a, c], traffic: 1}]\n"))
    assert case.leadership.time_share == 0.2
    assert case.leadership.mix is not None
    assert [interface.between for interface in case.interfaces] == [("a", "c")]
    assert case.title == "Base"


def test_members_are_merged_and_null_takes_one_away(folder: Path) -> None:
    case = load_scenario(
        child(
            folder,
            "organisations: {members: {b: {nurses: 5}, c: null, d: {name: D, kind: third_sector}}}\n"
            "interfaces: [{between: [a, d], traffic: 1}]\n",
        )
    )
    members = case.organisations.members
    assert list(members) == ["a", "b", "p", "d"]
    assert (members["b"].nurses, members["b"].name) == (5, "B")


def test_taking_away_what_is_not_there(folder: Path) -> None:
    assert complaints(child(folder, "organisations:\n  members:\n    q: null\n")) == [
        (
            "child.yaml:4:8 organisations.members.q: is null, which takes an inherited organisation away, "
            "and none of this "
            "id is inherited"
        )
    ]


def test_a_trait_keeps_its_spread_when_its_mean_is_stated(folder: Path) -> None:
    case = load_scenario(child(folder, "clinicians: {entrenchment: 0.7, interest: {spread: 0.05}}"))
    assert (case.clinicians.entrenchment.mean, case.clinicians.entrenchment.spread) == (0.7, 0.1)
    assert (case.clinicians.interest.mean, case.clinicians.interest.spread) == (0.3, 0.05)


def test_distributions_replace_an_inherited_mix_and_the_reverse(folder: Path) -> None:
    case = load_scenario(child(folder, "leadership: {ambition: 0.7}"))
    assert case.leadership.mix is None
    assert case.leadership.ambition is not None
    assert case.leadership.ambition.mean == 0.7
    (folder / "back.yaml").write_text(
        "extends: child.yaml\nleadership: {mix: {passive: 0, localised: 1, lacking_followers: 0, high_impact: 0}}\n"
    )
    back = load_scenario("back.yaml").leadership
    assert (back.mix is not None, back.ambition) == (True, None)


def test_a_trait_stated_in_part_is_otherwise_as_by_default(folder: Path) -> None:
    case = load_scenario(child(folder, "managers: {ambition: {concentration: 20}}\npractices: {booking: {work: 0.1}}"))
    assert (case.managers.ambition.mean, case.managers.ambition.concentration) == (0.45, 20)
    assert (case.practices.booking.work, case.practices.booking.experience_gain) == (0.1, 0.9)


def test_a_mistake_is_located_in_the_file_in_which_it_stands(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("traffic: 1}", "traffic: x}"))
    lines = complaints(child(folder, "horizon_months: 0\nleadership: {time_share: 2}\n"))
    assert [line.split(" ")[0] for line in lines] == ["child.yaml:2:17", "child.yaml:3:26", "base.yaml:10:32"]


def test_broken_files_on_the_way_are_reported(folder: Path) -> None:
    (folder / "base.yaml").write_text("title: [\n")
    assert complaints(child(folder, ""))[0].startswith("base.yaml:2:1: a value is missing")


def test_files_that_extend_one_another_in_a_circle(folder: Path) -> None:
    (folder / "one.yaml").write_text("extends: two.yaml\n")
    (folder / "two.yaml").write_text("title: Two\nextends: three.yaml\n")
    (folder / "three.yaml").write_text("extends: ./two.yaml\n")
    assert complaints("one.yaml") == [
        "three.yaml:1:10 extends: goes round in a circle: two.yaml → three.yaml → two.yaml"
    ]
    (folder / "self.yaml").write_text("extends: self.yaml\n")
    assert complaints("self.yaml") == ["self.yaml:1:10 extends: goes round in a circle: self.yaml → self.yaml"]


def test_a_chain_of_files_has_an_end(folder: Path) -> None:
    for number in range(LONGEST_CHAIN + 2):
        (folder / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    assert complaints("0.yaml") == [f"{LONGEST_CHAIN}.yaml:1:10 extends: is a chain of more than {LONGEST_CHAIN} files"]


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ("gone.yaml", '"gone.yaml": there is no such file'),
        ("clasroom", '"clasroom" is no shipped scenario and no .yaml file; did you mean "classroom"?'),
        ("3", "3 stands where a file or the name of a shipped scenario is expected"),
        ("null", "null stands where a file or the name of a shipped scenario is expected"),
        ("[a]", "a list of 1 stands where a file or the name of a shipped scenario is expected"),
        ('"a\\0.yaml"', '"a\\u0000.yaml" stands where a file or the name of a shipped scenario is expected'),
    ],
)
def test_what_cannot_be_extended(folder: Path, extends: str, words: str) -> None:
    (folder / "x.yaml").write_text(f"extends: {extends}\n")
    assert [line.split(" ", 2)[2] for line in complaints("x.yaml")] == [words]


def test_shipped_scenarios_can_be_extended_from_anywhere(folder: Path) -> None:
    (folder / "mine.yaml").write_text("extends: classroom\nhorizon_months: 12\n")
    assert load_scenario("mine.yaml").horizon_months == 12


def test_an_uploaded_text_reaches_no_file(folder: Path) -> None:
    with pytest.raises(ScenarioError, match=r"is no shipped scenario and no \.yaml file"):
        parse_scenario(f"extends: {folder}/base.yaml\n")
    assert parse_scenario("extends: classroom\n", "upload").name == "upload"


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ScenarioError, match=r"^nowhere\.yaml: there is no such file$"):
        load_scenario("nowhere.yaml")
    with pytest.raises(ScenarioError, match=r'no scenario is called "dementia_londn".* did you mean "dementia_london"'):
        load_scenario("dementia_londn")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a folder; name a file in it"):
        load_scenario(tmp_path)
    with pytest.raises(ScenarioError):
        load_scenario("a\0b.yaml")


def test_a_file_has_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("#" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match="is larger than 1,000,000 bytes"):
        load_scenario(path)


def test_encodings(folder: Path) -> None:
    (folder / "bom.yaml").write_bytes(b"\xef\xbb\xbf" + BASE.encode().replace(b"Base", "Bäse".encode()))
    assert load_scenario("bom.yaml").title == "Bäse"
    (folder / "bom2.yaml").write_bytes(b"\xef\xbb\xbf" + BASE.replace("title", "titel").encode())
    assert complaints("bom2.yaml")[1].startswith("bom2.yaml:1:1 titel: not a field of a scenario")
    (folder / "windows.yaml").write_bytes(BASE.replace("\n", "\r\n").replace("nurses: 2", "nurses: x", 1).encode())
    assert complaints("windows.yaml")[0].startswith("windows.yaml:4:39 organisations.members.a.nurses: ")
    (folder / "classic.yaml").write_bytes(BASE.replace("\n", "\r").replace("nurses: 2", "nurses: x", 1).encode())
    assert complaints("classic.yaml")[0].startswith("classic.yaml:4:39 organisations.members.a.nurses: ")
    (folder / "latin.yaml").write_bytes(BASE.replace("name: B", "name: Bä").encode("latin-1"))
    (latin,) = complaints("latin.yaml")
    assert latin == (
        'latin.yaml:5:16: the byte 0xe4 is not UTF-8 (in Windows-1252 or Latin-1 it would be "ä"); in the editor '
        "choose Save As, and UTF-8 as the encoding"
    )
    (folder / "wide.yaml").write_bytes(BASE.encode("utf-16"))
    assert load_scenario("wide.yaml").title == "Base"


def test_scalars_follow_the_core_schema(folder: Path) -> None:
    (folder / "x.yaml").write_text(
        BASE.replace("title: Base", "title: no\nsummary: 2007-01-01\nhorizon_months: 0x18\nusers: {voice: 1e-1}")
    )
    case = load_scenario("x.yaml")
    assert (case.title, case.summary, case.horizon_months, case.users.voice) == ("no", "2007-01-01", 24, 0.1)
    (folder / "y.yaml").write_text(BASE.replace("title: Base", "title: !!str 12\nhorizon_months: 0o30"))
    assert (load_scenario("y.yaml").title, load_scenario("y.yaml").horizon_months) == ("12", 24)


def test_a_bare_name_finds_a_shipped_scenario() -> None:
    assert find_scenario("classroom") == shipped_scenarios()["classroom"]
    assert load_scenario("classroom").name == "classroom"
