"""What a study's runs say: rankings, effects, sensitivity, surfaces over mixes, scenarios that matter, regret."""

from redesign_sim.study.analysis.summary import (
    Finding,
    finding,
    is_of_mixes,
    mix_words,
    point_words,
    summarise,
)

__all__ = ["Finding", "finding", "is_of_mixes", "mix_words", "point_words", "summarise"]
