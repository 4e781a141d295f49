"""`evidence`: every claim of the study tested, with its robustness and what carries it, as a page and tables."""

from pathlib import Path
from typing import Annotated, Any

import typer

from redesign_sim.cli import console

Quick = Annotated[bool, typer.Option("--quick", help="A minute's worth: to see it run, too little to conclude from.")]
Claims = Annotated[
    list[str], typer.Option("--claim", help="Only this claim, such as C4; may be repeated.", show_default=False)
]
Out = Annotated[
    Path | None, typer.Option(help="Results folder [default: results/evidence, or evidence-quick].", show_default=False)
]
Points = Annotated[
    int | None,
    typer.Option(
        help="How many points of the space, of 1,024; a deeper run adds to a shallower.",
        min=16,
        max=1024,
        show_default=False,
    ),
]
Threads = Annotated[int | None, typer.Option(help="Threads [default: one a core].", min=1, max=256, show_default=False)]


def evidence(
    quick: Quick = False,
    claims: Claims = [],  # noqa: B006  typer copies it
    points: Points = None,
    out: Out = None,
    threads: Threads = None,
) -> None:
    """Test every claim of the study: verdicts, robustness, what carries each; stopped, the same command goes on."""
    from redesign_sim.cli import bars  # noqa: PLC0415  what draws bars
    from redesign_sim.evidence.declared import CLAIMS  # noqa: PLC0415  the models take a second to load
    from redesign_sim.evidence.programme import FULL, QUICK, programme, run  # noqa: PLC0415
    from redesign_sim.reports.evidence_files import HTML, write_files  # noqa: PLC0415  with what draws

    unknown = [name for name in claims if name not in CLAIMS]
    if unknown:
        raise console.UsageError(f"There is no claim {unknown[0]}; there are {', '.join(CLAIMS)}.")
    place = out or Path("results") / ("evidence-quick" if quick else "evidence")
    console.warm_engine()
    depth = QUICK if quick else FULL
    plan = programme(depth._replace(points=points or depth.points), {name: CLAIMS[name] for name in claims or CLAIMS})
    with bars.progress() as shown:
        task = shown.add_task("runs", total=None)
        found = run(
            plan, place, workers=threads, tell=lambda done, runs: shown.update(task, completed=done, total=runs)
        )
    told = write_files(found, place)
    _say(told)
    console.say(f"Everything is in {place}; {HTML} is the page to read.")


def _say(told: dict[str, Any]) -> None:
    """The verdicts, a row a claim."""
    from redesign_sim.reports.verdicts import over_space, tally  # noqa: PLC0415

    rows = [
        (name, *(claim["cases"].get(case, "") for case in told["cases"]), over_space(claim, "all"))
        for name, claim in told["claims"].items()
    ]
    console.say_table(("claim", *told["cases"], "space"), rows)
    console.say(tally(told))
    console.say("space: share of points at which a claim's weakest test holds / at which its worst is reversed.")
