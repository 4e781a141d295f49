"""Why a run came out as it did, and what one person lived through in it, read off its tables and events."""

from redesign_sim.why.accounts import Cause, account
from redesign_sim.why.people import find_person, life

__all__ = ["Cause", "account", "find_person", "life"]
