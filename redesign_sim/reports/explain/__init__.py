"""What anything that the model is made of means: parameters, rules, outcomes and words of events, one at a time."""

from redesign_sim.reports.explain.topics import Topic, explain

__all__ = ["Topic", "explain"]
