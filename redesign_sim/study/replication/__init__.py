"""How often each point is run: a fixed number, until an interval is narrow, or where it helps to tell the best."""

from typing import Annotated

from pydantic import Field

from redesign_sim.study.replication.intervals import UntilNarrow
from redesign_sim.study.replication.rule import Fixed, Held, ReplicationRule, Stop
from redesign_sim.study.replication.selection import Kn, Ocba

Adaptive = Annotated[UntilNarrow | Ocba | Kn, Field(discriminator="kind")]
"""The rules that look at what came out."""

__all__ = ["Adaptive", "Fixed", "Held", "Kn", "Ocba", "ReplicationRule", "Stop", "UntilNarrow"]
