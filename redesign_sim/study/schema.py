"""A study: what is asked, what is varied, how often it is run and what is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from redesign_sim.scenario import walk_quantities
from redesign_sim.scenario.fields import Fact, Line, Part, Rows, refused
from redesign_sim.scenario.references import nearest
from redesign_sim.study.designs import Design, Sample
from redesign_sim.study.designs.planned import Luck, Refusal
from redesign_sim.study.factors import SWEEP, Factor
from redesign_sim.study.interest import is_share
from redesign_sim.study.replication import Fixed, Kn, Ocba, ReplicationRule, UntilNarrow
from redesign_sim.world.measures import COURSES, MEASURES

if TYPE_CHECKING:
    from redesign_sim.scenario.walk import Walked

DottedPath = Annotated[str, Field(pattern=r"^[a-z_][A-Za-z0-9_\[\]]*(\.[A-Za-z0-9_\[\]]+)*$")]
"""A dotted path into a scenario, such as `strategies[0].strength`."""

NUMBERS = [measure.name for measure in MEASURES.values() if measure.kind != "name"]
"""The outcomes that can be averaged."""

MONTHLY = list(COURSES)
"""The outcomes that have a course over the months."""

LISTED = "redesign-sim explain outcomes lists them"

MOST_POINTS = 2_000_000
"""More points than these are a slip."""

Varied = Annotated[Mapping[DottedPath, Factor], Field(default_factory=dict)]


def _sort_of(given: object) -> object:
    """A rule by its kind; anything else is taken for a number."""
    if isinstance(given, Mapping):
        return given.get("kind")
    return getattr(given, "kind", "number")


Replications = Annotated[
    Annotated[int, Field(ge=1, le=1_000_000), Tag("number")]
    | Annotated[UntilNarrow, Tag("until_narrow")]
    | Annotated[Ocba, Tag("ocba")]
    | Annotated[Kn, Tag("kn")],
    Discriminator(_sort_of),
]
"""A number of runs, or a rule that looks at what came out."""


class Study(Part):
    """A study as its file states it."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Fact("Name", "by which results are filed")]
    question: Annotated[Line, Fact("Question", "what the study asks, in words")]
    scenarios: Annotated[Rows[Line], Field(min_length=1), Fact("Scenarios", "cases, by name or by path from this file")]
    levers: Annotated[Varied, Fact("Levers", "what a health system could choose, by dotted path")]
    uncertainties: Annotated[Varied, Fact("Uncertainties", "what nobody chooses, by dotted path")]
    design: Annotated[Design, Fact("Design", "how factors are combined into points")]
    sample: Annotated[
        Sample | None,
        Fact("Sample", "how uncertainties are drawn, where every draw is to meet every point of the levers"),
    ] = None
    replications: Annotated[
        Replications, Fact("Replications", "runs of each point: a number, or the rule that finds it", "runs")
    ] = 200
    luck: Annotated[
        Luck | None, Fact("Luck", "whether points share their luck; by default for comparisons and not for surfaces")
    ] = None
    seed: Annotated[int, Field(ge=0, lt=2**63), Fact("Seed", "from which everyone's luck follows; 0 is a seed")] = 1
    outcomes: Annotated[Rows[str], Field(min_length=1), Fact("Outcomes", "what the summary shows")] = (
        "integrated",
        "integration_index",
    )
    select_on: Annotated[str, Fact("Select on", "the continuous outcome by which points are ranked")] = (
        "integration_index"
    )
    monthly: Annotated[Rows[str], Fact("Monthly", "outcomes whose course is stored month by month")] = ()

    @model_validator(mode="before")
    @classmethod
    def _sweeps_spelled_out(cls, given: object) -> object:
        """`sweep` is the published range of a number; `behaviour.*: sweep` that of every number under `behaviour`."""
        if not isinstance(given, Mapping):
            return given
        groups = {name: spelled_out(given[name]) for name in ("levers", "uncertainties") if name in given}
        return {**given, **groups}

    @field_validator("outcomes", "select_on", "monthly")
    @classmethod
    def _can_be_shown(cls, given: str | tuple[str, ...], info: Any) -> str | tuple[str, ...]:  # noqa: ANN401
        allowed, what = (MONTHLY, "has a course") if info.field_name == "monthly" else (NUMBERS, "can be averaged")
        for name in (given,) if isinstance(given, str) else given:
            if name not in allowed:
                at = () if isinstance(given, str) else (given.index(name),)
                raise refused(f"is no outcome that {what}; {LISTED}", near=nearest(name, allowed), at=at)
        return given

    @model_validator(mode="after")
    def _factors_fit_the_design(self) -> Study:
        both = set(self.levers) & set(self.uncertainties)
        if both:
            raise refused("is a lever already; it can be one of the two", at=("uncertainties", min(both)), at_key=True)
        if self.sample and not self.uncertainties:
            raise refused("a sample draws uncertainties, and there are none", at=("sample",))
        refusal = self.design.refusal(self.combined)
        if refusal:
            at = self._where(refusal)
            raise refused(refusal.words, at=at, at_key=at != ("design",))
        if self.points > MOST_POINTS:
            words = f"the design has {self.points:,} points a case; at most {MOST_POINTS:,} are allowed"
            raise refused(words, at=("design",))
        return self

    def _where(self, refusal: Refusal) -> tuple[str, ...]:
        """Where that stands which a design refuses."""
        if not refusal.factor:
            return ("design", *refusal.inside)
        return ("levers" if refusal.factor in self.levers else "uncertainties", refusal.factor)

    @model_validator(mode="after")
    def _the_rule_can_be_followed(self) -> Study:
        if isinstance(self.replications, int):
            return self
        name = self.judged
        if name not in NUMBERS:
            at = ("replications", "outcome")
            raise refused(f"is no outcome that can be averaged; {LISTED}", near=nearest(name, NUMBERS), at=at)
        if isinstance(self.replications, UntilNarrow) and is_share(name) == (self.replications.interval == "t"):
            right = "wilson or clopper_pearson" if is_share(name) else "t"
            words = f"the interval for {name} is {right}, not {self.replications.interval}"
            raise refused(words, at=("replications",))
        if self.rule.selects and not self.common_luck:
            raise refused("to find the best, points have to share their luck; say luck: common", at=("replications",))
        return self

    @property
    def rule(self) -> ReplicationRule:
        """How often each point is run."""
        return Fixed(number=self.replications) if isinstance(self.replications, int) else self.replications

    @property
    def judged(self) -> str:
        """The outcome that the rule of replication looks at."""
        return getattr(self.replications, "outcome", None) or self.select_on

    @property
    def factors(self) -> dict[str, Factor]:
        """Levers and uncertainties together, in the order of the file."""
        return {**self.levers, **self.uncertainties}

    @property
    def combined(self) -> dict[str, Factor]:
        """The factors that the design combines: all, or only the levers where uncertainties are drawn apart."""
        return dict(self.levers) if self.sample else self.factors

    @property
    def points(self) -> int:
        """How many points there are of each case."""
        draws = self.sample.size(self.uncertainties) if self.sample else 1
        return draws * self.design.size(self.combined)

    @property
    def common_luck(self) -> bool:
        """Whether points share their luck, so that differences between them are never a matter of better luck."""
        usual: Luck = "common" if self.sample else self.design.luck
        return (self.luck or usual) == "common"


