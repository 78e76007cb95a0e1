"""The build backend of pyproject.toml: setuptools, with the archives of `archives`.

pip, uv and build call these functions (PEP 517 and 660).
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import archives
from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Mapping[str, Any] | None


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel; in a folder of its own, since `build/` may hold files deleted since."""
    del config_settings
    with tempfile.TemporaryDirectory() as build:
        settings = {"--global-option": ["build", f"--build-base={build}"]}
        name: str = build_meta.build_wheel(wheel_directory, settings, metadata_directory)
    archives.normalise_wheel(Path(wheel_directory, name))
    return name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Build the source archive, with every file of the project."""
    del config_settings
    with tempfile.TemporaryDirectory() as folder:
        information = Path(folder, prepare_metadata_for_build_wheel(folder))
        metadata = (information / "METADATA").read_bytes()
    name = information.name.removesuffix(".dist-info")
    path = Path(sdist_directory, f"{name}.tar.gz")
    archives.write_sdist(path, Path.cwd(), name, metadata)
    return path.name
