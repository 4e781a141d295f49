"""Changes by dotted path: each is validated, shares make room, and what is asked for replaces its alternative."""

from __future__ import annotations

import hashlib
import json
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redesign_sim.scenario import (
    Scenario,
    ScenarioError,
    Walked,
    load_scenario,
    override,
    remarks,
    scenario_digest,
    shipped_scenarios,
    walk_fields,
    walk_quantities,
)
from redesign_sim.scenario.references import mistakes_across, said_across

LONDON = load_scenario("dementia_london")
STYLES = ("passive", "localised", "lacking_followers", "high_impact")
SHARED = ("leadership.mix.", ".traffic")


def shares(case: Scenario) -> list[float]:
    assert case.leadership.mix is not None
    return [getattr(case.leadership.mix, style) for style in STYLES]


def complaint(case: Scenario, path: str, value: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        override(case, {path: value})
    return str(caught.value)


def at(case: Scenario, path: str) -> object:
    return next(walked.value for walked in walk_fields(case) if walked.path == path)


def test_a_change_leaves_the_original_alone(small: Scenario) -> None:
    assert override(small, {"horizon_months": 36}).horizon_months == 36
    assert small.horizon_months == 24
    assert override(small, {}) == small


@pytest.mark.parametrize("walked", list(walk_quantities(LONDON)), ids=lambda walked: walked.path)
def test_every_path_of_the_walk_can_be_set_to_the_value_that_it_has(walked: Walked) -> None:
    case = override(LONDON, {walked.path: walked.value})
    assert at(case, walked.path) == walked.value


@pytest.mark.parametrize(
    "walked", [w for w in walk_quantities(LONDON) if not w.path.startswith("organisations.")], ids=lambda w: w.path
)
def test_every_path_of_the_walk_can_be_set_to_both_ends_of_its_sweep(walked: Walked) -> None:
    assert walked.sweep is not None
    for end in walked.sweep:
        assert at(override(LONDON, {walked.path: end}), walked.path) == end


def test_shares_that_are_not_named_make_room_in_proportion(small: Scenario) -> None:
    assert shares(override(small, {"leadership.mix.passive": 0.7})) == pytest.approx([0.7, 0.15, 0.1, 0.05])
    assert shares(override(small, {"leadership.mix.high_impact": 1})) == [0, 0, 0, 1]
    both = {"leadership.mix.passive": 0.2, "leadership.mix.high_impact": 0.3}
    assert shares(override(small, both)) == pytest.approx([0.2, 0.3, 0.2, 0.3])


def test_shares_that_were_nothing_make_room_evenly(small: Scenario) -> None:
    all_passive = override(small, {"leadership.mix.passive": 1.0})
    assert shares(override(all_passive, {"leadership.mix.passive": 0.4})) == pytest.approx([0.4, 0.2, 0.2, 0.2])


def test_named_shares_that_are_too_much(small: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"^leadership\.mix: localised and passive come to 1.6; they are shares"):
        override(small, {"leadership.mix.passive": 0.8, "leadership.mix.localised": 0.8})
    assert complaint(small, "leadership.mix.passive", 1.4) == (
        "leadership.mix.passive: 1.4 stands where a number from 0 to 1 (share) is expected"
    )


@given(st.dictionaries(st.sampled_from(STYLES), st.floats(0, 1), min_size=1, max_size=3))
def test_shares_sum_to_one_whenever_there_is_room(named: dict[str, float]) -> None:
    changes: dict[str, object] = {f"leadership.mix.{style}": share for style, share in named.items()}
    if sum(named.values()) > 1:
        with pytest.raises(ScenarioError):
            override(LONDON, changes)
    else:
        mixed = dict(zip(STYLES, shares(override(LONDON, changes)), strict=True))
        assert sum(mixed.values()) == pytest.approx(1, abs=1e-9)
        assert {style: mixed[style] for style in named} == named


def test_traffic_makes_room_as_well(small: Scenario) -> None:
    traffic = [interface.traffic for interface in override(small, {"interfaces[0].traffic": 0.75}).interfaces]
    assert traffic == pytest.approx([0.75, 0.15, 0.1])
    assert complaint(small, "interfaces[1].traffic", 1.5) == (
        "interfaces[1].traffic: leave nothing for the other interfaces; together they are shares of at most 1"
    )


def test_a_mix_replaces_distributions_and_the_reverse(small: Scenario) -> None:
    spread = override(small, {"leadership.ambition.mean": 0.7})
    assert spread.leadership.mix is None
    assert spread.leadership.ambition is not None
    assert spread.leadership.capability is not None
    assert (spread.leadership.ambition.mean, spread.leadership.capability.concentration) == (0.7, 8)
    mixed = override(spread, {"leadership.mix.passive": 0.1})
    assert shares(mixed) == pytest.approx([0.1, 0.3, 0.3, 0.3])
    assert mixed.leadership.ambition is None
    assert override(small, {"leadership.mix": None}).leadership.ambition is not None
    with pytest.raises(ScenarioError, match="not both"):
        override(small, {"leadership.mix.passive": 0.1, "leadership.ambition": 0.5})


def test_a_mix_can_be_given_whole(small: Scenario) -> None:
    whole = dict(zip(STYLES, (0.1, 0.2, 0.3, 0.4), strict=True))
    assert shares(override(small, {"leadership.mix": whole})) == [0.1, 0.2, 0.3, 0.4]
    both = {"leadership.mix.passive": 0.55, "leadership.mix": whole}
    assert shares(override(small, both)) == pytest.approx([0.55, 0.1, 0.15, 0.2])


def test_a_number_for_a_trait_is_its_mean(small: Scenario) -> None:
    narrow = override(small, {"clinicians.entrenchment.spread": 0.05})
    moved = override(narrow, {"clinicians.entrenchment": 0.7})
    assert (moved.clinicians.entrenchment.mean, moved.clinicians.entrenchment.spread) == (0.7, 0.05)


def test_a_regime_moves_all_who_state_nothing_of_their_own(small: Scenario) -> None:
    case = override(
        small, {"organisations.members.home.clinical_inclusion": 0.9, "organisations.clinical_inclusion": 0.1}
    )
    assert case.organisations.clinical_inclusion == 0.1
    own = [member.clinical_inclusion for member in case.organisations.members.values()]
    assert own == [None, None, 0.9, None]


def test_parts_that_are_not_there_begin_empty(small: Scenario) -> None:
    case = override(small, {"strategies[0].emphasis.booking": 1, "strategies[0].focus.clinic-home": 0.5})
    assert case.strategies[0].emphasis is not None
    assert case.strategies[0].emphasis.booking == 1
    assert case.strategies[0].focus == {"clinic-home": 0.5}
    focal = {"organisation": "clinic", "profession": "nurse", "ambition": 0.2, "capability": 0.8}
    assert override(small, {"leadership.focal": focal}).leadership.focal is not None


def test_numbers_of_numpy_and_whole_floats_are_numbers(small: Scenario) -> None:
    changes = {"horizon_months": np.int64(36), "users.voice": np.float64(0.4), "strategies[0].month": 7.0}
    case = override(small, changes)
    assert (case.horizon_months, case.users.voice, case.strategies[0].month) == (36, 0.4, 7)
    assert type(case.users.voice) is float
    assert type(case.horizon_months) is int


def test_lists_are_set_whole_or_by_index(small: Scenario) -> None:
    assert override(small, {"practices.changeable": ["booking"]}).practices.changeable == ("booking",)
    case = override(small, {"journeys[0].path[2]": "practice"})
    assert case.journeys[0].path == ("practice", "clinic", "practice")
    assert override(small, {"strategies": []}).strategies == ()


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("leadership.mix.pasive", 0.5, 'there is no such field; did you mean "leadership.mix.passive"?'),
        ("stratagies[0].strength", 0.5, 'there is no such field; did you mean "strategies[0].strength"?'),
        ("strategies[1].strength", 0.5, 'there is no such field; did you mean "strategies[0].strength"?'),
        ("horizon_months.x", 3, 'there is no such field; did you mean "horizon_months"?'),
        ("behaviour.paces", 0.1, 'there is no such field; did you mean "behaviour.pace"?'),
        ("a..b", 3, "is no path; write names and dots, as in strategies[0].strength"),
        ("", 3, "is no path; write names and dots, as in strategies[0].strength"),
        ("users.voice", "0.3", '"0.3" stands where a number from 0 to 1 is expected, without quotes'),
        ("users.voice", True, "true stands where a number from 0 to 1 is expected"),
        ("users.voice", object, "<class 'object'> stands where a number from 0 to 1 is expected"),
        ("users.voice", float("nan"), "NaN stands where a number from 0 to 1 is expected"),
        ("mechanisms.R2", "rival", '"rival" stands where one of on, off is expected'),
    ],
)
def test_what_cannot_be_set(path: str, value: object, line: str, small: Scenario) -> None:
    assert complaint(small, path, value) == (f"{path}: {line}" if path else line)


