"""The exercises, from easy to hard. No answer is stored: each is computed from the case that is handed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from redesign_sim.exercises.measuring import Finding, Pair, ends_in, futures, goes_on, levers
from redesign_sim.scenario import load_scenario, override, walk_fields
from redesign_sim.study.statistics import SMALLEST_EFFECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redesign_sim.scenario import Scenario

NO_LEVERS = ("behaviour", "mechanisms", "integrated_threshold", "horizon_months", "clock_starts", "interfaces")
"""What nobody in a case could choose, or what only moves the goal."""
ONLY_HIGH_IMPACT = {"passive": 0.0, "localised": 0.0, "lacking_followers": 0.0, "high_impact": 1.0}
TWO_THIRDS = 0.67
RESTLESS = 4.0
HEARD = 0.3


class Exercise(NamedTuple):
    """What is asked, of which case, what an answer may change of it, and how it is judged."""

    title: str
    level: Literal["easy", "medium", "hard"]
    ask: str
    check: Callable[[Scenario, Scenario], Iterator[Finding]]
    begin: str
    start: str = "classroom"
    may_change: tuple[str, ...] = ()
    may_not_change: tuple[str, ...] = NO_LEVERS
    most_levers: int | None = None


def judge(exercise: Exercise, answer: Scenario) -> list[Finding]:
    """Everything that was asked of an answer, with what was measured; what it may not do comes first."""
    start = load_scenario(exercise.start)
    broken = _rules_of_the_game(exercise, levers(start, answer))
    return broken or list(exercise.check(start, answer))


def _rules_of_the_game(exercise: Exercise, changed: list[str]) -> list[Finding]:
    """What an answer changes and may not; nothing is run before that is put right."""
    if not changed:
        look = f"{exercise.begin} Did you save the file?"
        return [
            Finding(f"Your case says what {exercise.start} says.", "a case that differs from it", met=False, next=look)
        ]
    closed = [path for path in changed if not _may_change(exercise, path)]
    if closed:
        allowed = ", ".join(exercise.may_change) or f"anything but {', '.join(exercise.may_not_change)}"
        look = f"Put back what {exercise.start} says there. You may change {allowed}."
        return [Finding(f"Your case changes {', '.join(closed)}.", "that this stays as it is", met=False, next=look)]
    if exercise.most_levers is not None and len(changed) > exercise.most_levers:
        asked = f"{exercise.most_levers} at most (a mix of leadership counts as one)"
        look = "Put the others back: with several changes at once nobody can say which of them did it."
        return [Finding(f"Your case changes {len(changed)} things: {', '.join(changed)}.", asked, met=False, next=look)]
    return []


def _may_change(exercise: Exercise, path: str) -> bool:
    """Whether a field is one that an answer may change."""
    within = lambda named: re.match(rf"{re.escape(named)}(?![a-z_])", path)  # noqa: E731  one word's worth
    if exercise.may_change:
        return any(map(within, exercise.may_change))
    return not any(map(within, exercise.may_not_change))


def _against(start: Scenario, answer: Scenario) -> Pair:
    """Futures of the case that was given, and of the answer."""
    return Pair(futures(start), futures(answer), start.name, "yours")


# --- what is asked ----------------------------------------------------------------------------------------------------


def one_lever(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """Integration rises by a little more than anybody could overlook."""
    look = (
        "Which number do most people feel, and most often? Compare two candidates with `redesign-sim compare classroom "
        "--set-b network.strength=0.5`. A result whose interval reaches below 0.03 needs a stronger change, not more "
        "luck."
    )
    yield _against(start, answer).rises("integration_index", 0.03, look)


def much_ado(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """A large change of which nothing comes."""
    (path,) = levers(start, answer)
    yield _large(path, start, answer)
    look = (
        "An interval that is narrow and lies around zero says that nothing came of it; a wide one says that we do not "
        "know. Look in docs/parameters.md for a number that few rules read, or whose rules never see this case."
    )
    yield _against(start, answer).agrees("integration_index", SMALLEST_EFFECT, look)


def _large(path: str, start: Scenario, answer: Scenario) -> Finding:
    """Asked: that a number moves over half its range or more."""
    look = f"`redesign-sim explain {path}` gives the range of each number; choose one that has a range."
    values = [{each.path: each for each in walk_fields(case)}.get(path) for case in (start, answer)]
    old, new = (each.value if each else None for each in values)
    sweep = next((each.sweep for each in values if each and each.sweep), None)
    if sweep is None or not isinstance(old, int | float) or not isinstance(new, int | float):
        return Finding(f"{path} is no number with a range.", "a number moved over half its range", met=False, next=look)
    moved = abs(new - old) / (sweep[1] - sweep[0])
    said = f"{path} goes from {old:g} to {new:g}, {100 * moved:.0f} % of its range ({sweep[0]:g} to {sweep[1]:g})."
    return Finding(said, "half of it or more", moved >= 0.5, look)  # noqa: PLR2004  half is what is asked


def too_late(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """The same strategy at another time, and a tenth of all futures lost."""
    look = (
        "A redesign takes ten months and more. How much time is left when your strategy comes? Watch one history: "
        "`redesign-sim run my.yaml --seed 1`."
    )
    yield _against(start, answer).falls("integrated", 0.1, look)


def two_in_three(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """A third fewer high-impact leaders, and care as joined up as with nobody else."""
    best = override(start, {"leadership.mix": ONLY_HIGH_IMPACT})
    share = answer.leadership.mix.high_impact if answer.leadership.mix else 1.0
    look = "Leave a third of the places to others: leadership.mix.high_impact at 0.67 or less."
    yield Finding(
        f"{100 * share:.0f} % of your clinicians are high-impact.", "67 % or fewer", share <= TWO_THIRDS, look
    )
    look = (
        "Who fills the other third matters. The high-impact have two gifts, ambition and capability; which of the two "
        "does a team need from everybody? Try each of the three other types alone."
    )
    pair = Pair(futures(best), futures(answer), "a case of high-impact leaders only", "yours")
    yield pair.keeps_up("integration_index", SMALLEST_EFFECT, look)


def gung_ho(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """More is started, and those who start it are trusted less."""
    pair = _against(start, answer)
    look = "Those who want more start more: the two types with much ambition are lacking_followers and high_impact."
    yield pair.rises("proposals_started", 0.5, look)
    look = (
        "A step beyond what the other accepts costs trust (rules N21 and N22). Who takes such steps without seeing "
        "that they do? Ask `redesign-sim explain leadership.mix`."
    )
    yield pair.falls("follower_trust", 0.02, look)


def better_at_home(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """Each clinic improves, and care is less joined up between them."""
    pair = _against(start, answer)
    look = "What gives people more time or peace for their own clinic? Follow local_improvement in `compare --outcome`."
    yield pair.rises("local_improvement", 0.02, look)
    look = (
        "Improvement at home and between go together until something stands at the border. What keeps people within "
        "their own walls? Look at `organisations` and `trust`."
    )
    yield pair.falls("integration_index", 0.02, look)


def weather(start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """Four reorganisations a year, and one lever that makes up for them."""
    often = answer.turbulence.local_per_year
    look = "Set turbulence.local_per_year to 4 first, and see what it does: `scenario diff classroom my.yaml`."
    yield Finding(f"Each organisation is reorganised {often:g} times a year.", "4 times", often >= RESTLESS, look)
    look = (
        "Reorganisation takes attention, moves people and breaks ties. Which lever gives back what was lost, rather "
        "than asking more of those who are distracted?"
    )
    yield _against(start, answer).keeps_up("integration_index", SMALLEST_EFFECT, look)


def worse_for_it(_start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """A strategy without which the same case does better."""
    strong = max((each.strength for each in answer.strategies), default=0.0)
    look = "A strategy has to be there and to be heard: give it a strength of 0.3 or more."
    yield Finding(f"The strongest strategy has a strength of {strong:g}.", "0.3 or more", strong >= HEARD, look)
    without = futures(override(answer, {"strategies": []}))
    look = (
        "Leads are drawn to what a strategy stresses. What if it is loud, comes first, and stresses something that "
        "does little for patients? Read about `emphasis` and `clinical_input`: `redesign-sim explain "
        "strategies.emphasis`."
    )
    pair = Pair(without, futures(answer), "your case without strategies", "yours")
    yield pair.falls("integration_index", 0.05, look)


def two_blocs(_start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """Redesigns are started and started, and nobody gives way."""
    runs = futures(answer)
    look = "Nothing can stall that was never started: leave people a reason, the time and somebody whom they know."
    yield goes_on("cross_boundary_started", runs, 1.0, look)
    look = (
        "A stalemate needs two who hold out. What makes views immovable, and what would bring them together that you "
        "could take away? `redesign-sim run my.yaml --seed 1` tells who holds out, and why."
    )
    yield ends_in("stalemate", runs, 0.4, look)


def two_rules(_start: Scenario, answer: Scenario) -> Iterator[Finding]:
    """Whether all must agree or one decides: the same comes of it, and something does come of it."""
    agreed, decided = (
        futures(override(answer, {"commissioning.decision_rule": rule})) for rule in ("unanimity", "lead_authority")
    )
    pair = Pair(agreed, decided, "your case under unanimity", "your case under lead authority")
    look = "In a case where nothing happens every rule comes to the same. Bring it to life first."
    yield goes_on("redesigns_completed", agreed, 3.0, look)
    look = (
        "A rule for deciding matters only where somebody disagrees at the end. What makes people agree before it comes "
        "to a vote? See which proposals are refused, and by whom, in `redesign-sim run classroom --seed 1`."
    )
    yield pair.agrees("proposals_refused", 0.1, look)
    yield pair.agrees("integration_index", SMALLEST_EFFECT, look)


ON_TO = "Copy the case (`redesign-sim scenario new my`) and change it."

EXERCISES: dict[int, Exercise] = dict(
    enumerate(
        (
            Exercise(
                "One lever",
                "easy",
                "Change one thing in the classroom case so that integration ends higher by 0.03 or more. The whole "
                "interval has to lie there, so that luck cannot have done it.",
                one_lever,
                ON_TO,
                most_levers=1,
            ),
            Exercise(
                "Much ado",
                "easy",
                "Change one number of the classroom case by half its range or more, and show that integration stays "
                "where it was: the whole interval of the difference within 0.02 of zero.",
                much_ado,
                ON_TO,
                most_levers=1,
            ),
            Exercise(
                "Another month",
                "easy",
                "Leave the national strategy as it is and publish it in another month, so that at least ten futures in "
                "a hundred fewer end integrated.",
                too_late,
                ON_TO,
                may_change=("strategies[0].month",),
            ),
            Exercise(
                "Two in three",
                "medium",
                "Write a mix with a third fewer high-impact leaders (67 % or fewer) that is as good as high-impact "
                "leaders only: integration no more than 0.02 behind, the whole interval of it.",
                two_in_three,
                ON_TO,
                may_change=("leadership.mix",),
            ),
            Exercise(
                "More is started",
                "medium",
                "Change who leads, and nothing else, so that half a redesign more is started in a future and those who "
                "lead end with less of their colleagues' trust (0.02 or more).",
                gung_ho,
                ON_TO,
                may_change=(
                    "leadership.mix",
                    "leadership.ambition",
                    "leadership.capability",
                    "leadership.by_profession",
                ),
            ),
            Exercise(
                "Better at home",
                "medium",
                "Bring about that practice improves within the organisations (by 0.02 or more) while integration "
                "between them falls (by 0.02 or more).",
                better_at_home,
                ON_TO,
            ),
            Exercise(
                "All-weather",
                "medium",
                "Have every organisation reorganised four times a year (turbulence.local_per_year: 4), and find one "
                "other lever that makes up for it: integration no more than 0.02 behind the calm classroom.",
                weather,
                ON_TO,
                most_levers=2,
            ),
            Exercise(
                "Worse for it",
                "hard",
                "Write a national strategy, heard by all (a strength of 0.3 or more), that makes things worse: without "
                "it integration in the same case would be higher by 0.05 or more. Change nothing but strategies.",
                worse_for_it,
                ON_TO,
                may_change=("strategies",),
            ),
            Exercise(
                "Two blocs",
                "hard",
                "Make a case in which more than four futures in ten end in stalemate although redesigns are started in "
                "it. Who leads and what they fear to lose (clinicians.loss_weight) stay as they are.",
                two_blocs,
                ON_TO,
                may_not_change=(*NO_LEVERS, "leadership", "clinicians.loss_weight"),
            ),
            Exercise(
                "Two rules, one result",
                "hard",
                "Your case is run twice, under unanimity and under lead authority. Make both come to the same: refused "
                "proposals within 0.1 and integration within 0.02 of one another, with three redesigns completed in a "
                "future on average.",
                two_rules,
                ON_TO,
            ),
        ),
        start=1,
    )
)
"""Every exercise by its number."""
