"""Importing this registers every published fact, so that nobody reads a log half blind."""

from importlib import import_module
from pkgutil import iter_modules

import shared.contracts

for module in iter_modules(shared.contracts.__path__):
    if module.name != "all":
        import_module(f"shared.contracts.{module.name}")
