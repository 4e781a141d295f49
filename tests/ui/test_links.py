"""The address of the page restores what was looked at, and nothing that is hostile gets through it."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redesign_sim.scenario import find_scenario, shipped_scenarios
from redesign_sim.ui.links import LONGEST, LONGEST_TEXT, Sight, fits_in_a_link, query_of, sight_of
from redesign_sim.ui.setup import ADJUSTABLE, MIX_PATHS, Lever, Setup

TEXT = find_scenario("classroom").read_text(encoding="utf-8")


def packed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_a_link_restores_what_was_looked_at(name: str) -> None:
    moved = Setup(name).with_values(
        {"network.strength": 0.35, **dict(zip(MIX_PATHS, (0.1, 0.2, 0.3, 0.4), strict=True))}
    )
    sight = Sight(moved, Setup(name), 7, "futures")
    restored, problems = sight_of(query_of(sight))
    assert problems == []
    assert restored._replace(setup=Setup()) == sight._replace(setup=Setup())
    assert dict(restored.setup.changes) == pytest.approx(dict(moved.changes))


def test_a_link_sets_no_strategy_after_the_end_of_its_case() -> None:
    sight, problems = sight_of("case=classroom&month=37")
    assert sight.setup == Setup("classroom")
    assert len(problems) == 1
    assert sight_of("case=sexual_health_london&month=90")[1] == []


@pytest.mark.parametrize("lever", ADJUSTABLE.values(), ids=ADJUSTABLE.keys())
def test_a_link_loses_no_lever(lever: Lever) -> None:
    start = Setup("classroom")
    lever = lever.within(start.original())
    value = lever.high if start.value(lever.path) != lever.high else lever.low
    moved = start.with_values({lever.path: value})
    restored, problems = sight_of(query_of(Sight(moved, start)))
    assert problems == []
    assert restored.setup == moved


def test_a_link_restores_an_edited_file() -> None:
    edited = Setup("classroom", TEXT.replace("horizon_months: 36", "horizon_months: 40"))
    assert fits_in_a_link(edited)
    restored, problems = sight_of(query_of(Sight(edited, edited)))
    assert problems == []
    assert restored.setup.case().horizon_months == 40


def test_a_baseline_over_other_months_is_none() -> None:
    restored, problems = sight_of("view=futures&case=classroom&network=0.6&was_case=dementia_london")
    assert restored.baseline == restored.setup
    assert any("months" in problem for problem in problems)


def test_a_restored_link_gives_the_same_link() -> None:
    query = "view=mixes&case=classroom&mix=35-30-15-20&network=0.6&seed=12&was_case=classroom"
    once = query_of(sight_of(query)[0])
    assert query_of(sight_of(once)[0]) == once


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("case=../../etc/passwd", "case"),
        ("case=/etc/passwd", "case"),
        ("view=__init__", "view"),
        ("seed=-1", "seed"),
        ("seed=1e9", "seed"),
        ("seed=99999999999", "seed"),
        ("network=2", "network"),
        ("network=nan", "network"),
        ("network=1e-1", "network"),
        ("mix=1-2-3", "mix"),
        ("mix=0-0-0-0", "mix"),
        ("mix=-1-50-50-1", "mix"),
        ("text=%00", "file"),
        ("text=AAAA", "file"),
        ("&".join("a=1" for _ in range(100)), "damaged"),
        ("x" * (LONGEST + 1), "damaged"),
        ("case=%ff", "damaged"),
    ],
)
def test_what_is_wrong_in_a_link_is_left_out_and_said(query: str, word: str) -> None:
    sight, problems = sight_of(query)
    assert sight == Sight()
    assert len(problems) == 1
    assert word in problems[0]


def test_a_packed_file_is_never_unpacked_beyond_its_size() -> None:
    bomb = packed(b"#" * 50 * LONGEST_TEXT)
    assert len(bomb) < LONGEST_TEXT
    sight, problems = sight_of(f"text={bomb}")
    assert sight == Sight()
    assert "damaged" in problems[0]


def test_a_linked_file_extends_no_file_of_this_machine() -> None:
    sight, problems = sight_of(f"text={packed(b'extends: ../secrets.yaml')}")
    assert sight == Sight()
    assert "mistakes" in problems[0]


@given(st.text(max_size=200))
def test_no_address_makes_the_page_fail(query: str) -> None:
    sight, _ = sight_of(query)
    assert sight.setup.case()


@given(
    st.dictionaries(
        st.sampled_from(["case", "text", "mix", "seed", "view", "was_case", "was_mix", *ADJUSTABLE]),
        st.one_of(st.text(max_size=12), st.floats().map(str), st.sampled_from(["classroom", "dementia_london"])),
    )
)
def test_no_field_of_an_address_makes_the_page_fail(fields: dict[str, str]) -> None:
    sight, _ = sight_of("&".join(f"{key}={value}" for key, value in fields.items()))
    assert sight.setup.case()
    assert sight.baseline.case()
