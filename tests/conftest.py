"""Random tests: one number starts them all, and whoever sees one fail is told how to replay it."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

SEED = "REDESIGN_SIM_TEST_SEED"

# A compiled rule is slow the first time it is called, which says nothing about the example that called it.
hypothesis.settings.register_profile("redesign-sim", deadline=None)
hypothesis.settings.load_profile("redesign-sim")


def pytest_configure(config: pytest.Config) -> None:
    # In the environment, so that parallel workers and child processes take the same number.
    os.environ.setdefault(SEED, str(secrets.randbelow(2**32)))
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = os.environ[SEED]


def pytest_report_header() -> str:
    return f"random tests start from {SEED}={os.environ[SEED]}"


@pytest.fixture
def seed() -> int:
    return int(os.environ[SEED])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and is_random(item):
        report.sections.append(("replay", f'{SEED}={os.environ[SEED]} pytest "{item.nodeid}"'))
    return report


def is_random(item: pytest.Item) -> bool:
    return "seed" in getattr(item, "fixturenames", ()) or hypothesis.is_hypothesis_test(getattr(item, "obj", None))
