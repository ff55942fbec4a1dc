"""``Artifacts`` over the user's own Maven, with its settings.xml, mirrors and credentials."""

from functools import partial
from html import escape
from pathlib import Path

from builder.adapters.faults import disk_faults
from builder.adapters.process import Program, redacted, run
from builder.errors import ArtifactsMissing, NoSpace, OfflineMiss
from builder.model.formula import Repository
from builder.model.plugin import Coordinates
from builder.model.stored import StoredFile
from builder.ports import Progress, Store, unheard
from builder.version import Version

_text = partial(escape, quote=False)  # of an element
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>jbuild</groupId><artifactId>fetch</artifactId><version>1</version>
<packaging>pom</packaging>
<repositories>{repositories}</repositories>
<build><plugins><plugin>
<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>
<configuration><artifactItems>{items}</artifactItems></configuration>
</plugin></plugins></build>
</project>
"""
_ITEM = """
<artifactItem><groupId>{0.group}</groupId><artifactId>{0.artifact}</artifactId>
<version>{0.version}</version><type>{0.packaging}</type>
<outputDirectory>{1}</outputDirectory><destFileName>{2}</destFileName></artifactItem>"""


class MavenArtifacts:
    """The real ``Artifacts``."""

    def __init__(
        self, store: Store, *, command: str, offline: bool, progress: Progress = unheard
    ) -> None:
        self._store = store
        self._program = Program(command=command, package="maven")
        self._offline = offline
        self._progress = progress

    def fetch(
        self, wanted: tuple[Coordinates, ...], repositories: tuple[Repository, ...]
    ) -> tuple[StoredFile, ...]:
        """Ask the store first, then Maven once for all that is missing."""
        found = {each: self._recall(each) for each in wanted}
        missing = tuple(sorted(each for each, file in found.items() if file is None))
        if missing:
            found |= self._download(missing, repositories)
        return tuple(file for each in wanted if (file := found[each]) is not None)

    def forget(self, unwanted: Coordinates) -> None:
        """Forget the digest; Maven's own repository is the user's to mend."""
        self._store.forget(_name(unwanted))

    def _recall(self, wanted: Coordinates) -> StoredFile | None:
        if wanted.version.endswith("-SNAPSHOT"):
            return None
        digest = self._store.recall(_name(wanted))
        return self._store.find(digest) if digest else None

    def _download(
        self, missing: tuple[Coordinates, ...], repositories: tuple[Repository, ...]
    ) -> dict[Coordinates, StoredFile | None]:
        if self._offline:
            raise OfflineMiss(wanted=tuple(str(each) for each in missing))
        with self._store.scratch() as folder, disk_faults(folder):
            targets = {
                each: folder / f"{index}.{each.packaging}" for index, each in enumerate(missing)
            }
            (folder / "pom.xml").write_text(_pom(targets, repositories), "utf-8")
            self._run(folder, missing)
            return {each: self._keep(each, path) for each, path in targets.items()}

    def _run(self, folder: Path, missing: tuple[Coordinates, ...]) -> None:
        heard = _Copied(len(missing), self._progress)
        done = run(self._program, ("-B", "-C", f"{_PLUGIN}:copy"), folder=folder, hear=heard)
        if done.code != 0 and (full := done.full_disk()):
            raise NoSpace(path=folder, said=_sentence(full))
        if done.code != 0:
            said = tuple(_sentence(line) for line in done.lines if line.startswith("[ERROR]"))
            named = tuple(each for each in missing if any(_names(line, each) for line in said))
            raise ArtifactsMissing(
                missing=named or missing, said=said[:1] or tuple(map(redacted, done.lines[-3:]))
            )

    def _keep(self, wanted: Coordinates, path: Path) -> StoredFile:
        stored = self._store.adopt(path)
        self._store.remember(_name(wanted), stored.digest)
        return stored


class _Copied:
    """Counts the files that Maven says it has brought."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._total = total
        self._progress = progress
        self._done = 0

    def __call__(self, line: str) -> None:
        """Hear one line of Maven's."""
        if line.startswith("[INFO] Copying "):
            self._done += 1
            self._progress(self._done, self._total, "files")


def _name(wanted: Coordinates) -> str:
    return f"maven {wanted}:{wanted.packaging}"


def _names(line: str, wanted: Coordinates) -> bool:
    """Say whether a message of Maven's names these coordinates, and not 1.10 for 1.1."""
    spelled = f"{wanted.group}:{wanted.artifact}:{wanted.packaging}:{wanted.version}"
    return f" {spelled} " in f" {line} "


def _sentence(line: str) -> str:
    """Cut Maven's frame off: the level before, the pointer to its help after."""
    text = line.removeprefix("[ERROR]").partition(" -> [Help")[0].strip()
    return redacted(text.rpartition("on project fetch: ")[2])


def _pom(targets: dict[Coordinates, Path], repositories: tuple[Repository, ...]) -> str:
    group, artifact, version = _PLUGIN.split(":")
    items = (
        _ITEM.format(_escaped(each), _text(str(path.parent)), path.name)
        for each, path in targets.items()
    )
    places = (
        f"<repository><id>{_text(each.id)}</id><url>{_text(each.url)}</url></repository>"
        for each in repositories
    )
    return _POM.format(
        group=group,
        artifact=artifact,
        version=version,
        items="".join(items),
        repositories="".join(places),
    )


def _escaped(each: Coordinates) -> Coordinates:
    parts = (each.group, each.artifact, each.version, each.packaging)
    group, artifact, version, packaging = (_text(part) for part in parts)
    return Coordinates(group, artifact, Version(version), packaging)
