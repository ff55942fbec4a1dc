"""What an image is to stand on, as a formula says it."""

from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct


class RegistryBase(Struct, frozen=True, kw_only=True):
    """A base image that a registry serves."""

    reference: str  # such as ``jenkins/jenkins:2.346.3-jdk11``

    @property
    def named(self) -> str:
        """Say it as a lock writes it down: the key of the formula and what stands there."""
        return f"registry {self.reference}"


class LayoutBase(Struct, frozen=True, kw_only=True):
    """A base image in an OCI layout, which is a folder beside the formula."""

    path: PurePosixPath  # relative to the formula's folder

    @property
    def named(self) -> str:
        """Say it as a lock writes it down."""
        return f"oci {self.path}"


class ArchiveBase(Struct, frozen=True, kw_only=True):
    """A base image in a tar beside the formula, in the form of Docker or of OCI."""

    path: PurePosixPath  # relative to the formula's folder

    @property
    def named(self) -> str:
        """Say it as a lock writes it down."""
        return f"archive {self.path}"


class EngineBase(Struct, frozen=True, kw_only=True):
    """A base image that the local container engine has."""

    reference: str

    @property
    def named(self) -> str:
        """Say it as a lock writes it down."""
        return f"docker {self.reference}"


ImageBase: TypeAlias = RegistryBase | LayoutBase | ArchiveBase | EngineBase
"""A base that somebody else has made an image of."""


class DebianBase(Struct, frozen=True, kw_only=True):
    """A base made of Debian packages."""

    suite: str
    packages: tuple[str, ...]
    mirror: str | None  # a URL; None: the one this machine uses

    @property
    def wished(self) -> tuple[str, ...]:
        """Each package once, ascending: as a lock writes them down."""
        return tuple(sorted(set(self.packages)))
