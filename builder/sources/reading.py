"""One source of catalogues to one index: fetched or read, checked, decoded."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from builder.errors import (
    CatalogueBroken,
    CatalogueUntrusted,
    JbuildError,
    OfflineMiss,
    SourceError,
    SourceUnreachable,
    Unreadable,
)
from builder.model.audit import AuditFinding, Severity
from builder.model.catalogue import Asked, Catalogue, Identity
from builder.model.digest import Digest
from builder.model.formula import CatalogueWishes
from builder.model.mirror import Document
from builder.model.plugin import Trust
from builder.ports import World
from builder.sources import history, rollback, update_center
from builder.sources.history import History
from builder.sources.merge import ForCore
from builder.sources.releases import Document as Written
from builder.sources.rollback import Sighting
from builder.sources.roots import RootFile, Roots
from builder.sources.shapes import document
from builder.sources.sites import Local, Remote
from builder.sources.update_center import UpdateCenter
from builder.sources.vouched import Paper, vouch
from builder.sources.wrapping import LIMIT
from builder.version import Version

_ROOT_LIMIT = 1 << 20  # bytes


class Opened(Struct, frozen=True, kw_only=True):
    """One index, checked and ready to be asked."""

    index: UpdateCenter | History
    sighting: Sighting
    findings: tuple[AuditFinding, ...]
    core: Version | None = None  # it has no tiers, and is to be read as this core's

    @property
    def catalogue(self) -> Catalogue:
        """What it tells of plugins; offers are those that its core takes."""
        return self.index if self.core is None else ForCore(index=self.index, core=self.core)

    @property
    def identity(self) -> Identity:
        """Which index this is."""
        return self.sighting.identity


class Reader(Struct, frozen=True, kw_only=True):
    """Reads sources one by one, with the same trust in each."""

    world: World
    asked: Asked
    roots: Roots
    core: Version | None = None  # the controller's

    def open(self, source: Remote | Local) -> Opened:
        """Read one source.

        Raises:
            SourceUnreachable: it cannot be had.
            CatalogueBroken: it is no catalogue.
            CatalogueUntrusted: nobody trusted vouches for it.
            Unreadable: it is a file that cannot be read, or a root is.
        """
        return self._local(source) if isinstance(source, Local) else self._remote(source)

    def _remote(self, source: Remote) -> Opened:
        """Ask the mirrors that relay a site, then the site itself.

        A mirror's copy counts like the original where its signature holds; where it does not, or
        the mirror is away, the next one is asked.
        """
        findings: tuple[AuditFinding, ...] = ()
        for relay in source.relays:
            try:
                came = self.world.documents.fetch(relay, limit=LIMIT)
                return self._relayed(self._came(source, came, findings))
            except (SourceError, CatalogueUntrusted) as fault:
                findings += (_no_relay(relay, fault),)
        return self._original(source, findings)

    def _relayed(self, opened: Opened) -> Opened:
        """Take a mirror's copy, which has no tiers; one that lags behind what was seen is none."""
        allow = self.asked.allow_rollback
        found = rollback.judge(self.world.store, (opened.sighting,), allow=allow)
        return replace(opened, findings=(*opened.findings, *found), core=self.core)

    def _original(self, source: Remote, findings: tuple[AuditFinding, ...]) -> Opened:
        documents = self.world.documents
        try:
            came = documents.fetch(source.url, limit=LIMIT)
        except (SourceUnreachable, OfflineMiss) as fault:
            if source.otherwise is None:
                raise
            came = documents.fetch(source.otherwise, limit=LIMIT)
            findings = (*findings, _no_tier(source.name, fault))
        return self._came(source, came, findings)

    def _came(self, source: Remote, came: Document, findings: tuple[AuditFinding, ...]) -> Opened:
        """Take a document as its source's, whichever way the server sent the question on."""
        paper = Paper(
            name=source.name,
            digest=came.content.digest,
            content=partial(_stored, self.world, came.content.digest, source.name),
            at=self.asked.at or came.seen,
            seen=came.seen,
            may_be_unsigned=self.asked.allow_unsigned,
            carried=came.carried,
        )
        series = "experimental" if "/experimental/" in source.url else ""
        return self._opened(paper, series, findings)

    def _local(self, source: Local) -> Opened:
        content = (
            self.world.workspace.read_bytes(Path(source.path), limit=LIMIT)
            if source.chosen
            else beside(self.world, self.asked.folder, source.path)
        )
        if content is None:
            raise Unreadable(path=Path(source.path), fault="there is no such file")
        paper = Paper(
            name=source.name,
            digest=Digest.of(content),
            content=lambda: content,
            at=self.asked.at or self.asked.now,
            seen=self.asked.now,
            may_be_unsigned=source.chosen,
        )
        return self._opened(paper, "", ())

    def _opened(self, paper: Paper, series: str, findings: tuple[AuditFinding, ...]) -> Opened:
        """Check a document and take it apart."""
        found = vouch(self.world.store, self.roots, paper, allow_sha1=self.asked.allow_sha1)
        trust = Trust.SIGNED if found.signer else Trust.UNSIGNED
        whole = document(found.text, Written, paper.name)
        decode = history.of if whole.is_history else update_center.of
        index = decode(whole, name=paper.name, trust=trust)
        if (again := paper.judged_when_it_came(index.timestamp)) != paper:
            vouch(self.world.store, self.roots, again, allow_sha1=self.asked.allow_sha1)
        identity = Identity(
            name=paper.name,
            site=index.site,
            timestamp=index.timestamp,
            digest512=found.digest512,
            signer=found.signer,
            trust=trust,
        )
        series = "history" if whole.is_history else series
        return Opened(
            index=index,
            sighting=Sighting(
                identity=identity,
                series=series,
                at=paper.carried or min(paper.at, paper.seen),
                carried=paper.carried is not None,
            ),
            findings=(*findings, *_remarks(identity, carried=paper.carried is not None)),
        )


