"""`python -m redesign_sim.cli` is `redesign-sim`."""

from redesign_sim.cli import main

main()
