"""`scenario describe` and `scenario diff`: a case in words, and what differs between two, in words and in effect."""

from pathlib import Path
from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.cli.differing import OUTCOMES, effects
from redesign_sim.scenario import Scenario, load_scenario, remarks
from redesign_sim.scenario.comparing import differences
from redesign_sim.scenario.describing import organisations, paragraphs, picture

Case = Annotated[str, typer.Argument(help="A shipped scenario's name or a scenario file.", show_default=False)]
Draw = Annotated[
    Path | None, typer.Option("--svg", help="Also draw it, as this SVG file and a PNG beside it.", show_default=False)
]
Pairs = Annotated[int, typer.Option("--replications", help="Pairs of futures; 0 compares in words alone.", min=0)]
Seed = Annotated[int, typer.Option(help="Where everyone's luck comes from.", min=0)]
LEGEND = (
    "Who passes patients to whom: the longer the ===, the more of the traffic (its share in per cent beside it); "
    "the more ###, the more joined up care is there on the first day (0 to 1)."
)


def describe(scenario: Case, svg: Draw = None) -> None:
    """Tell a case in plain words, with a picture of its organisations and interfaces."""
    case = load_scenario(scenario)
    for text in paragraphs(case):
        console.say(text)
        console.say()
    console.say_table(("Id", "Organisation", "Who works there"), list(organisations(case)))
    console.say()
    console.say(LEGEND)
    console.say()
    typer.echo("\n".join(picture(case, console.columns())))
    for remark in remarks(case):
        console.say()
        console.say(f"Note: {remark}.")
    if svg:
        _draw(case, svg)


def _draw(case: Scenario, place: Path) -> None:
    """The picture as files."""
    from redesign_sim import charts  # noqa: PLC0415

    if place.with_suffix(".svg").exists() or place.with_suffix(".png").exists():
        raise console.UsageError(f"{place} is there already; name another file, or remove it first.")
    drawn = charts.save(charts.locality(case), place)
    console.say()
    console.say(f"The drawing is {' and '.join(map(str, drawn))}.")


def diff(a: Case, b: Case, replications: Pairs = 200, seed: Seed = 1) -> None:
    """Say what differs between two cases: what they state, and what comes of it under the same luck."""
    first, second = load_scenario(a), load_scenario(b)
    found = differences(first, second)
    console.say(f"A: {a}: {first.title}")
    console.say(f"B: {b}: {second.title}")
    console.say()
    for difference in found:
        console.say(str(difference), indent="    ")
    moving = [difference for difference in found if not difference.only_words]
    if not moving:
        console.say("In all that the model reads they say the same, so the same comes of them.")
    elif replications > 1:
        console.say()
        _effects(first, second, replications, seed)


def _effects(a: Scenario, b: Scenario, replications: int, seed: int) -> None:
    """What comes of the difference, pair by pair."""
    console.warm_engine()
    console.say(f"What comes of it, in {replications} pairs of futures that share their luck:")
    for sentence in effects(a, b, replications, seed, OUTCOMES):
        console.say(f"- {sentence}", indent="  ")
