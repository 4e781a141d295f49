"""The reference table of verdicts: what the last full evidence found, small enough to be committed, and when stale.

It is stale when a claim is declared otherwise than it was, or when the same few runs give other numbers. Those runs
go through every condition, every switch and some points of the space, so that a faster engine with the same bits
leaves the table fresh, and a changed rule does not.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from redesign_sim.evidence.ablation import AS_IT_STANDS, every_switch
from redesign_sim.evidence.claims import AS_IT_IS, CASES, Claim, Expectation, level
from redesign_sim.evidence.declared import CLAIMS
from redesign_sim.evidence.readings import compiled
from redesign_sim.evidence.robustness import LIVE, points
from redesign_sim.evidence.running import Asked, Setting, blocks_of, run_block
from redesign_sim.scenario import load_scenario
from redesign_sim.study.runs import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redesign_sim.evidence.programme import Findings
    from redesign_sim.evidence.robustness import Held
    from redesign_sim.evidence.verdicts import Verdict

TABLE = Path(__file__).with_name("reference.json")
"""Where the reference table is kept."""

FORMAT = 1
MOST_DECIDING = 5
"""How many of the parameters that decide an effect are kept."""

PROBED = 64
"""At how many points of the space a stale table shows."""

PROBE_READINGS = ("integration_gain", "local_improvement", "follower_trust", "own_say", "proposals_started")
PROBES = tuple(Expectation(f"probe {name}", "", level(AS_IT_IS, name), "open") for name in PROBE_READINGS)


def summary(found: Findings, *, probe: str) -> dict[str, Any]:
    """All that pages say of the evidence, as plain data."""
    bases = found.space.drop_duplicates("point")["base"]
    return {
        "format": FORMAT,
        "depth": found.depth._asdict(),
        "claims_digest": claims_digest(found.claims),
        "probe": probe,
        "cases": list(found.cases),
        "live_points": int(bases.between(*LIVE).sum()),
        "claims": {name: _claim(found, claim) for name, claim in found.claims.items()},
        "spreads": {
            name: {str(size): _plain(sd) for size, sd in sizes.items()} for name, sizes in found.spreads.items()
        },
    }


def _claim(found: Findings, claim: Claim) -> dict[str, Any]:
    """A claim: its words, its verdict on each case, and with each mechanism switched."""
    return {
        "sentence": claim.sentence,
        "label": claim.label,
        "rules": list(claim.rules),
        "own": [f"{rule} {setting}" for rule, setting in claim.ablations],
        "cases": {case: word for case in found.cases if (word := found.on(claim, case))},
        "switched": {each.name: word for each in every_switch() if (word := found.without(claim, each))},
        "tests": {each.id: _test(found, each) for each in claim.expectations},
    }


def _test(found: Findings, expectation: Expectation) -> dict[str, Any]:
    """A test: its words, its verdict on each case with figures, and over the space."""
    names = [case for case in found.cases if (expectation.id, case) in found.verdicts]
    space = {which: found.held.get((expectation.id, which)) for which in ("all", "live")}
    deciding = found.deciding.get(expectation.id)
    return {
        "says": expectation.says,
        "expected": expectation.expected,
        "smallest": expectation.smallest,
        "region": expectation.region,
        "secondary": expectation.secondary,
        "cases": {case: _verdict(found.verdicts[expectation.id, case]) for case in names},
        "power": {case: _power(found, expectation.id, case) for case in names},
        "space": {which: _held(each) for which, each in space.items() if each},
        "deciding": [] if deciding is None else _deciding(deciding.head(MOST_DECIDING).to_dict("records")),
        "switched": {
            each.name: _with_switch(found, (expectation.id, each.name))
            for each in every_switch()
            if (expectation.id, each.name) in found.switched
        },
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its figures."""
    logit = verdict.logit and [_plain(value) for value in verdict.logit]
    return {**_short(verdict), "at": list(verdict.at), "logit": logit, "scale_dependent": verdict.scale_dependent}


def _short(verdict: Verdict) -> dict[str, Any]:
    """A verdict, its effect and interval."""
    figures = (verdict.estimate, verdict.low, verdict.high)
    return {"word": verdict.word, "effect": [_plain(figure) for figure in figures], "runs": verdict.runs}


