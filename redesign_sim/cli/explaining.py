"""`explain`: what a parameter, a rule, an outcome or an event's word means."""

from typing import Annotated

import typer

from redesign_sim.cli import console
from redesign_sim.reports.explain import explain as explained

Word = Annotated[
    str,
    typer.Argument(
        help="Such as strategies.strength, N2, integration_index, declined; or rules, outcomes, events, parameters."
    ),
]


def explain(word: Word) -> None:
    """Explain a number, a rule, an outcome or an event: what it means, where it comes from, what moves with it."""
    try:
        topic = explained(word)
    except LookupError as error:
        raise console.UsageError(str(error.args[0])) from None
    console.say(topic.title)
    console.say()
    for paragraph in topic.paragraphs:
        console.say(paragraph, indent="  ")
    if topic.figure:
        console.say()
        typer.echo("\n".join(topic.figure))