def spelled_out(factors: object) -> object:
    """Factors with `sweep` replaced by the published range; what is stated by name stands over a `*`."""
    if not isinstance(factors, Mapping):
        return factors
    spelled: dict[object, object] = {}
    for path, given in factors.items():
        spelled.update((_published(str(path)) if given == SWEEP else {}) or {path: given})
    return spelled | {path: given for path, given in factors.items() if path in spelled and given != SWEEP}


def _published(asked: str) -> dict[str, dict[str, object]]:
    """The published range of every path that is meant; none where there is no such number."""
    if "*" in asked:
        return {
            walked.path: _range(walked)
            for walked in walk_quantities()
            if "*" not in walked.path and fnmatchcase(walked.path, asked)
        }
    found = next((walked for walked in walk_quantities() if _same_place(asked, walked.path)), None)
    return {asked: _range(found)} if found else {}


def _same_place(path: str, pattern: str) -> bool:
    """Whether a path is of the kind that a walked pattern stands for: `strategies[0].month` of `strategies.*.month`."""
    stated, walked = re.split(r"[.\[\]]+", path), pattern.split(".")
    pairs = zip(stated, walked, strict=False)
    return len(stated) == len(walked) and all(one in {other, "*"} for other, one in pairs)


def _range(walked: Walked) -> dict[str, object]:
    low, high = walked.sweep or (0.0, 1.0)
    return {"low": float(low), "high": float(high), **({"whole": True} if walked.sort == "whole" else {})}


def plain(value: object) -> object:
    """A setting as plain lists and dictionaries, for a file."""
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value
