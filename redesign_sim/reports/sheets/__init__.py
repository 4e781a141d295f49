"""Reports as one HTML file that needs neither network nor scripts: the sheet that all of them are written on."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

__all__ = ["sheets_of"]

OWN = PackageLoader(__name__)


def sheets_of(package: str, *styles: str) -> Environment:
    """The templates of a report's package, which fill in `sheet.html` and escape whatever is put into them; `styles`:
    the package's own style sheets, laid over the common one.
    """
    theirs = PackageLoader(package)
    environment = Environment(
        loader=ChoiceLoader([theirs, OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    css = [OWN.get_source(environment, "sheet.css")[0], *(theirs.get_source(environment, name)[0] for name in styles)]
    environment.globals["style"] = Markup("\n".join(css))  # noqa: S704  our own files
    return environment
