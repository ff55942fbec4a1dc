"""A Debian archive in memory: bases are small texts that follow from what was asked."""

from collections.abc import Mapping

from builder.errors import BaseUnavailable, OfflineMiss
from builder.model.base_wishes import DebianBase
from builder.model.lock import BasePin, Package
from builder.ports import Store

ESSENTIAL = Package(name="base-files", version="14")


class FakeBases:
    """A ``Bases``; ``archive`` holds versions by package, by suite."""

    def __init__(
        self, store: Store, archive: Mapping[str, Mapping[str, str]], *, offline: bool = False
    ) -> None:
        self._store = store
        self._archive = archive
        self._offline = offline

    def make(self, wished: DebianBase, platform: str | None = None) -> BasePin:
        """Keep a text that names every package."""
        packages = tuple(sorted(set(wished.packages)))
        if self._offline:
            raise OfflineMiss(wanted=(f"Debian {wished.suite} with {', '.join(packages)}",))
        if platform == "linux/s390x":  # stands for all that this machine cannot run
            raise BaseUnavailable(
                suite=wished.suite, packages=wished.packages, said=(f"cannot run {platform}",)
            )
        suite = self._archive.get(wished.suite, {})
        missing = tuple(each for each in packages if each not in suite)
        if missing or not suite:
            said = tuple(f"E: Unable to locate package {each}" for each in missing)
            raise BaseUnavailable(
                suite=wished.suite, packages=wished.packages, said=said or ("E: no such suite",)
            )
        found = {ESSENTIAL, *(Package(name=each, version=suite[each]) for each in packages)}
        installed = tuple(sorted(found, key=lambda each: each.name))
        stored = self._store.add([f"{each.name} {each.version}\n".encode() for each in installed])
        return BasePin(
            platform=platform or "linux/amd64",
            suite=wished.suite,
            wished=packages,
            packages=installed,
            digest=stored.digest,
            size=stored.size,
        )
