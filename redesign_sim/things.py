"""What a rule may read and write: the people, places and papers of a case, and the world that holds them.

These are types only. The compiled execution derives its records from them (a field here is a field there: `int` is
eight bytes of integer, `float` eight bytes of floating point, `Practicewise` five floats), and the agents of the
interpreted execution carry the same names.
"""

from __future__ import annotations

from typing import Protocol

from redesign_sim.draws import Key  # noqa: TC001  the records are derived from these hints at run time


class Practicewise(Protocol):
    """One number for each practice, in the order of `roles.Practice`."""

    def __getitem__(self, k: int) -> float: ...
    def __setitem__(self, k: int, value: float) -> None: ...


class Table(Protocol):
    """A two- or three-dimensional fact, `world.trust[i, j]`: an array when compiled, a view of one when interpreted."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are along each dimension."""
        ...

    def __getitem__(self, at: tuple[int, ...]) -> float: ...
    def __setitem__(self, at: tuple[int, ...], value: float) -> None: ...


class Column(Protocol):
    """A one-dimensional fact."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are along each dimension."""
        ...

    def __getitem__(self, at: int) -> float: ...
    def __setitem__(self, at: int, value: float) -> None: ...


class Codes(Protocol):
    """A two-dimensional fact of whole numbers: who knows whom, who stands where."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are along each dimension."""
        ...

    def __getitem__(self, at: tuple[int, ...]) -> int: ...
    def __setitem__(self, at: tuple[int, ...], value: int) -> None: ...


class Numbers(Protocol):
    """A one-dimensional fact of whole numbers."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many there are along each dimension."""
        ...

    def __getitem__(self, at: int) -> int: ...
    def __setitem__(self, at: int, value: int) -> None: ...


class Person(Protocol):
    """A clinician, manager, executive or commissioner; a person stands for a post or a small team."""

    # What is read of everybody, again and again, stands first, so that it lies together.
    number: int
    role: int
    organisation: int
    proposal: int  # the live proposal one leads or helps to lead, -1 for none
    backing: int  # live proposals one backs
    attention: float  # encounters left this month as the other party
    interest: float  # 0-1, intrinsic interest in the condition
    purpose: float  # 0-1, shared purpose one feels
    clinical: int  # 1 for whoever is one of their organisation's clinicians
    entrenchment: float  # 0-1, how little one's view moves under persuasion
    accountability: float  # 0-1, how far one answers for policy
    loss_weight: float  # weight of what a package takes from one's own clinic and staff
    share: Practicewise  # of all the worth that one sees, how much lies in each practice
    controls: Practicewise  # share of one's own work that each practice is
    belief: float  # 0-1, chance one sees that a proposal will happen
    time: float  # share of the week for leading
    ambition: float  # 0-1
    capability: float  # 0-1, political
    inclusion: float  # 0-1, access to decision routines that comes with a formal role
    sees: Practicewise  # worth one sees in changing each practice
    profession: int
    seat: int  # place in the organisation's list of members
    ambition_row: int  # rows of the tabulated distributions that a (next) holder's traits come from
    capability_row: int
    moved: int  # month of the last move to another post, 0 for never
    started: int
    changes: int  # changes made to practices one controls
    agreed: int  # of these, changes one had agreed
    outmanoeuvred: int  # changes made to practices one controls against one's stated refusal
    position: float  # 0-1, how central in the web of ties
    depth_led: float
    local_led: float

    def consider(self, world: World, proposal: Proposal) -> float:
        """What this person thinks of a proposal; a subclass of an agent may think otherwise."""
        ...


class Organisation(Protocol):
    """An owner of care, or a commissioning body."""

    number: int
    kind: int
    commissions: int  # 1 for a commissioning body
    executive: int
    manager: int
    staff: int
    clinicians: int
    in_network: int
    reorganisations: int
    projects: int
    borders: int  # interfaces of which it is a side
    clinical_inclusion: float
    compartmentalisation: float
    stake: float  # 0-1, share of the condition that it owns
    unsettled_until: float  # month


class Interface(Protocol):
    """Where patients cross from one owner's care to another's."""

    number: int
    first: int
    second: int
    tended: int  # 1 while an authorised project works on it
    redesigned: int  # 1 once a redesign has been completed here
    traffic: float  # share of the pathway's traffic
    start: float  # integration at month 0
    integration: float
    pressure: float  # months of salience that met nothing


class Proposal(Protocol):
    """A redesign put forward: a depth for each practice, a set of organisations, guarantees given."""

    number: int
    lead: int
    stage: int
    breadth: int  # organisations of care in the scope
    touches: int  # organisations in the scope, commissioning bodies among them
    joins: int  # interfaces with both sides in the scope
    started: int
    since: int  # month from which its lead's patience counts: the start, or an authorisation's lapse
    returned: int
    authorised: int  # month, 0 for never
    ended: int
    imposed: int
    abandoned: int
    co_leads: int
    reason: int
    still: int  # months without movement
    lead_ties: int
    guarantee: float
    shortfall: float
    alignment: float
    merit: float
    depth_asked: float
    depth_agreed: float
    depth_implemented: float
    conceded: float
    funding: float
    design: Practicewise  # departure from today, as a share of the way left
    asked: Practicewise


class Strategy(Protocol):
    """A national strategy, published in a dated month."""

    number: int
    month: int
    strength: float
    clinical_input: float
    realised_input: float
    funding: float
    managed_target: float
    monthly_fade: float
    pressing: float
    standing: float
    salience: float


