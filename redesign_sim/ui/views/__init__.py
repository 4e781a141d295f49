"""The views of the page, a module each: `TITLE` names it in words, `Page` is its component."""
