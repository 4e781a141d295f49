"""`RedesignModel` in Mesa's own visualisation, for those who know it: `solara run redesign_sim/ui/mesa_page.py`."""

from __future__ import annotations

from mesa.visualization import SolaraViz, make_plot_component

from redesign_sim.model import RedesignModel
from redesign_sim.scenario import shipped_scenarios

PARAMETERS = {
    "scenario": {"type": "Select", "value": "classroom", "values": list(shipped_scenarios()), "label": "Case"},
    "rng": {"type": "InputText", "value": 1, "label": "Seed"},
}
"""What may be set before a run starts."""


def seeded(**settings: object) -> RedesignModel:
    """A model as Mesa's page asks for it: the seed may come as text."""
    rng = str(settings.get("rng") or settings.get("seed") or 1)
    return RedesignModel(str(settings.get("scenario", "classroom")), rng=int(rng) if rng.isdigit() else 1)


page = SolaraViz(
    seeded(),
    components=[make_plot_component("integration_index"), make_plot_component("cross_boundary_ties")],
    model_params=PARAMETERS,
    name="redesign-sim in Mesa",
)
"""Mesa shows this."""
