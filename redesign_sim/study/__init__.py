"""Studies: what is asked, run and stored, and what one may conclude from it."""

from redesign_sim.study.analysis.summary import finding, summarise
from redesign_sim.study.errors import StudyError
from redesign_sim.study.experiment import Experiment
from redesign_sim.study.reading import find_study, load_study
from redesign_sim.study.running import Progress, Results, load_results, run_experiment
from redesign_sim.study.schema import Study
from redesign_sim.study.statistics import paired_difference, wilson

__all__ = [
    "Experiment",
    "Progress",
    "Results",
    "Study",
    "StudyError",
    "find_study",
    "finding",
    "load_results",
    "load_study",
    "paired_difference",
    "run_experiment",
    "summarise",
    "wilson",
]
