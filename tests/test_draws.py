"""Luck is a function of who decides what, when and why: published answers, both executions, and no draw used twice."""

from __future__ import annotations

import inspect
from collections import defaultdict
from itertools import pairwise
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import pytest

from redesign_sim import draws
from redesign_sim.draws import (
    AT_ONCE,
    MONTHLY,
    Key,
    keyed_rank,
    monthly_lot,
    philox,
    quantile,
    replicate_key,
    uniform,
)
from redesign_sim.model import RedesignModel
from redesign_sim.roles import Purpose
from redesign_sim.scenario import load_scenario, override

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.core

ONES = 0xFFFFFFFF
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Philox4x32-10 as its authors publish it (Random123, `kat_vectors`): counter, key, and what comes of them."""

PUBLISHED_PURPOSES = {
    "ACTIVATION": 0,
    "POSITION": 1,
    "STYLE": 2,
    "AMBITION": 3,
    "CAPABILITY": 4,
    "ENTRENCHMENT": 5,
    "INTEREST": 6,
    "LOSS": 7,
    "VIEW": 8,
    "TIE": 9,
    "TRUST": 10,
    "FORMAL_ROLE": 11,
    "EMPHASIS": 12,
    "FOCUS": 13,
    "REORGANISATION": 14,
    "NATIONAL_REORGANISATION": 15,
    "MOVE": 16,
    "MOVE_WHERE": 17,
    "TIE_KEPT": 18,
    "SUCCESSOR": 19,
    "SUCCESSOR_AMBITION": 20,
    "SUCCESSOR_CAPABILITY": 21,
    "SUCCESSOR_TIE": 22,
    "MEETING_ELSEWHERE": 23,
    "ACQUAINTANCE": 24,
    "NETWORK_MEETING": 25,
    "NETWORK_PARTNER": 26,
    "TAKING_STOCK": 27,
    "LEAVE": 28,
    "ENCOUNTERS": 29,
    "WHOM": 30,
    "ACCESS": 31,
    "HEARING": 32,
    "ASKED": 33,
    "INTRODUCTION": 34,
    "POSITION_LINK": 35,
    "TRAIT_LINK": 36,
    "SHUFFLE": 37,
    "CONTROL": 38,
}
"""The purposes that have ever been used, each with its number. New ones go to the end; nothing else may change."""


def world_of(month: int, key: Key = Key(3, 5)) -> Any:  # noqa: ANN401, B008  a Key is immutable
    return SimpleNamespace(key=key, scene=SimpleNamespace(month=month))


def of_64_bits() -> Callable[..., tuple[int, ...]]:
    """The text of `philox` with the constants of Philox4x64: its words, and so its shifts, are twice as long."""
    constants = {
        "MASK": 2**64 - 1,
        "WEYL_0": 0x9E3779B97F4A7C15,
        "WEYL_1": 0xBB67AE8584CAA73B,
        "MULTIPLIER_0": 0xD2E7470EE14C6C93,
        "MULTIPLIER_1": 0xCA5A826395121157,
    }
    code = philox.__code__
    assert 32 in code.co_consts
    wider = code.replace(co_consts=tuple(64 if constant == 32 else constant for constant in code.co_consts))
    return FunctionType(wider, constants | {"range": range})


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_the_published_answers(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    assert philox(*counter, *key) == answer
    assert numba.njit(philox)(*counter, *key) == answer


def test_the_same_text_with_longer_words_is_numpys_philox(seed: int) -> None:
    wider, rng = of_64_bits(), np.random.default_rng(seed)
    for _ in range(200):
        words = rng.integers(2**64, size=6, dtype=np.uint64)
        words[0] >>= np.uint64(1)
        # NumPy counts one up before it draws.
        theirs = np.random.Philox(counter=words[:4], key=words[4:]).random_raw(4)
        own = [int(word) for word in words]
        own[0] += 1
        assert list(wider(*own)) == theirs.tolist()


def test_compiled_and_interpreted_give_the_same_words(seed: int) -> None:
    compiled = numba.njit(philox)
    for row in np.random.default_rng(seed).integers(2**32, size=(3000, 6)).tolist():
        assert compiled(*row) == philox(*row)


def test_a_uniform_is_the_first_53_bits_of_its_counter() -> None:
    key = Key(7, 11)
    first, second, _, _ = philox(1, 2, 3, 4, *key)
    assert uniform(world_of(3, key), 1, 2, 4) == ((first >> 5) * 2**26 + (second >> 6)) / 2**53


@pytest.mark.parametrize("execution", [lambda text: text, numba.njit])
@pytest.mark.parametrize("number", [1, AT_ONCE, 70])
def test_lots_drawn_at_once_are_those_drawn_one_by_one(execution: Callable[..., Any], number: int) -> None:
    key, world = Key(3, 2**32 - 1), world_of(5, Key(3, 2**32 - 1))
    lots = np.zeros((4, 6 * AT_ONCE))
    execution(draws.draw_lots)(key, 8, 5, int(Purpose.TIE), lots, 0, number)
    execution(draws.draw_lots_with_all)(key, 8, 5, int(Purpose.TIE), lots, 1, number)
    listed = np.random.default_rng(number).permutation(6 * AT_ONCE)
    execution(draws.draw_lots_of)(key, listed, 8, 5, int(Purpose.TIE), lots, 2, number)
    execution(draws.draw_lots_with_those)(key, 8, listed.reshape(1, -1), 0, 5, int(Purpose.TIE), lots, 3, number)
    assert lots[0, :number].tolist() == [uniform(world, who, 8, Purpose.TIE) for who in range(number)]
    assert lots[1, :number].tolist() == [uniform(world, 8, other, Purpose.TIE) for other in range(number)]
    assert lots[2, :number].tolist() == [uniform(world, who, 8, Purpose.TIE) for who in listed[:number]]
    assert lots[3, :number].tolist() == [uniform(world, 8, other, Purpose.TIE) for other in listed[:number]]


def test_lots_with_all_are_those_of_the_month_in_the_first_row() -> None:
    world = world_of(5)
    world.lots = np.zeros((2, 2 * AT_ONCE))
    draws.lots_with_all(world, 8, 20, Purpose.MOVE_WHERE)
    assert world.lots[0, :20].tolist() == [uniform(world, 8, other, Purpose.MOVE_WHERE) for other in range(20)]
    assert not world.lots[1].any()


def test_the_lot_of_the_month_is_the_uniform_with_nobody() -> None:
    world = world_of(4)
    world.scene.people = world.scene.organisations = 20
    world.case = SimpleNamespace(network_strength=0.5)
    world.lots = np.zeros((1 + len(MONTHLY), 2 * AT_ONCE))
    draws.draw_monthly_lots(world)
    for purpose in MONTHLY:
        drawn = [monthly_lot(world, who, purpose) for who in range(20)]
        assert drawn == [uniform(world, who, 0, purpose) for who in range(20)], purpose


def test_a_rank_is_the_uniform_of_nobody_else() -> None:
    assert keyed_rank(world_of(4), 9, Purpose.STYLE) == uniform(world_of(4), 9, 0, Purpose.STYLE)


@pytest.mark.parametrize(("word", "expected"), [(0, 0.0), (ONES, 1.0 - 2.0**-53)])
def test_a_uniform_is_never_one(monkeypatch: pytest.MonkeyPatch, word: int, expected: float) -> None:
    monkeypatch.setattr(draws, "philox", lambda *_: (word,) * 4)
    assert uniform(world_of(1), 1, 1, 1) == expected


def test_who_with_whom_when_why_and_whose_luck_each_make_another_draw() -> None:
    lots = {
        uniform(world_of(month, Key(low, high)), who, partner, purpose)
        for who, partner, month, purpose, low, high in np.ndindex(3, 3, 3, 3, 2, 2)
    }
    assert len(lots) == 3**4 * 2**2


@pytest.mark.parametrize("walk", ["who", "partner", "month", "purpose", "low", "high"])
def test_draws_are_even_and_unrelated_in_whichever_order_one_walks(walk: str) -> None:
    fixed = {"who": 3, "partner": 8, "month": 2, "purpose": 17, "low": 1, "high": 0}
    lots = []
    for step in range(8000):
        at = fixed | {walk: step}
        lots.append(uniform(world_of(at["month"], Key(at["low"], at["high"])), at["who"], at["partner"], at["purpose"]))
    pairs = [(int(one * 8), int(other * 8)) for one, other in pairwise(lots)]
    counts = np.bincount([8 * one + other for one, other in pairs], minlength=64)
    expected = len(pairs) / 64
    # Chi-squared with 63 degrees of freedom lies beyond 130 once in a million.
    assert ((counts - expected) ** 2 / expected).sum() < 130


@pytest.mark.parametrize("seed_of_study", [0, 1, 2**32, 2**63])
def test_a_replicates_key_is_numpys_spawned_seed(seed_of_study: int) -> None:
    for replication in (0, 1, 41):
        spawned = np.random.SeedSequence(seed_of_study, spawn_key=(replication,)).generate_state(2)
        key = replicate_key(seed_of_study, replication)
        assert key == tuple(spawned.tolist())
        assert [type(word) for word in key] == [int, int]


def test_replicates_have_keys_of_their_own_under_seed_nought_too() -> None:
    keys = [replicate_key(seed, replication) for seed in (0, 1, 2) for replication in range(3000)]
    assert len(set(keys)) == len(keys)


def test_a_quantile_lies_between_its_tabulated_neighbours() -> None:
    world: Any = SimpleNamespace(quantiles=np.array([[9.0] * 5, [0.0, 0.1, 0.4, 0.5, 1.0]]))
    shares, expected = [0.0, 0.125, 0.25, 0.5, 0.75, 0.875], [0.0, 0.05, 0.1, 0.4, 0.5, 0.75]
    assert [quantile(world, 1, share) for share in shares] == pytest.approx(expected)
    assert 0.99 < quantile(world, 1, 1.0 - 2.0**-53) <= 1.0


def test_purposes_are_only_ever_appended() -> None:
    assert len(Purpose.__members__) == len({int(purpose) for purpose in Purpose}), "two purposes share a number"
    now = {purpose.name: int(purpose) for purpose in sorted(Purpose)}
    assert list(now.items())[: len(PUBLISHED_PURPOSES)] == list(PUBLISHED_PURPOSES.items())
    assert list(now.values()) == list(range(len(now)))


# Which draw decides what

READ_AGAIN = {
    Purpose.ACTIVATION: "the order of a month is one order, for all its acts",
    Purpose.STYLE: "everyone's rank among the others is counted from the same lots",
    Purpose.VIEW: "one weight between outcomes and experience holds for all practices",
    Purpose.EMPHASIS: "a whim is read once for its share and once for the sum of all",
    Purpose.FOCUS: "as for emphasis",
    Purpose.WHOM: "what a lead guesses of someone holds for all encounters of a month",
    Purpose.ACCESS: "a clinician has access to an organisation's managers for a month, or has not",
    Purpose.ASKED: "an organisation asks a clinician in a month, or does not, about whatever is decided",
}
"""Purposes whose draws one decision may read several times, and why that is right."""

EVENTFUL = {
    "leadership.time_share": 0.25,
    "network.strength": 1.0,
    "turbulence.local_per_year": 6.0,
    "turbulence.national_per_year": 3.0,
}


class Record:
    """Which function has read each draw, and how often."""

    def __init__(self) -> None:
        self.readers: dict[tuple[int, ...], list[str]] = defaultdict(list)

    def philox(self, *words: int) -> tuple[int, int, int, int]:
        """In place of `draws.philox`: note who reads, then draw."""
        frame = inspect.currentframe()
        while frame and frame.f_code.co_filename in {__file__, draws.__file__}:
            frame = frame.f_back
        assert frame is not None
        if words[1] != ONES:  # what is drawn along with the rest for an empty place of a list decides nothing
            self.readers[words[:4]].append(frame.f_code.co_name)
        return philox(*words)

    def shared(self) -> set[str]:
        """Draws that two functions read."""
        return {
            f"{Purpose(key[3]).name}: {', '.join(sorted(set(names)))}"
            for key, names in self.readers.items()
            if len(set(names)) > 1
        }

    def repeated(self) -> set[str]:
        """Draws that one function reads more than once."""
        return {
            f"{Purpose(key[3]).name}: {names[0]}"
            for key, names in self.readers.items()
            if len(names) > len(set(names)) and Purpose(key[3]) not in READ_AGAIN
        }


@pytest.fixture(scope="module")
def record() -> Record:
    """All draws of some eventful runs on Mesa; keys of different runs are kept apart by their months."""
    record = Record()
    with pytest.MonkeyPatch.context() as patches:
        for number, (name, months) in enumerate(
            (("classroom", 36), ("sexual_health_london", 8), ("dementia_london", 30))
        ):
            own = Record()
            patches.setattr(draws, "philox", own.philox)
            model = RedesignModel(override(load_scenario(name), EVENTFUL), seed=number)
            for _ in range(months):
                list(model.stages())
            for (who, partner, month, purpose), names in own.readers.items():
                record.readers[who, partner, month + 1000 * number, purpose] = names
    return record


def test_no_draw_decides_two_things(record: Record) -> None:
    assert not (found := record.shared()), found


def test_no_decision_is_made_twice_by_one_draw(record: Record) -> None:
    assert not (found := record.repeated()), found


def test_the_record_sees_draws_for_most_purposes_and_none_without(record: Record) -> None:
    seen = {Purpose(key[3]) for key in record.readers}
    assert len(seen) > 20
    assert {
        Purpose.ACTIVATION,
        Purpose.STYLE,
        Purpose.TIE,
        Purpose.MOVE,
        Purpose.SUCCESSOR,
        Purpose.TAKING_STOCK,
    } <= seen


def test_a_draw_used_twice_is_seen() -> None:
    record = Record()
    record.readers[1, 0, 1, Purpose.MOVE] = ["move_staff", "reorganise"]
    record.readers[2, 0, 1, Purpose.MOVE] = ["move_staff", "move_staff"]
    record.readers[3, 0, 1, Purpose.STYLE] = ["style_rank", "style_rank"]
    assert record.shared() == {"MOVE: move_staff, reorganise"}
    assert record.repeated() == {"MOVE: move_staff"}
