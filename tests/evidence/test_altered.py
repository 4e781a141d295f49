"""Altered runs: both executions hold the same bits, what is altered is altered, and all the rest is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import pytest

from redesign_sim.draws import replicate_key
from redesign_sim.engine import run_ensemble
from redesign_sim.engine.replications import run_courses
from redesign_sim.evidence.altered import Alteration, alter_month, kind_of_tie
from redesign_sim.evidence.altering import AlteredModel, outcomes_on_mesa, run_altered, run_altered_by_month
from redesign_sim.model import RedesignModel
from redesign_sim.roles import Role
from redesign_sim.scenario import load_scenario, override

if TYPE_CHECKING:
    from redesign_sim.scenario import Scenario

SEED = 2013
compiled_only = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="compares with compiled runs")
NETWORKS = (
    Alteration.TIES_REWIRED,
    Alteration.TIES_REWIRED_ALIKE,
    Alteration.TIES_CLUSTERED,
    Alteration.TIES_EVEN,
)


def busy(months: int = 24) -> Scenario:
    changes = {"leadership.time_share": 0.3, "turbulence.local_per_year": 3.0, "horizon_months": months}
    return override(load_scenario("classroom"), changes)


def world_of(altered: Alteration, case: str = "dementia_manchester") -> Any:  # noqa: ANN401  a world of agents
    return AlteredModel(load_scenario(case), altered, seed=SEED).world


def ordinary(case: str = "dementia_manchester") -> Any:  # noqa: ANN401
    return RedesignModel(load_scenario(case), rng=SEED).world


@compiled_only
@pytest.mark.parametrize("altered", Alteration)
def test_both_executions_alter_alike(altered: Alteration) -> None:
    for replication in range(3):
        one = run_altered(busy(), range(replication, replication + 1), SEED, altered)
        assert one.equals(outcomes_on_mesa(busy(), altered, SEED, replication)), altered.name


@compiled_only
def test_a_run_in_which_nothing_is_altered_is_an_ordinary_run() -> None:
    case = load_scenario("dementia_london")
    assert run_altered(case, range(4), SEED, Alteration.NOTHING).equals(run_ensemble(case, range(4), SEED))


@compiled_only
def test_followed_by_month_a_run_is_the_same() -> None:
    names = ["integration_gain", "at_risk"]
    outcomes, months = run_altered_by_month(busy(), range(3), SEED, Alteration.NOTHING, names)
    ordinary_outcomes, ordinary_months = run_courses(busy(), range(3), SEED, names, threads=1)
    assert outcomes.equals(ordinary_outcomes)
    assert months.equals(ordinary_months)


@compiled_only
@pytest.mark.parametrize("altered", [each for each in Alteration if each != Alteration.NOTHING])
def test_each_alteration_changes_some_run(altered: Alteration) -> None:
    case = load_scenario("dementia_manchester")
    assert not run_altered(case, range(6), SEED, altered).equals(run_ensemble(case, range(6), SEED))


def ties(world: Any) -> np.ndarray[Any, np.dtype[np.int64]]:  # noqa: ANN401
    return np.asarray(world.ties, np.int64)


def counts_by_kind(world: Any) -> np.ndarray[Any, np.dtype[np.int64]]:  # noqa: ANN401
    """How many ties of each kind each person has."""
    many = world.scene.people
    counts = np.zeros((many, 4), np.int64)
    for i in range(many):
        for j in np.flatnonzero(ties(world)[i]):
            counts[i, kind_of_tie(world.people[i], world.people[j])] += 1
    return counts


@pytest.mark.parametrize("altered", NETWORKS)
def test_a_rival_network_is_another_and_its_counts_are_kept(altered: Alteration) -> None:
    world = world_of(altered)
    assert (ties(world) == ties(world).T).all()
    assert not np.diag(ties(world)).any()
    assert (ties(world) != ties(ordinary())).mean() > 0.02
    for i in range(world.scene.people):
        known = np.flatnonzero(ties(world)[i])
        here = np.bincount([world.people[j].organisation for j in known], minlength=world.scene.organisations)
        assert list(here) == [world.acquaintances[i, o] for o in range(world.scene.organisations)]


def test_rewiring_keeps_how_many_each_knows() -> None:
    assert (ties(world_of(Alteration.TIES_REWIRED)).sum(0) == ties(ordinary()).sum(0)).all()
    assert counts_by_kind(world_of(Alteration.TIES_REWIRED))[:, 3].sum() < counts_by_kind(ordinary())[:, 3].sum()


def test_rewiring_alike_keeps_how_many_each_knows_of_each_kind() -> None:
    assert (counts_by_kind(world_of(Alteration.TIES_REWIRED_ALIKE)) == counts_by_kind(ordinary())).all()


def test_clustering_keeps_how_many_ties_there_are_of_each_kind_and_closes_triangles() -> None:
    world, before = world_of(Alteration.TIES_CLUSTERED), ordinary()
    assert (counts_by_kind(world).sum(0) == counts_by_kind(before).sum(0)).all()
    triangles = [np.trace(np.linalg.matrix_power(ties(each), 3)) for each in (world, before)]
    assert triangles[0] > 1.5 * triangles[1]


def test_an_even_network_is_about_as_dense_and_less_uneven() -> None:
    degrees = [
        np.array([ties(AlteredModel(load_scenario("dementia_manchester"), altered, seed=seed).world).sum(0)])
        for altered in (Alteration.TIES_EVEN, Alteration.NOTHING)
        for seed in range(24)
    ]
    even, uneven = np.concatenate(degrees[:24]), np.concatenate(degrees[24:])
    assert even.mean() == pytest.approx(uneven.mean(), rel=0.08)
    assert even.var() < uneven.var()


def test_traits_go_round_among_clinicians_in_pairs_and_nobody_else_changes() -> None:
    world = world_of(Alteration.TRAITS_SWAPPED)
    before = [(person.ambition, person.capability) for person in world.people]
    world.scene.month = 1
    alter_month(world, int(Alteration.TRAITS_SWAPPED))
    after = [(person.ambition, person.capability) for person in world.people]
    clinical = [person.role == Role.CLINICIAN for person in world.people]
    assert sorted(before) == sorted(after)
    assert all(one == other for one, other, c in zip(before, after, clinical, strict=True) if not c)
    moved = [one != other for one, other, c in zip(before, after, clinical, strict=True) if c]
    assert np.mean(moved) > 0.8


def test_dealing_traits_favours_nobody() -> None:
    """Whoever begins with one pair of traits holds it afterwards as often as everybody else does."""
    world = world_of(Alteration.TRAITS_SWAPPED, "classroom")
    clinicians = [person for person in world.people if person.role == Role.CLINICIAN]
    where = np.zeros(len(clinicians))
    for month in range(1, 1401):
        for place, person in enumerate(clinicians):
            person.ambition = float(place)
        world.scene.month = month
        alter_month(world, int(Alteration.TRAITS_SWAPPED))
        where[[person.ambition for person in clinicians].index(0.0)] += 1
    assert (abs(where / 1400 - 1 / len(clinicians)) < 0.04).all()


@pytest.mark.parametrize(
    ("altered", "expected"),
    [(Alteration.FIXED_ORDER, list(range(12))), (Alteration.REVERSE_ORDER, list(range(11, -1, -1)))],
)
def test_everyone_acts_in_the_altered_order_all_month(altered: Alteration, expected: list[int]) -> None:
    seen: list[int] = []

    class Watched(AlteredModel):
        def _do(self, act: Any) -> None:  # noqa: ANN401
            super()._do(act)
            if act.whom == "people":
                seen.extend(self.world.order[0, place] for place in range(self.world.scene.people))

    for _ in Watched(load_scenario("classroom"), altered, seed=SEED).stages():
        pass
    assert seen[: len(expected)] == expected
    assert len(set(zip(*[iter(seen)] * len(expected), strict=True))) == 1


def test_where_all_want_the_same_every_package_is_agreed_and_where_nothing_is_acceptable_none() -> None:
    assert world_of(Alteration.ALL_WANT_THE_SAME).scene.zone == pytest.approx(1.0)
    assert world_of(Alteration.NOTHING_ACCEPTABLE).scene.zone == 0.0


def test_altered_runs_keep_the_ordinary_luck() -> None:
    world, before = world_of(Alteration.TIES_EVEN), ordinary()
    assert world.key == before.key == replicate_key(SEED, 0)
    assert [person.ambition for person in world.people] == [person.ambition for person in before.people]
