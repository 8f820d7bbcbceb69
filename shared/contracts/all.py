"""Importing this registers every published fact, so that nobody reads a log half blind."""

from importlib import import_module
from pkgutil import walk_packages

import shared.contracts

for module in walk_packages(shared.contracts.__path__, "shared.contracts."):
    if module.name != __name__:
        import_module(module.name)
