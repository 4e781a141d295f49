"""`why`, `run --explain`, `--trace` and `--trace-rule`: the causes behind an outcome, a person, a rule at work."""

from pathlib import Path
from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.cli.folders import FolderArgument, RunName
from redesign_sim.model.tracing import calls_of
from redesign_sim.rulekit import CATALOGUE
from redesign_sim.scenario import Scenario
from redesign_sim.scenario.references import nearest
from redesign_sim.study.replaying import replay, which_run
from redesign_sim.study.results import load_results
from redesign_sim.why import account, find_person, life
from redesign_sim.why.people import portrait
from redesign_sim.world.tables import Run

Person = Annotated[
    str | None, typer.Option("--trace", help="Follow one person instead: a number, or a name.", show_default=False)
]


def why(folder: FolderArgument, run: RunName, person: Person = None) -> None:
    """Explain a run of a study: from its outcome back to who did what, who refused what, and why."""
    which = which_run(load_results(Path(folder)), run)
    if which.trace:
        raise console.UsageError(f"This run failed, so there is no outcome to explain; what stopped it:\n{which.trace}")
    point = which.point
    console.say(f"Point {point.index}, replication {which.replication}: {point}")
    console.say()
    again = replay(which)
    if again.different:
        raise console.UsageError(
            f"The rules that are here give another run than the one stored (other: {', '.join(again.different)}); "
            "explain it with the version that made it."
        )
    if person is None:
        explain(again.history, point.scenario)
    else:
        follow_person(again.history, point.scenario, person)


def explain(history: Run, case: Scenario) -> None:
    """The chain of causes, each set in under what it explains."""
    for cause in account(history, case):
        mark = "- " if cause.depth else ""
        console.say(f"{'  ' * cause.depth}{mark}{cause.text}", indent="  " * cause.depth + " " * len(mark))


def follow_person(history: Run, case: Scenario, asked: str) -> None:
    """What one person did, and what was done to them and to what they led."""
    try:
        number = find_person(history, asked)
    except LookupError as error:
        raise console.UsageError(f"{str(error.args[0])[:1].upper()}{error.args[0][1:]}.") from None
    console.say(portrait(history.people.to_dict("records")[number]))  # type: ignore[arg-type]  # by columns
    console.say()
    lines = list(life(history, case, number))
    for entry in lines:
        console.say(f"{entry.when}: {entry.text}", indent="  ")
    if not lines:
        console.say("Nothing happened to them, and they did nothing that is written down.")


def follow_rule(case: Scenario, seed: int, asked: str, most: int) -> None:
    """What a rule was given and what it gave, each time it was called."""
    if asked not in CATALOGUE:
        near = nearest(asked, [*CATALOGUE, *(card.name for card in CATALOGUE.values())])
        hint = f"; did you mean {near}?" if near else "."
        raise console.UsageError(f"No rule has the id {asked!r}{hint} redesign-sim explain rules lists them.")
    card = CATALOGUE[asked]
    console.say(f"{card.id}, {card.name.replace('_', ' ')} ({card.module}): {card.sentence}")
    console.say()
    number = 0
    for number, call in enumerate(calls_of(case, seed, asked), 1):
        if number <= most:
            given = "; ".join(f"{name} = {value}" for name, value in call.given.items())
            console.say(f"month {call.month}: {given or 'nothing'} -> {call.returned}", indent="    ")
    console.say()
    console.say(
        f"It was called {number:,} times{f'; the first {most:,} are shown (--calls)' if number > most else ''}."
    )
