"""Cases of one's own: begun, described, compared and watched; nothing is written over, and all is said in words."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from redesign_sim.cli import watching
from redesign_sim.cli.watching import Watcher, follow
from redesign_sim.scenario import load_scenario, override, scenario_digest, shipped_scenarios
from redesign_sim.scenario.comparing import differences
from redesign_sim.scenario.describing import paragraphs, picture

from .conftest import ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Command = Callable[..., tuple[int, str, str]]

EVERY = tuple(shipped_scenarios())


def flat(text: str) -> str:
    return " ".join(text.split())


# --- new --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", EVERY)
@pytest.mark.parametrize("name", ["my_case", "a case with spaces.yaml", "été.yml"])
def test_a_new_case_is_the_one_it_was_begun_from(command: Command, base: str, name: str) -> None:
    code, out, err = command("scenario", "new", name, "--from", base)
    assert (code, err) == (0, "")
    place = Path(name if "." in name else f"{name}.yaml")
    assert str(place) in flat(out)
    case, model = load_scenario(place), load_scenario(base)
    assert case.name == place.stem
    words = {"name": model.name, "title": model.title}
    assert scenario_digest(override(case, words)) == scenario_digest(model)
    assert Path("scenario.schema.json").is_file()
    assert command("scenario", "check", name if "." in name else f"{name}.yaml")[0] == 0


def test_a_new_case_explains_itself(command: Command) -> None:
    command("scenario", "new", "mine", "--from", "dementia_london")
    lines = Path("mine.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=scenario.schema.json"
    assert all(len(line) <= 120 for line in lines)
    numbers = [
        line for line in lines if not line.startswith("#") and any(sign.isdigit() for sign in line.split("#")[0])
    ]
    assert len(numbers) > 15
    assert [line for line in numbers if "  # " not in line] == []


def test_a_new_case_can_extend_a_file_of_ones_own_elsewhere(command: Command) -> None:
    for folder in ("one", "the other"):
        Path(folder).mkdir()
    command("scenario", "new", "one/base")
    assert command("scenario", "new", "the other/next", "--from", "one/base.yaml")[0] == 0
    assert 'extends: "../one/base.yaml"' in Path("the other/next.yaml").read_text(encoding="utf-8")
    assert load_scenario(Path("the other/next.yaml")).horizon_months == 36


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("here", "here.yaml is there already, and nothing is written over"),
        ("nowhere/case", "There is no folder nowhere"),
        ("", "is no name for a file"),
        ("a\nb", "is no name for a file"),
    ],
)
def test_a_new_case_never_writes_over_anything(command: Command, name: str, says: str) -> None:
    Path("here.yaml").write_text("mine", encoding="utf-8")
    code, _, err = command("scenario", "new", name)
    assert code == 2
    assert says in flat(err)
    assert Path("here.yaml").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in Path().iterdir()] == ["here.yaml"]


def test_a_name_in_a_link_that_leads_nowhere_is_taken_too(command: Command) -> None:
    try:
        Path("case.yaml").symlink_to("gone.yaml")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert command("scenario", "new", "case")[0] == 2
    assert not Path("gone.yaml").exists()


def test_a_case_in_this_folder_is_found_under_its_whole_name(command: Command) -> None:
    command("scenario", "new", "mine")
    code, _, err = command("scenario", "describe", "mine")
    assert code == 2
    assert 'did you mean "mine.yaml"?' in flat(err)


# --- describe ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_case_is_told_in_words_and_a_picture_that_fits_any_console(command: Command, name: str) -> None:
    code, out, err = command("scenario", "describe", name)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    case = load_scenario(name)
    assert flat(case.title) in flat(out)
    for member in case.organisations.members.values():
        assert member.name in flat(out) or len(member.name) > 20
    assert all(line.isascii() for line in picture(case, 80))
    assert len(picture(case, 80)) == min(len(case.interfaces), 16) + (len(case.interfaces) > 16)


def test_a_description_follows_the_numbers() -> None:
    case = load_scenario("classroom")
    assert "Everyone concerned has to agree" in " ".join(paragraphs(case))
    other = override(case, {"commissioning.decision_rule": "lead_authority", "strategies[0].strength": 0.2})
    told = " ".join(paragraphs(other))
    assert "The commissioners decide" in told
    assert "by a text alone (0.2)" in told
    assert "No national strategy" in " ".join(paragraphs(override(case, {"strategies": []})))
    led = override(case, {"leadership.ambition": 0.9, "turbulence.national_per_year": 0.5})
    assert "ambition is 0.9 on average" in " ".join(paragraphs(led))
    assert "about once in 2 years" in " ".join(paragraphs(led))


def test_the_busiest_interface_is_the_thickest_line() -> None:
    lines = picture(load_scenario("dementia_london"), 80)
    assert lines[0].count("=") > lines[-1].count("=") > 0
    assert "Mental health trust" in lines[0]


def test_a_case_is_drawn_once(command: Command) -> None:
    assert command("scenario", "describe", "classroom", "--svg", "a drawing.svg")[0] == 0
    drawn = Path("a drawing.svg").read_bytes()
    assert b"Hill Street" in drawn
    code, _, err = command("scenario", "describe", "classroom", "--svg", "a drawing.svg")
    assert (code, Path("a drawing.svg").read_bytes()) == (2, drawn)
    assert "is there already" in flat(err)


# --- diff -------------------------------------------------------------------------------------------------------------


def test_a_difference_is_told_in_words_and_in_effect(command: Command) -> None:
    command("scenario", "new", "mine")
    file = Path("mine.yaml")
    file.write_text(file.read_text(encoding="utf-8") + "users:\n  voice: 0.9\n", encoding="utf-8")
    code, out, err = command("scenario", "diff", "classroom", "mine.yaml", "--replications", "40")
    assert (code, err) == (0, "")
    assert "users.voice (Users' voice): 0.3 in A, 0.9 in B" in flat(out)
    assert "40 pairs of futures that share their luck" in flat(out)
    assert "B - A = +0.1" in flat(out)
    assert "can be told from zero" in flat(out)


def test_what_cannot_be_told_from_zero_is_said_to_be_so(command: Command) -> None:
    command("scenario", "new", "mine")
    file = Path("mine.yaml")
    file.write_text(file.read_text(encoding="utf-8") + "trust:\n  across: 0.51\n", encoding="utf-8")
    out = command("scenario", "diff", "classroom", "mine.yaml", "--replications", "30")[1]
    assert "cannot be told from zero" in flat(out)


def test_cases_that_differ_in_words_alone_are_not_run(command: Command) -> None:
    command("scenario", "new", "mine")
    code, out, _ = command("scenario", "diff", "classroom", "mine.yaml")
    assert code == 0
    assert 'title (Title): "Two organisations and a commissioner" in A, "Mine" in B' in flat(out)
    assert "they say the same" in flat(out)
    assert "pairs of futures" not in out


def test_organisations_and_rows_that_one_case_has_are_told_once() -> None:
    found = {
        each.path: each.words for each in differences(*map(load_scenario, ("dementia_london", "dementia_manchester")))
    }
    assert found["organisations.members.council_south"] == "only in A"
    assert found["organisations.members.joint_body"] == "only in B"
    assert found["interfaces[carers-council_south]"] == "only in A"
    assert found["interfaces[carers-council_north].traffic"] == "0.03 in A, 0.06 in B"
    assert not any(path.startswith("organisations.members.council_south.") for path in found)


def test_the_same_rows_in_another_order_are_no_difference() -> None:
    case = load_scenario("dementia_london")
    turned = override(case, {"interfaces": tuple(row.model_dump() for row in reversed(case.interfaces))})
    assert differences(case, turned) == []


# --- watch ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Path, Watcher]:
    file = tmp_path / "my case.yaml"
    shutil.copy(shipped_scenarios()["classroom"], file)
    return file, Watcher(str(file), 30, 1, lambda case, many, seed: ensemble(case, range(many), seed))


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    other = file.with_suffix(".new")
    other.write_text(text.replace(old, new), encoding="utf-8")
    other.replace(file)  # as many editors save


def test_a_save_says_what_was_changed_and_what_that_did(watched: tuple[Path, Watcher]) -> None:
    file, watcher = watched
    assert "Change the file and save it" in watcher.saved()[0]
    changed(file, "high_impact: 0.2 ", "high_impact: 0.45 ")
    changed(file, "passive: 0.35 ", "passive: 0.1 ")
    screen = "\n".join(watcher.saved())
    assert "Changed: leadership.mix.passive (Passive): 0.35 before, 0.1 now" in screen
    assert "Integration" in screen
    assert screen.count("+0.1") >= 2


def test_what_is_watched_fits_into_a_terminal_and_doubt_is_marked(watched: tuple[Path, Watcher]) -> None:
    file, watcher = watched
    assert "~" not in "\n".join(watcher.saved())
    changed(file, "time_share: 0.08 ", "time_share: 0.081 ")
    *_, rows, foot = (part.splitlines() for part in "\n".join(watcher.saved()).split("\n\n"))
    assert max(len(line) for line in rows + foot) <= 80
    assert re.fullmatch(r"Integration +0\.\d{3} {3}(([+-]\S+ ± \S+)( ~)) +\1", rows[1])
    assert foot[0].endswith("; ~ cannot be told from 0.")


def test_a_broken_save_shows_the_mistake_and_keeps_the_last_good_result(watched: tuple[Path, Watcher]) -> None:
    file, watcher = watched
    good = watcher.saved()[-3:]
    changed(file, "strength: 0.6 ", "strength: 0,6 ")
    screen = watcher.saved()
    assert "did you mean" in screen[0]
    assert "^" in screen[0]
    assert "1 problem; mend it and save again." in screen
    assert screen[-3:] == good
    changed(file, "strength: 0,6 ", "strength: 0.6 ")
    assert watcher.saved()[0] == "Saved, and nothing that the model reads has changed."


def test_a_case_that_is_broken_from_the_start_is_waited_for(watched: tuple[Path, Watcher]) -> None:
    file, watcher = watched
    changed(file, "strength: 0.6 ", "strength: 6 ")
    assert "mend it and save again" in watcher.saved()[-1]
    changed(file, "strength: 6 ", "strength: 0.6 ")
    assert "Change the file" in watcher.saved()[0]


def step(seconds: float, steps: Iterator[Callable[[], object]]) -> None:
    """Between two looks something happens to the file; while a save settles, nothing does."""
    if seconds:
        next(steps, list)()


def test_each_save_is_followed_however_the_editor_saves(
    watched: tuple[Path, Watcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _ = watched
    steps: Iterator[Callable[[], object]] = iter(
        [
            lambda: None,
            lambda: changed(file, "strength: 0.6 ", "strength: 0.7 "),
            lambda: file.rename(file.with_suffix(".bak")),
            lambda: file.with_suffix(".bak").rename(file),
            lambda: file.write_text(file.read_text("utf-8") + "\n", encoding="utf-8"),
            lambda: (file.parent / "base.yaml").write_text("title: Base", encoding="utf-8"),
        ]
    )
    seen: list[str] = []
    monkeypatch.setattr(watching, "SETTLED", 0.0)
    monkeypatch.setattr(time, "sleep", lambda seconds: step(seconds, steps))
    follow(file, lambda: seen.append(file.read_text("utf-8")), looks=9)
    assert len(seen) == 4  # at first, by rename, by writing, and a file beside it; its absence for a moment is none


def test_control_c_ends_watching_in_peace(
    watched: tuple[Path, Watcher], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", stop)
    follow(watched[0], lambda: None)
    assert "Watching has ended" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("classroom", "scenario new my_case --from classroom"),
        ("mn.yaml", 'did you mean "mine.yaml"?'),
        ("zzz", "scenario new my_case begins one"),
    ],
)
def test_what_cannot_be_watched_is_refused(command: Command, file: str, says: str) -> None:
    command("scenario", "new", "mine")
    code, _, err = command("scenario", "watch", file)
    assert code == 2
    assert says in flat(err)
