"""The workshop page: a Solara app that a facilitator stands in front of."""
