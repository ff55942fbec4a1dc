"""What ``jbuild plugins`` is asked for: its options, and the variables that are none's."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import click
from msgspec import Struct

from builder.cli.logins import logins
from builder.cli.options import several
from builder.cli.plugins_options import FOLDER
from builder.settings import Login
from builder.sources.jenkins_plugin_cli import Addresses, Named
from builder.sources.plugin_set import Latest
from builder.version import Version

_Each = TypeVar("_Each")
_EXCLUDE = "--latest true and --latest-specified exclude each other"


class Order(Struct, frozen=True, kw_only=True):
    """What the command line and the variables ask for."""

    files: tuple[Path, ...]
    named: tuple[str, ...]
    folder: Path
    war: Path | None
    core: Version | None
    addresses: Addresses
    logins: tuple[Login, ...]
    store: Path | None
    latest: Latest
    trusted: tuple[Path, ...]
    form: str
    show: "Show"
    do: "Do"
    quiet: int
    as_json: bool

    @staticmethod
    def of(given: Mapping[str, object], environment: Mapping[str, str] = os.environ) -> "Order":
        """Read what click gives.

        Raises:
            SettingsError: a login that is none.
        """
        return _Given(given, environment).order()


class Show(Struct, frozen=True, kw_only=True):
    """What is to be told."""

    listing: bool
    updates: bool
    hide_warnings: bool
    all_warnings: bool


class Do(Struct, frozen=True, kw_only=True):
    """How far to go, and what to put up with."""

    download: bool
    clean: bool
    skip_failed: bool
    offline: bool
    allow_rollback: bool
    allow_sha1: bool
    allow_unsigned: bool


class _Given:
    """Reads what click gives, and the variables that are no option's."""

    def __init__(self, given: Mapping[str, object], environment: Mapping[str, str]) -> None:
        self._given = given
        self._environment = environment

    def order(self) -> Order:
        """Put it together."""
        core = self._text("core")
        return Order(
            files=self._several("files", Path),
            named=self._several("named", str),
            folder=Path(self._text("folder") or FOLDER),
            war=Path(war) if (war := self._text("war")) else None,
            core=Version(core) if core else None,
            addresses=self._addresses(),
            logins=logins(self._text("credentials") or ""),
            store=self._store(),
            latest=self._latest(),
            trusted=self._several("trusted", Path),
            form=self._text("form") or "stdout",
            show=self._show(),
            do=self._do(),
            quiet=int(self._text("quiet") or 0),
            as_json=self._is("as_json"),
        )

    def _show(self) -> Show:
        return Show(
            listing=self._is("listing"),
            updates=self._is("available_updates"),
            hide_warnings=self._is("hide_security_warnings"),
            all_warnings=self._is("view_all_security_warnings"),
        )

    def _do(self) -> Do:
        return Do(
            download=not self._is("no_download"),
            clean=self._is("clean_download_directory"),
            skip_failed=self._is("skip_failed_plugins"),
            offline=self._is("offline"),
            allow_rollback=self._is("allow_rollback"),
            allow_sha1=self._is("allow_sha1"),
            allow_unsigned=self._is("allow_unsigned"),
        )

    def _latest(self) -> Latest:
        told = self._given["latest"]
        if not self._is("latest_specified"):
            return Latest.NONE if told is False else Latest.ALL
        if told is True:
            raise click.UsageError(_EXCLUDE)
        return Latest.SPECIFIED

    def _addresses(self) -> Addresses:
        download = self._environment.get("JENKINS_UC_DOWNLOAD")
        return Addresses(
            update_center=self._named("jenkins_update_center"),
            experimental=self._named("jenkins_experimental_update_center"),
            incrementals=self._named("jenkins_incrementals_repo_mirror"),
            plugin_info=self._named("jenkins_plugin_info"),
            download_url=self._named("jenkins_update_center_download_url"),
            download=Named(url=download, origin="JENKINS_UC_DOWNLOAD") if download else None,
        )

    def _named(self, name: str) -> Named | None:
        url = self._text(name)
        return Named(url=url, origin=f"--{name.replace('_', '-')}") if url else None

    def _store(self) -> Path | None:
        """Keep files below CACHE_DIR; a store that is named goes first."""
        cache = self._environment.get("CACHE_DIR")
        named = self._environment.get("JBUILD_STORE")
        return Path(cache).expanduser() / "store" if cache and not named else None

    def _is(self, name: str) -> bool:
        return self._given[name] is True

    def _text(self, name: str) -> str | None:
        value = self._given[name]
        return None if value is None else str(value)

    def _several(self, name: str, kind: type[_Each]) -> tuple[_Each, ...]:
        return several(self._given[name], kind)
