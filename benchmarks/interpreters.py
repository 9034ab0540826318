"""A Python like the one that runs this, but without Helm's engine: what most people have, since it is an extra."""

from __future__ import annotations

import sysconfig
import venv
from importlib.util import find_spec
from pathlib import Path

_ENGINE = "helm_python"


def has_engine() -> bool:
    """Tells whether Helm's engine is installed here."""
    return find_spec(_ENGINE) is not None


def without_engine(folder: Path) -> str:
    """Makes an environment in a folder, with links to all packages that are installed here but the engine.

    Returns its interpreter.
    """
    venv.create(folder, symlinks=True, with_pip=False)
    places = sysconfig.get_paths(scheme="venv", vars={"base": str(folder), "platbase": str(folder)})
    for each in Path(sysconfig.get_paths()["purelib"]).iterdir():
        link = Path(places["purelib"]) / each.name
        if not each.name.startswith(_ENGINE) and not link.exists():
            link.symlink_to(each)
    return str(Path(places["scripts"]) / "python")
