"""`python -m tests.docking`: hold the negotiations of the docking anew, and put what came out into its page."""

from __future__ import annotations

import sys

from tests.docking.page import PAGE, refreshed

if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text("utf-8")), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE.name} is fresh.\n")