def roots(world: World, wishes: CatalogueWishes, asked: Asked) -> Roots:
    """Gather whom to trust: what the formula names, and what the command names.

    Raises:
        Unreadable: one of the files cannot be read.
    """
    named = tuple(each for each in wishes.trust if each != "jenkins")
    own = [(each, beside(world, asked.folder, each)) for each in named]
    here = [
        (str(each), world.workspace.read_bytes(each, limit=_ROOT_LIMIT)) for each in asked.trust
    ]
    files = []
    for name, content in (*own, *here):
        if content is None:
            raise Unreadable(path=Path(name), fault="there is no such file")
        files.append(RootFile(name=name, content=content))
    return Roots(jenkins="jenkins" in wishes.trust, files=tuple(files))


def beside(world: World, folder: Path, path: str) -> bytes | None:
    """Read a file of the formula's folder; None where there is none.

    Raises:
        OutsideFolder: a link leads out of the folder.
        Unreadable: it may not be read.
    """
    wanted = PurePosixPath(path)
    found = world.workspace.read_inputs(folder, (wanted,))
    return next((each.content for each in found if each.path == wanted), None)


def _stored(world: World, digest: Digest, name: str) -> bytes:
    content = world.store.read(digest)
    if content is None:
        raise CatalogueBroken(source=name, fault="its copy in the store has been damaged")
    return content


def _remarks(identity: Identity, *, carried: bool) -> Iterator[AuditFinding]:
    if identity.signer is None:
        yield _unsigned(identity.name)
    if carried:
        yield _carried(identity)


def _carried(identity: Identity) -> AuditFinding:
    made = identity.timestamp
    date = f"of {made:%Y-%m-%d}" if made else "without a date"
    return AuditFinding(
        id=f"carried:{identity.name}",
        severity=Severity.NOTE,
        subject="catalogue",
        sentence=f"{identity.name} came by bundle, and is {date}",
    )


def _unsigned(name: str) -> AuditFinding:
    return AuditFinding(
        id=f"unsigned:{name}",
        severity=Severity.WARNING,
        subject="catalogue",
        sentence=f"{name} carries no signature: what it says is believed because it was named",
    )


def _no_relay(url: str, fault: JbuildError) -> AuditFinding:
    host = urlsplit(url).netloc
    said = fault.fault if isinstance(fault, CatalogueUntrusted) else str(fault)
    return AuditFinding(
        id=f"relay:{host}",
        severity=Severity.NOTE,
        subject="catalogue",
        sentence=f"{host} has no copy of the catalogue that could be used",
        evidence=(url, said),
    )


def _no_tier(name: str, fault: SourceUnreachable | OfflineMiss) -> AuditFinding:
    return AuditFinding(
        id=f"tier:{name}",
        severity=Severity.WARNING,
        subject="catalogue",
        sentence=f"the {name} catalogue for this core could not be had, so the newest is taken",
        evidence=(fault.url, *fault.said) if isinstance(fault, SourceUnreachable) else (),
    )
