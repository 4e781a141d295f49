"""A scenario: everything that a case states. The rules state the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from redesign_sim.rulekit import Quantity
from redesign_sim.scenario.derived import Behaviour, Mechanisms
from redesign_sim.scenario.fields import Fact, Line, Month, Part, Rows, Share, Text, YearMonth
from redesign_sim.scenario.leaders import Leadership, Negotiation, Persuasion, Planning
from redesign_sim.scenario.localities import Interface, Journey, Organisations, Pathway
from redesign_sim.scenario.people import Clinicians, Managers, Network, Sponsors, Ties, Trust
from redesign_sim.scenario.policies import Commissioning, Elements, Practices, Strategy, Turbulence, Users
from redesign_sim.scenario.references import mistakes_across, shares_of_traffic


class Scenario(Part):
    """A case: a pathway and its owners, the people in it, and what comes from above and around."""

    name: Annotated[Line, Fact("Name", "by which results are filed")]
    title: Annotated[Line, Fact("Title", "what a reader sees")]
    summary: Annotated[Text, Fact("Summary", "what the case is about, in two or three sentences")] = ""
    horizon_months: Annotated[
        Month, Quantity("Horizon", "months", (36, 84), "five-year dementia plan", "H", "how long the case is followed")
    ] = 60
    clock_starts: Annotated[
        YearMonth,
        Fact("Clock starts", 'the calendar month of month 1, as "2007-01"', "year and month"),
    ] = "2007-01"
    integrated_threshold: Annotated[
        Share,
        Quantity(
            "Counts as integrated",
            "0–1",
            (0.15, 0.6),
            "assumed",
            "L",
            "integration index from which a future is integrated",
        ),
    ] = 0.25
    organisations: Annotated[Organisations, Fact("Organisations", "the owners of care and the commissioners")]
    interfaces: Annotated[
        Rows[Interface], Field(min_length=1), Fact("Interfaces", "where care passes between two owners")
    ]
    journeys: Annotated[Rows[Journey], Fact("Journeys", "ways that patients take")] = ()
    leadership: Annotated[Leadership, Fact("Leadership", "among clinicians")] = Field(default_factory=Leadership)
    persuasion: Annotated[Persuasion, Fact("Persuasion", "lateral, outside formal decisions")] = Persuasion()
    planning: Annotated[Planning, Fact("Planning", "formal, with project managers")] = Planning()
    negotiation: Annotated[Negotiation, Fact("Negotiation", "what can be offered, and how often people talk")] = (
        Negotiation()
    )
    strategies: Annotated[Rows[Strategy], Fact("Strategies", "national strategies, as published")] = ()
    network: Annotated[Network, Fact("Network", "a network organisation")] = Network()
    turbulence: Annotated[Turbulence, Fact("Turbulence", "reorganisations")] = Turbulence()
    clinicians: Annotated[Clinicians, Fact("Clinicians", "what they are like")] = Clinicians()
    managers: Annotated[Managers, Fact("Managers", "what managers and commissioners are like")] = Managers()
    sponsors: Annotated[Sponsors, Fact("Sponsors", "those who authorise and fund")] = Sponsors()
    trust: Annotated[Trust, Fact("Trust", "on the first day")] = Trust()
    ties: Annotated[Ties, Fact("Ties", "who knows whom on the first day")] = Ties()
    pathway: Annotated[Pathway, Fact("Pathway", "over how many owners, and whose it is")] = Pathway()
    practices: Annotated[Practices, Fact("Practices", "what a redesign changes")] = Practices()
    commissioning: Annotated[Commissioning, Fact("Commissioning", "how it is decided")] = Commissioning()
    users: Annotated[Users, Fact("Users", "the people who use the services")] = Users()
    elements: Annotated[Elements, Fact("Elements", "the six that a redesign needs")] = Elements()
    behaviour: Annotated[Behaviour, Fact("Behaviour", "numbers that stand beside the rules")] = Behaviour()
    mechanisms: Annotated[Mechanisms, Fact("Mechanisms", "which rules are at work")] = Mechanisms()

    @model_validator(mode="before")
    @classmethod
    def _traffic_sums_to_one(cls, given: object) -> object:
        return shares_of_traffic(given) if isinstance(given, Mapping) else given

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Scenario:
        if mistakes := list(mistakes_across(self.model_dump())):
            raise ValidationError.from_exception_data(self.__class__.__name__, mistakes)
        return self
