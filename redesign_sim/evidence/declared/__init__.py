"""The twenty claims as tests: what is run, what is read, what is expected. Stated before anything was run."""

from redesign_sim.evidence.declared.leaders import LEADERS
from redesign_sim.evidence.declared.policy import POLICY
from redesign_sim.evidence.declared.redesign import REDESIGN
from redesign_sim.evidence.declared.systems import SYSTEMS

CLAIMS = {
    claim.id: claim
    for claim in sorted([*LEADERS, *POLICY, *SYSTEMS, *REDESIGN], key=lambda claim: int(claim.id.removeprefix("C")))
}
"""The claims of the study by their ids."""
