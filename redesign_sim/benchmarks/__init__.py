"""How fast the model is: what `redesign-sim bench` measures, and how it says so."""
