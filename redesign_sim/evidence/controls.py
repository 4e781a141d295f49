"""Negative controls and null models: worlds in which a pattern must be gone, and what shows that they are such worlds.

Each control says beforehand what has to come out. Beside it stand its *teeth*: expectations that show that the
control could have failed, because the same effect is there, or people do act, where nothing has been taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from redesign_sim.evidence.altered import Alteration
from redesign_sim.evidence.claims import AS_IT_IS, Condition, Expectation, contrast, level
from redesign_sim.evidence.declared import sizes
from redesign_sim.evidence.declared.leaders import IMPACT, PASSIVE
from redesign_sim.evidence.declared.policy import every_strategy
from redesign_sim.evidence.verdicts import Verdict, judge
from redesign_sim.evidence.ways import Way, sheets_in

if TYPE_CHECKING:
    from redesign_sim.evidence.claims import Changes
    from redesign_sim.scenario import Scenario

GAIN = "integration_gain"


@dataclass(frozen=True, eq=False)
class NullModel(Condition):
    """A condition in which something is altered that no scenario could state."""

    altered: Alteration = Alteration.NOTHING


class Control(NamedTuple):
    """A world in which something is taken away: what must then come out, and what shows that it could have failed."""

    id: str
    taken_away: str
    must: tuple[Expectation, ...]
    teeth: tuple[Expectation, ...] = ()

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """All that is judged."""
        return (*self.must, *self.teeth)


def altered(name: str, alteration: Alteration, of: Condition = AS_IT_IS, changes: Changes | None = None) -> NullModel:
    """A condition with something altered, and perhaps more of the case replaced."""
    return NullModel(name, {**of.changes, **(changes or {})}, of.of_case, alteration)


def wholly(style: str) -> dict[str, object]:
    """A locality all of whose clinicians lead in one way."""
    kinds = ("passive", "localised", "lacking_followers", "high_impact")
    return {"leadership.mix": {kind: float(kind == style) for kind in kinds}}


def loudest(case: Scenario) -> Changes:
    """Every strategy as strong, as well funded and as hard managed as one can be."""
    return every_strategy(case, strength=1.0, funding=1.0, managed_target=1.0)


NO_TIME = {"leadership.time_share": 0.0}

NOBODY_LEADS = Condition("nobody gives time", NO_TIME)
STRATEGY_ALONE = Condition("the loudest strategies, and nobody gives time", NO_TIME, loudest)
STRATEGY_AND_PASSIVE = Condition("the loudest strategies, and all are passive", wholly("passive"), loudest)
STRATEGY_AND_LEADERS = Condition("the loudest strategies, and all are high-impact", wholly("high_impact"), loudest)
NOISE = Condition(
    "reorganisations alone",
    {
        **NO_TIME,
        "commissioning.outside_option": 0.0,
        "turbulence.local_per_year": 6.0,
        "turbulence.national_per_year": 1.0,
    },
)

SAME = Alteration.ALL_WANT_THE_SAME
ABLE, UNABLE = (
    Condition(f"all {words}", wholly(style))
    for words, style in (("high-impact", "high_impact"), ("lacking followers", "lacking_followers"))
)
SAME_ABLE, SAME_UNABLE = (altered(f"{each.name}, all want the same", SAME, each) for each in (ABLE, UNABLE))

NO_WAY_OUT = {"commissioning.outside_option": 0.0, "negotiation.guarantees": 0.0}
NOTHING_ABLE, NOTHING_UNABLE = (
    altered(f"{each.name}, nothing is acceptable", Alteration.NOTHING_ACCEPTABLE, each, NO_WAY_OUT)
    for each in (ABLE, UNABLE)
)

SWAPPED_IMPACT, SWAPPED_PASSIVE = (
    altered(f"{each.name}, traits swapped every month", Alteration.TRAITS_SWAPPED, each) for each in (IMPACT, PASSIVE)
)
REWIRED = altered("ties rewired, as many for each", Alteration.TIES_REWIRED)
REWIRED_ALIKE = altered("ties rewired, as many of each kind for each", Alteration.TIES_REWIRED_ALIKE)

CONTROLS: dict[str, Control] = {
    control.id: control
    for control in (
        Control(
            "no_time",
            "Nobody gives time to leading.",
            (Expectation("no_time.1", "integration gains nothing", level(NOBODY_LEADS, GAIN), "nothing"),),
            (
                Expectation(
                    "no_time.2", "with time it does gain", contrast(AS_IT_IS, NOBODY_LEADS, GAIN), secondary=True
                ),
            ),
        ),
        Control(
            "strategy_only",
            "There is the loudest strategy that can be, and nobody to lead, or only the passive.",
            (
                Expectation(
                    "strategy_only.1",
                    "where nobody gives time integration gains nothing",
                    level(STRATEGY_ALONE, GAIN),
                    "nothing",
                ),
                Expectation(
                    "strategy_only.2",
                    "it does not saturate integration: with passive people it gains less than with high-impact ones",
                    contrast(STRATEGY_AND_PASSIVE, STRATEGY_AND_LEADERS, GAIN),
                    "less",
                ),
            ),
        ),
        Control(
            "noise_only",
            "There are reorganisations without end, nobody gives time, and nobody imposes.",
            (Expectation("noise_only.1", "integration gains nothing", level(NOISE, GAIN), "nothing"),),
            (
                Expectation(
                    "noise_only.2",
                    "there is a great deal of activity all the same",
                    level(NOISE, "activity"),
                    smallest=10.0,
                    secondary=True,
                ),
            ),
        ),
        Control(
            "all_want_the_same",
            "Everyone sees the same worth, loses nothing and can be moved.",
            (
                Expectation(
                    "all_want_the_same.1",
                    "capability does not change how much integration gains, among the ambitious",
                    contrast(SAME_ABLE, SAME_UNABLE, GAIN),
                    "nothing",
                ),
            ),
            (
                Expectation(
                    "all_want_the_same.2",
                    "as people are, it does",
                    contrast(ABLE, UNABLE, GAIN),
                    secondary=True,
                ),
                Expectation(
                    "all_want_the_same.3",
                    "it may change when: months to the first authorisation",
                    contrast(SAME_ABLE, SAME_UNABLE, "months_to_authorisation"),
                    "open",
                    sizes.MONTH,
                    secondary=True,
                ),
            ),
        ),
        Control(
            "nothing_acceptable",
            "Every step in any practice costs everyone else more than all else could make up.",
            (
                Expectation(
                    "nothing_acceptable.1",
                    "integration gains nothing where all leads are high-impact",
                    level(NOTHING_ABLE, GAIN),
                    "nothing",
                ),
                Expectation(
                    "nothing_acceptable.2",
                    "nor where all lack followers",
                    level(NOTHING_UNABLE, GAIN),
                    "nothing",
                ),
            ),
            (
                Expectation(
                    "nothing_acceptable.3",
                    "people do put redesigns forward",
                    level(NOTHING_ABLE, "proposals_started"),
                    smallest=sizes.PROPOSAL,
                    secondary=True,
                ),
            ),
        ),
        Control(
            "traits_swapped",
            "Ambition and capability are dealt anew among the clinicians every month.",
            (
                Expectation(
                    "traits_swapped.1",
                    "whoever began as high-impact leads no more into practice than whoever began as passive",
                    contrast(SWAPPED_IMPACT, SWAPPED_PASSIVE, "focal_depth_led"),
                    "nothing",
                    sizes.SHARE,
                ),
                Expectation(
                    "traits_swapped.2",
                    "nor is integration any different",
                    contrast(SWAPPED_IMPACT, SWAPPED_PASSIVE, GAIN),
                    "nothing",
                ),
            ),
            (
                Expectation(
                    "traits_swapped.3",
                    "as people are, the high-impact one leads more into practice",
                    contrast(IMPACT, PASSIVE, "focal_depth_led"),
                    smallest=sizes.SHARE,
                    secondary=True,
                ),
            ),
        ),
        Control(
            "ties_rewired",
            "On the first day ties are rewired; everyone knows as many people as before, and others.",
            (
                Expectation(
                    "ties_rewired.1",
                    "whom one knows of each kind does not matter, only how many: integration gains as much",
                    contrast(REWIRED_ALIKE, AS_IT_IS, GAIN),
                    "nothing",
                ),
            ),
            (
                Expectation(
                    "ties_rewired.2",
                    "without regard to profession and organisation: what becomes of the gain in integration",
                    contrast(REWIRED, AS_IT_IS, GAIN),
                    "open",
                    secondary=True,
                ),
                Expectation(
                    "ties_rewired.3",
                    "without regard to them: people known elsewhere at the end",
                    contrast(REWIRED, AS_IT_IS, "cross_boundary_ties"),
                    "open",
                    sizes.TIES,
                    secondary=True,
                ),
            ),
        ),
    )
}
"""The controls of this model by name; stated before any of them was run."""


class Outcome(NamedTuple):
    """What came of an expectation of a control in a case."""

    control: str
    case: str
    expectation: Expectation
    verdict: Verdict


def way_of(condition: Condition) -> Way:
    """The way in which a condition is run: as ever, unless it is a null model."""
    return Way(condition.altered if isinstance(condition, NullModel) else Alteration.NOTHING)


def try_control(control: Control, case: Scenario, replications: range, seed: int) -> list[Outcome]:
    """Run a control in a case and judge all that it expects."""
    sheets = sheets_in(case, control.expectations, replications, seed, way_of)
    return [Outcome(control.id, case.name, each, judge(each, sheets)) for each in control.expectations]
