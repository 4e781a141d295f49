"""Refresh the fingerprints, with the reason: `python -m tests.fingerprints --refresh "why they change"`."""

from __future__ import annotations

import argparse
import sys

from tests.fingerprints.prints import cases, fingerprint, known, refresh


def main(arguments: list[str] | None = None) -> int:
    """Without `--refresh` compare and write nothing; the number of cases that differ is what comes back."""
    parser = argparse.ArgumentParser(prog="python -m tests.fingerprints", description=__doc__)
    parser.add_argument(
        "--refresh", metavar="REASON", help="write down what each case comes to now, and why it changed"
    )
    reason = parser.parse_args(arguments).refresh
    if reason is None:
        differing = [name for name in cases() if fingerprint(name) != known().get(name, {}).get("sha256")]
        sys.stdout.write("".join(f"{name} differs\n" for name in differing) or "all as they were\n")
        return len(differing)
    try:
        lines = refresh(reason)
    except ValueError as mistake:
        parser.error(str(mistake))
    sys.stdout.write("".join(f"{line}\n" for line in lines) or "all as they were\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