def test_all_wrong_paths_at_once(small: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        override(small, {"users.voce": 1, "user.voice": 1})
    assert len(caught.value.problems) == 2


def test_cross_checks_hold_after_a_change(small: Scenario) -> None:
    assert complaint(small, "commissioning.joint", value=True).startswith("commissioning.joint: true joins the votes")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"commissioning.joint": True}, "the only one"),
        ({"pathway.organisations": 40}, "owners are more than"),
        ({"leadership.focal": {"organisation": "nowhere", "profession": "gp"}}, "no organisation of this case"),
        ({"turbulence.events": [{"month": 3, "name": "all change", "scope": ["nowhere"]}]}, "no organisation of this"),
    ],
)
def test_a_part_that_says_something_new_of_the_others_is_held_against_them(
    changes: dict[str, object], words: str, small: Scenario
) -> None:
    with pytest.raises(ScenarioError, match=words):
        override(small, changes)


class Watched(dict[str, object]):
    """A table that notes what is read of it."""

    def __init__(self, entries: dict[str, object], inner: tuple[str, ...] = ()) -> None:
        super().__init__(entries | {name: Watched(entries[name]) for name in inner})  # type: ignore[arg-type]
        self.read: set[str] = set()

    def get(self, name: str, default: object = None) -> object:
        self.read.add(name)
        return super().get(name, default)


