"""The formats need nothing but Python and `cryptography`: whoever audits us need not install us."""

import subprocess
import sys

IMPORTED = """
import importlib, pkgutil, sys
import services.audit.ledger.formats as formats
before = set(sys.modules)
for each in pkgutil.iter_modules(formats.__path__):
    importlib.import_module(f"{formats.__name__}.{each.name}")
print(*sorted(set(sys.modules) - before))
"""


def test_the_formats_import_python_cryptography_and_the_text_of_keys() -> None:
    told = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    imported = told.stdout.split()
    ours = {each for each in imported if each.partition(".")[0] in ("services", "shared", "deploy")}
    formats = {each for each in ours if each.startswith("services.audit.ledger.formats.")}
    assert len(formats) > 9
    assert ours - formats == {"shared", "shared.kernel", "shared.kernel.notekeys"}
    others = {each.partition(".")[0] for each in imported} - {"services", "shared"} - sys.stdlib_module_names
    assert others - {"cryptography", "cffi", "_cffi_backend", "_openssl"} == set()