def _with_switch(found: Findings, at: tuple[str, str]) -> list[Any]:
    """The verdict and effect with a switch, and whether the effect's change can be told from nothing."""
    change, seen = found.changed[at], found.switched[at]
    return [seen.word, _plain(seen.estimate), change.low > 0 or change.high < 0]


def _power(found: Findings, test: str, case: str) -> dict[str, Any]:
    """What so many replications could see."""
    power = found.powers[test, case]
    return {"half": _plain(power.half), "power": _plain(power.power), "needed": power.needed}


def _held(each: Held) -> dict[str, Any]:
    """How far a test holds over the space."""
    return {name: _plain(value) for name, value in each._asdict().items()}


def _deciding(rows: list[dict[Any, Any]]) -> list[list[Any]]:
    """The parameters that decide, with their shares of the variance."""
    return [
        [str(row["factor"]), *(_plain(row[key]) for key in ("estimate", "low", "high", "without_luck"))] for row in rows
    ]


def _plain(value: float) -> float | None:
    """Four significant digits, as JSON has them; None where there is no number."""
    if isinstance(value, int):
        return value
    return float(f"{value:.4g}") if math.isfinite(value) else None


# --- staleness --------------------------------------------------------------------------------------------------------


def claims_digest(claims: Mapping[str, Claim] = CLAIMS) -> str:
    """A digest of all that is declared: what is run on each case, what is read, expected, and how large it must be."""
    bases = {case: load_scenario(case) for case in CASES}
    declared = [
        [
            *(each.id, each.says, each.expected, each.smallest, each.region, each.secondary, each.slow, each.cases),
            each.at_a_point,
            each.effect.readings,
            type(each.effect).__name__,
            [[weight for _, weight in getattr(each.effect, "weights", ())]],
            [[case, condition.changes_to(bases[case])] for case in each.cases for condition in each.effect.conditions],
        ]
        for claim in claims.values()
        for each in claim.expectations
    ]
    return digest_of([declared, [claim.ablations for claim in claims.values()]])


def probe(claims: Mapping[str, Claim] = CLAIMS) -> str:
    """A digest of a few runs: each condition and each switch on the neutral case once, each case, some points."""
    every = tuple(each for claim in claims.values() for each in claim.expectations)
    neutral = tuple(each for each in every if "neutral" in each.cases)
    asked = [
        Asked(Setting("neutral"), neutral, 1),
        *(Asked(switched.there, PROBES, 1) for switched in every_switch() if switched != AS_IT_STANDS),
        *(Asked(Setting(case), PROBES, 1) for case in CASES),
        *(Asked(setting, PROBES, 1) for setting in points(PROBED)),
    ]
    sink = hashlib.sha256()
    for each in asked:
        for block in blocks_of(each, load_scenario(each.setting.case)):
            frame = run_block(block, compiled)
            figures = frame[sorted(str(column) for column in frame if column != "world")].to_numpy(dtype=float)
            sink.update(np.char.mod("%.12g", figures).tobytes())
    return sink.hexdigest()


def read(place: Path | None = None) -> dict[str, Any]:
    """A table of verdicts; the reference where no other place is given."""
    table: dict[str, Any] = json.loads((place or TABLE).read_text(encoding="utf-8"))
    return table


def staleness(table: Mapping[str, Any]) -> str:
    """Why a table is stale, in one sentence; empty where it is fresh."""
    if table["claims_digest"] != claims_digest():
        return "The claims are declared otherwise than when the table of verdicts was made."
    if table["probe"] != probe():
        return "The model gives other numbers than when the table of verdicts was made."
    return ""


def as_text(table: Mapping[str, Any]) -> str:
    """A table as it is kept: a line a test, so that changes can be read."""
    claims = ",\n".join(f" {json.dumps(name)}: {_claim_text(claim)}" for name, claim in table["claims"].items())
    rest = {key: value for key, value in table.items() if key != "claims"}
    head = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in rest.items())
    return f'{{\n{head},\n"claims": {{\n{claims}\n}}\n}}\n'


def _claim_text(claim: Mapping[str, Any]) -> str:
    """A claim's lines."""
    tests = ",\n".join(
        f"   {json.dumps(name)}: {json.dumps(test, ensure_ascii=False)}" for name, test in claim["tests"].items()
    )
    rest = {key: value for key, value in claim.items() if key != "tests"}
    head = json.dumps(rest, ensure_ascii=False)[:-1]
    return f'{head},\n  "tests": {{\n{tests}}}}}'
