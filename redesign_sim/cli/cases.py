"""`scenario check`, `scenario list` and `parameters`: what a case may state, and what it rests on."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from redesign_sim.cli import console
from redesign_sim.scenario import ScenarioError, load_scenario, remarks, shipped_scenarios, walk_quantities

Files = Annotated[list[str], typer.Argument(help="Scenario files, or names of shipped scenarios.", show_default=False)]


def check(files: Files) -> None:
    """Check scenario files and show everything that is wrong, each with its place."""
    wrong = 0
    for file in files:
        try:
            scenario = load_scenario(file)
        except ScenarioError as error:
            wrong += len(error.problems)
            console.complain(error.rendered())
        else:
            people = sum(member.people for member in scenario.organisations.members.values())
            console.say(f"{file}: sound ({len(scenario.organisations.members)} organisations, {people} people).")
            for remark in remarks(scenario):
                console.say(f"Note: {remark}.")
    if wrong:
        console.complain(f"{wrong} problem{'s' if wrong > 1 else ''} found.")
        raise typer.Exit(2)


def list_() -> None:
    """List the scenarios that come with the package."""
    cases = [load_scenario(name) for name in shipped_scenarios()]
    rows = [(case.name, str(sum(m.people for m in case.organisations.members.values())), case.title) for case in cases]
    console.say_table(("Name", "People", "Title"), rows, right=(1,))


AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="As a Markdown table.")]
Of = Annotated[str | None, typer.Argument(help="Show the values of this scenario.", show_default=False)]
HEAD = ("Path", "Default", "Range", "Unit", "Meaning", "Source", "Confidence")


def parameters(scenario: Of = None, as_json: AsJson = False, as_markdown: AsMarkdown = False) -> None:
    """Every number of the model: its unit, range, source and confidence (H sourced, M direction sourced, L assumed)."""
    walked = list(walk_quantities(load_scenario(scenario) if scenario else None))
    if as_json:
        console.say_json([asdict(each) for each in walked])
    elif as_markdown:
        _markdown(walked, HEAD)
    else:
        for each in walked:
            value = each.value if scenario else each.default
            console.say(f"{each.path} = {_shown(value)} ({each.unit}; {_range(each)}; {each.confidence})")
            console.say(f"    {each.title}: {each.meaning}. {each.source}", indent="    ")


def _markdown(walked: list[Any], head: tuple[str, ...]) -> None:
    """The table for the documentation."""
    rows = [head, tuple("---" for _ in head)]
    rows += [
        (
            f"`{each.path}`",
            _shown(each.default),
            _range(each),
            each.unit,
            f"{each.title}: {each.meaning}",
            each.source,
            each.confidence,
        )
        for each in walked
    ]
    for row in rows:
        typer.echo("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")


def _shown(value: object) -> str:
    """A default in a table; what has to be stated has none."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _range(each: Any) -> str:  # noqa: ANN401  the scenario's Walked
    """The range over which it may sensibly be varied."""
    return f"{each.sweep[0]:g} to {each.sweep[1]:g}"
