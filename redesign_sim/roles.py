"""The only integer codes of the model: who people are, what they change, and what each draw is for."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """What a person is in the decision about a redesign."""

    CLINICIAN = 0
    MANAGER = 1
    EXECUTIVE = 2
    COMMISSIONER = 3


class Profession(IntEnum):
    """What a person was trained as; ties within a profession are commoner than across."""

    CONSULTANT = 0
    JUNIOR_DOCTOR = 1
    NURSE = 2
    ALLIED = 3
    GP = 4
    SOCIAL_WORKER = 5
    VOLUNTARY_WORKER = 6
    CARE_WORKER = 7
    MANAGEMENT = 8
    COMMISSIONING = 9


class OrganisationKind(IntEnum):
    """What sort of owner of care an organisation is."""

    ACUTE = 0
    MENTAL_HEALTH = 1
    COMMUNITY = 2
    GENERAL_PRACTICE = 3
    LOCAL_AUTHORITY = 4
    THIRD_SECTOR = 5
    INDEPENDENT = 6
    COMMISSIONER = 7


class Practice(IntEnum):
    """What a redesign changes at an interface, on both sides of it."""

    CLINIC_ORGANISATION = 0
    BOOKING = 1
    INFORMATION_SYSTEMS = 2
    TARIFF = 3
    PROFESSIONAL_ROLES = 4


PRACTICES = 5


class Switch(IntEnum):
    """Whether a rule is at work (`mechanisms.<rule id>`)."""

    OFF = 0
    ON = 1
    RIVAL = 2


class DecisionRule(IntEnum):
    """How commissioners and the organisations touched decide together."""

    UNANIMITY = 0
    SUPERMAJORITY = 1
    LEAD_AUTHORITY = 2


class Stage(IntEnum):
    """Where a proposal is."""

    NEGOTIATING = 0
    BEFORE_DECISION = 1
    AUTHORISED = 2
    COMPLETED = 3
    REFUSED = 4
    STALLED = 5
    ERODED = 6


class Stance(IntEnum):
    """Where a person stands on a proposal; refusing has been said aloud."""

    NOT_ASKED = 0
    HAS_REFUSED = 1  # the package as it was; it has changed since, and one may be asked again
    REFUSES = 2
    BACKS = 3
    CO_LEADS = 4


class Failure(IntEnum):
    """Why a future did not integrate (outcome `failure_mode`)."""

    NONE = 0
    NOT_STARTED = 1
    REFUSED = 2
    STALEMATE = 3
    IMPOSED = 4
    ERODED = 5


class Purpose(IntEnum):
    """What a keyed draw decides. Append only: a number once used keeps its meaning, or everyone's luck changes."""

    ACTIVATION = 0
    POSITION = 1
    STYLE = 2
    AMBITION = 3
    CAPABILITY = 4
    ENTRENCHMENT = 5
    INTEREST = 6
    LOSS = 7
    VIEW = 8
    TIE = 9
    TRUST = 10
    FORMAL_ROLE = 11
    EMPHASIS = 12
    FOCUS = 13
    REORGANISATION = 14
    NATIONAL_REORGANISATION = 15
    MOVE = 16
    MOVE_WHERE = 17
    TIE_KEPT = 18
    SUCCESSOR = 19
    SUCCESSOR_AMBITION = 20
    SUCCESSOR_CAPABILITY = 21
    SUCCESSOR_TIE = 22
    MEETING_ELSEWHERE = 23
    ACQUAINTANCE = 24
    NETWORK_MEETING = 25
    NETWORK_PARTNER = 26
    TAKING_STOCK = 27
    LEAVE = 28
    ENCOUNTERS = 29
    WHOM = 30
    ACCESS = 31
    HEARING = 32
    ASKED = 33
    INTRODUCTION = 34
    POSITION_LINK = 35
    TRAIT_LINK = 36
    SHUFFLE = 37
    CONTROL = 38