def test_all_that_is_read_across_parts_is_known() -> None:
    """Whatever else of a part changes, the checks across parts need not be made again."""
    inner = ("turbulence", "leadership", "pathway", "commissioning")
    read: set[str] = set()
    for name in shipped_scenarios():
        data = Watched(load_scenario(name).model_dump(), inner)
        assert not list(mistakes_across(data))
        read |= data.read - {*inner}
        read |= {f"{part}.{field}" for part in inner for field in data[part].read}  # type: ignore[attr-defined]
    assert read == {
        *("organisations", "interfaces", "journeys", "strategies"),
        *("turbulence.events", "leadership.focal", "pathway.organisations", "commissioning.joint"),
    }
    assert len(said_across(LONDON)) == len(read)


def test_what_is_not_touched_is_shared_and_what_is_touched_is_as_if_read_anew(small: Scenario) -> None:
    changed = override(small, {"leadership.mix.passive": 0.5, "network.strength": 0.4})
    assert changed.organisations is small.organisations
    assert Scenario.model_validate(changed.model_dump()) == changed


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_digest_is_that_of_the_whole_in_canonical_form(name: str) -> None:
    for case in (load_scenario(name), override(load_scenario(name), {"leadership.concession": 0.123})):
        text = json.dumps(case.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), allow_nan=False)
        assert scenario_digest(case) == hashlib.sha256(text.encode()).hexdigest()


def test_what_never_happens_is_remarked_upon() -> None:
    assert [str(remark) for remark in remarks(override(LONDON, {"horizon_months": 36}))] == [
        "turbulence.events[0].month: 49 lies after the horizon of 36 months, so it never happens"
    ]
    late = {"strategies[0].month": 80, "network.strength": 0.5, "network.from_month": 90}
    assert [remark.path for remark in remarks(override(LONDON, late))] == ["strategies[0].month", "network.from_month"]


@pytest.mark.parametrize("name", shipped_scenarios())
def test_nothing_shipped_needs_a_remark(name: str) -> None:
    assert remarks(load_scenario(name)) == []


def test_digests_tell_scenarios_apart_and_nothing_else(small: Scenario) -> None:
    case = override(small, {"users.voice": 0.4})
    assert scenario_digest(case) != scenario_digest(small)
    assert scenario_digest(override(case, {"users.voice": small.users.voice})) == scenario_digest(small)
    assert scenario_digest(override(small, {"users.voice": 1})) == scenario_digest(
        override(small, {"users.voice": 1.0})
    )
    assert len(scenario_digest(small)) == 64


def test_every_quantity_moves_the_digest(small: Scenario) -> None:
    paths = [w for w in walk_quantities(small) if w.sweep and not w.path.startswith("organisations.members")]
    digests = [
        scenario_digest(override(small, {w.path: w.sweep[0] if w.value != w.sweep[0] else w.sweep[1]}))
        for w in paths
        if w.sweep
    ]
    assert scenario_digest(small) not in digests
    assert all(one != other for one, other in pairwise(sorted(digests)))


def test_thousands_of_changes_take_seconds() -> None:
    start = time.perf_counter()
    for step in range(200):
        override(LONDON, {"leadership.mix.passive": step / 200, "clinicians.entrenchment": 0.3})
    assert (time.perf_counter() - start) / 200 < 0.02