class PracticeFacts(Protocol):
    """What is true of a practice everywhere: what it does for whom, and what changing it needs."""

    number: int
    outcome_gain: float
    experience_gain: float
    work: float
    adoption: float
    changeable: float


class Scene(Protocol):
    """Where the run stands: the month, how many of everything there is, and what has been counted so far."""

    month: int
    people: int
    clinicians: int
    organisations: int
    interfaces: int
    strategies: int
    proposals: int
    live: int  # proposals that have not ended
    events: int
    network_members: int
    commissioning_bodies: int
    national_stir: int
    reorganisations: int
    links_made: int
    links_converted: int
    met: int
    turned_away: int  # drafts for which no slot was left; the run is refused if there are any
    started: int
    cross_boundary_started: int
    authorised: int
    refused: int
    stalled: int
    completed: int
    imposed: int
    guarantees: int
    first_proposal: int
    first_authorisation: int
    first_integrated: int
    national_time: float
    salience: float
    wanted: Practicewise  # what the strategy heard most loudly wants of each, next to what it wants most
    index: float
    index_start: float
    index_peak: float
    zone: float  # zone of agreement on the first day
    redesign_activity: float
    conceded: float
    funding_won: float


class Case(Protocol):
    """The scenario's own numbers, flat; where each comes from stands in the scenario's schema."""

    horizon: float
    integrated_threshold: float
    concession: float
    persuasion: float
    planning: float
    guarantees: float
    attention: float
    patience: float
    national_share: float
    network_strength: float
    network_from: float
    local_per_month: float
    national_per_month: float
    disruption: float
    local_months: float
    national_months: float
    decision_rule: float
    joint: float
    outside_option: float
    accord_weight: float
    voice: float
    monthly_keeping: float
    element_purpose: float
    element_authorisation: float
    element_resources: float
    element_practices: float
    element_roles: float
    element_time: float
    by_mix: float
    passive_until: float  # ranks, of the keyed lot of styles, up to which clinicians have each pair of traits
    localised_until: float
    lacking_followers_until: float
    focal: float
    focal_ambition: float
    focal_capability: float
    correlation: float
    position_correlation: float
    clinician_entrenchment: float
    clinician_entrenchment_spread: float
    clinician_interest: float
    clinician_interest_spread: float
    clinician_loss: float
    clinician_loss_spread: float
    manager_entrenchment: float
    manager_entrenchment_spread: float
    manager_interest: float
    manager_interest_spread: float
    manager_loss: float
    manager_loss_spread: float
    role_share: float
    role_time: float
    role_inclusion: float
    trust_clinician_manager: float
    trust_within: float
    trust_across: float
    trust_spread: float
    tie_same_profession_here: float
    tie_same_profession_elsewhere: float
    tie_other_profession_here: float
    tie_both_different: float


class Behaviour(Protocol):
    """The behavioural parameters (beside the rules that read them)."""

    def __getattr__(self, name: str) -> float: ...


class Mechanisms(Protocol):
    """The switch of every rule that has one (`roles.Switch`)."""

    def __getattr__(self, name: str) -> int: ...


class World(Protocol):
    """Everything a rule may read: people, places and papers by number, and tables between them."""

    key: Key
    behaviour: Behaviour
    mechanisms: Mechanisms
    case: Case
    scene: Scene
    people: list[Person]
    organisations: list[Organisation]
    interfaces: list[Interface]
    proposals: list[Proposal]
    strategies: list[Strategy]
    practices: list[PracticeFacts]
    trust: Table  # [person, person] 0-1
    ties: Codes  # [person, person] 1 where acquainted
    acquaintances: Codes  # [person, organisation] how many one knows there
    converted: Codes  # [person, organisation] how many of these have counted as converted
    borders: Codes  # [organisation, place] its interfaces, the lower number first
    members: Codes  # [organisation, seat] person, -1 for an empty seat
    stance: Codes  # [proposal, person] roles.Stance
    persuaded: Table  # [proposal, person] what arguments have added to the weighing
    scope: Codes  # [proposal, organisation] 1 where touched
    touched: Codes  # [proposal, place] organisations in the scope, the lower number first
    joined: Codes  # [proposal, place] interfaces with both sides in the scope, the lower number first
    backers: Codes  # [proposal, organisation] clinicians on board
    granted: Table  # [proposal, organisation, practice] depth granted
    done: Table  # [proposal, organisation, practice] depth put into practice
    depth: Table  # [interface, side, practice] 0-1
    upkeep: Table  # [interface, side] 0-1, how far it is tended
    local: Table  # [organisation, practice] 0-1, improvement within
    emphasis: Table  # [strategy, practice] shares
    focus: Table  # [strategy, interface] shares
    stated_emphasis: Table  # [strategy, practice], -1 where the case states nothing
    stated_focus: Table  # [strategy, interface], -1 where the case states nothing
    quantiles: Table  # [distribution, point]
    reorganisation_months: Column
    reorganised: Codes  # [event, organisation]
    journeys: Codes  # [journey, step] organisation, -1 beyond its end
    order: Codes  # [kind of thing, place] keyed order of activation this month
    places: Numbers  # room for putting things into order
    live: Numbers  # [place] live proposals, the lower number first
    lots: Table  # [row, thing] lots at hand, then what `draws.monthly_lot` hands out this month
    outcomes: Column  # one number for each measure, in their order, when the run has ended
    event_codes: Codes  # [row, (month, event, who, whom, about)]
    event_amounts: Column
