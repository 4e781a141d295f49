"""`python -m redesign_sim.reports.explain`: run the reference study anew, or with `--check` say what in it is stale."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from redesign_sim.reports.explain.influence import COMMAND, TABLE, kept, stale, study, written

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table, which takes a few minutes, or check it, which takes seconds; 1 where it is stale."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    if parser.parse_args(arguments).check:
        wrong = stale(kept())
        if wrong:
            sys.stderr.write(f"The reference study is stale in {', '.join(wrong[:5])}; `{COMMAND}` runs it anew.\n")
        return int(bool(wrong))
    TABLE.write_text(written(study(lambda path: sys.stderr.write(f"{path}\n"))), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
