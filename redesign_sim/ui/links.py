"""The address of the page: it restores what a session looks at, and is hostile until checked."""

from __future__ import annotations

import binascii
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from redesign_sim.scenario import ScenarioError, shipped_scenarios
from redesign_sim.ui.setup import ADJUSTABLE, FIRST_CASE, MIX_PATHS, Lever, Setup, can_move, fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VIEWS = ("case", "history", "futures", "mixes", "predict", "take_away")
"""The views in the order of the tabs; each is `ui/views/<name>.py`."""

LONGEST, LONGEST_TEXT, LONGEST_PACKED, MOST_FIELDS = 40_000, 100_000, 16_000, 60
"""Letters of an address, of an edited file, of that file in an address; fields of an address."""
NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,6})?")
SEED = re.compile(r"\d{1,9}")
BASELINE = "was_"
"""Before the fields of the pinned baseline."""


class Sight(NamedTuple):
    """What a session looks at, as far as an address restores it."""

    setup: Setup = Setup()
    baseline: Setup = Setup()
    seed: int = 1
    view: str = "case"


class BadLink(ValueError):  # noqa: N818  it is a link that is bad
    """Part of an address cannot be used; says which and why."""


def query_of(sight: Sight) -> str:
    """The part of the address after the question mark."""
    fields = {"view": sight.view, **dict(_fields(sight.setup))}
    if sight.seed != 1:
        fields["seed"] = str(sight.seed)
    if sight.baseline != sight.setup:
        fields |= {BASELINE + key: value for key, value in _fields(sight.baseline)}
    return urlencode(fields)


def fits_in_a_link(setup: Setup) -> bool:
    """Whether an edited file is short enough to travel in an address."""
    return len(_packed(setup.text)) <= LONGEST_PACKED


def _fields(setup: Setup) -> Iterator[tuple[str, str]]:
    yield "case", setup.scenario
    if setup.text and fits_in_a_link(setup):
        yield "text", _packed(setup.text)
    values, keys = dict(setup.changes), {lever.path: key for key, lever in ADJUSTABLE.items()}
    if MIX_PATHS[0] in values:
        yield "mix", "-".join(f"{100 * values[path]:.4g}" for path in MIX_PATHS)
    for path, value in values.items():
        if path in keys:
            yield keys[path], f"{value:g}"


def _packed(text: str) -> str:
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def sight_of(search: str | None) -> tuple[Sight, list[str]]:
    """What an address asks for, and in sentences what of it cannot be had; what is wrong is left out, never guessed."""
    problems: list[str] = []
    fields = _read(search or "", problems)
    own = {key: value for key, value in fields.items() if not key.startswith(BASELINE)}
    before = {key.removeprefix(BASELINE): value for key, value in fields.items() if key.startswith(BASELINE)}
    setup = _setup(own, problems)
    baseline = _setup(before, problems) if before else setup
    if baseline.case().horizon_months != setup.case().horizon_months:
        problems.append("The baseline in the link runs over other months; the case itself is the baseline now.")
        baseline = setup
    return Sight(setup, baseline, _seed(own, problems), _view(own, problems)), problems


def _read(search: str, problems: list[str]) -> dict[str, str]:
    """The fields of an address; the first of two alike."""
    try:
        if len(search) > LONGEST:
            raise BadLink
        pairs = parse_qsl(search.removeprefix("?"), max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        problems.append("The link is damaged, or too long; the page starts from the beginning.")
        return {}
    return dict(reversed(pairs))


def _setup(fields: Mapping[str, str], problems: list[str]) -> Setup:
    """The case that fields describe."""
    try:
        start = Setup(_scenario(fields.get("case", FIRST_CASE)), _unpacked(fields.get("text", "")))
        start.case()
    except BadLink as bad:
        problems.append(str(bad))
        start = Setup()
    except ScenarioError:
        problems.append("The edited file in the link has mistakes; the case is shown as shipped.")
        start = Setup(fields.get("case", FIRST_CASE))
    changed = start.with_values(dict(_values(start, fields, problems)))
    return changed if fits(changed) else start


def _scenario(name: str) -> str:
    if name not in shipped_scenarios():
        raise BadLink("The link names a case that does not come with the page.")
    return name


def _unpacked(packed: str) -> str:
    """An edited file out of an address: never more than the longest text, however it was packed."""
    if not packed:
        return ""
    try:
        raw = urlsafe_b64decode(packed[:LONGEST_PACKED].encode("ascii") + b"==")
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(raw, LONGEST_TEXT)
        whole = unpacking.eof and not unpacking.unconsumed_tail
        return text.decode() if whole else _damaged()
    except (binascii.Error, zlib.error, ValueError):
        return _damaged()


def _damaged() -> str:
    raise BadLink("The edited file in the link is damaged; the case is shown as shipped.")


def _values(setup: Setup, fields: Mapping[str, str], problems: list[str]) -> Iterator[tuple[str, float]]:
    """The values that fields set, each within its lever's ends."""
    for key, lever in ADJUSTABLE.items():
        if key in fields:
            value = _number(fields[key], lever.within(setup.original()))
            if value is None or not can_move(setup.original(), lever):
                problems.append(f"The link sets “{lever.title}” to something that cannot be; it is left as it was.")
            else:
                yield lever.path, value
    if "mix" in fields and setup.mix:
        shares = _shares(fields["mix"])
        if shares is None:
            problems.append("The leadership mix in the link is no mix of four shares; it is left as it was.")
        else:
            yield from zip(MIX_PATHS, shares, strict=True)


def _number(text: str, lever: Lever) -> float | None:
    """A number between a lever's ends."""
    if not NUMBER.fullmatch(text) or not lever.low <= float(text) <= lever.high:
        return None
    return float(text)


def _shares(text: str) -> list[float] | None:
    """Four shares in per cent, made to sum to one."""
    parts = text.split("-")
    if len(parts) != len(MIX_PATHS) or not all(NUMBER.fullmatch(part) for part in parts):
        return None
    given = [float(part) for part in parts]
    return [share / sum(given) for share in given] if sum(given) > 0 else None


def _seed(fields: Mapping[str, str], problems: list[str]) -> int:
    text = fields.get("seed", "1")
    if SEED.fullmatch(text):
        return int(text)
    problems.append("The seed in the link is no whole number; the first is used.")
    return 1


def _view(fields: Mapping[str, str], problems: list[str]) -> str:
    view = fields.get("view", VIEWS[0])
    if view in VIEWS:
        return view
    problems.append("The link names a view that is not there.")
    return VIEWS[0]
