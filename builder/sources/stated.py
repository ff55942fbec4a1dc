"""Reads what archives state of themselves: Maven group and licences.

Each archive is opened once: the store remembers, by digest, what was read. Whoever made an archive
may have put anything into it, so what is broken, too large or hostile counts as not stated.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.errors import ArchiveBroken
from builder.model.digest import Digest
from builder.model.formula import Formula
from builder.model.lock import CorePin, Lock, Pin
from builder.model.manifest import main_attributes
from builder.model.plugin import Coordinates
from builder.model.stated import Stated, StatedLicence
from builder.ports import Archives, World
from builder.sources import download, manifest

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LIMIT = 1 << 20  # bytes of one entry; the largest that is known has 0.1 MB
_LISTING = "WEB-INF/licenses.xml"  # as Jenkins' build tools write it
_FORM = 1  # goes up when the same archive is to be read anew
_MAVEN_ID = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_POM = re.compile(r"META-INF/maven/([A-Za-z0-9_.-]{1,200})/([A-Za-z0-9_.-]{1,200})/pom\.\w+")
_LICENCE = re.compile(r"plugin-license-(name|url)(-[0-9]+)?")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]{1,300}")
_LONGEST = 200  # characters of a licence's name


def read(world: World, formula: Formula, locked: Lock) -> Mapping[Digest, Stated]:
    """Tell what the core and the plugins of a lock state; fetch those that were never read.

    Raises:
        SourceError: a file that has to be read cannot be had.
        DigestMismatch: it is not the one that was locked.
    """
    pins: tuple[CorePin | Pin, ...] = (locked.core, *locked.plugins)
    known = {each.digest: _recalled(world.store.read_note(_note(each))) for each in pins}
    unread = tuple(each for each in pins if known[each.digest] is None)
    files = download.archives(world, formula, unread)
    for pin, file in zip(unread, files, strict=True):
        found = of_archive(world.archives, file.path, artifact(pin))
        world.store.write_note(_note(pin), msgspec.json.encode(found))
        known[pin.digest] = found
    return {digest: found for digest, found in known.items() if found is not None}


def artifact(pin: CorePin | Pin) -> str:
    """Give the Maven artifact that a pinned file is."""
    if isinstance(pin.origin, Coordinates):
        return pin.origin.artifact
    return pin.plugin if isinstance(pin, Pin) else f"{pin.family.value}-war"


def of_archive(archives: Archives, path: Path, name: str) -> Stated:
    """Read one archive.

    Args:
        archives: reads it.
        path: of the archive.
        name: of its Maven artifact; what it carries of others does not count.
    """
    try:
        entries = archives.names(path)
    except ArchiveBroken:
        return Stated()
    attributes = main_attributes(_entry(archives, path, manifest.NAME))
    group = _group(attributes, entries, name)
    pom = f"META-INF/maven/{group}/{name}/pom.xml"
    found = (
        _of_pom(_entry(archives, path, pom) if group else b"")
        or _of_manifest(attributes)
        or _of_listing(_entry(archives, path, _LISTING), name)
    )
    return Stated(group=group, licences=tuple(sorted(set(found))))


def _group(attributes: Mapping[str, str], entries: tuple[str, ...], name: str) -> str | None:
    """Take the manifest's word, else that of the one folder which Maven keeps the POM in."""
    said = attributes.get("Group-Id", "").strip()
    if _MAVEN_ID.fullmatch(said):
        return said
    poms = (_POM.fullmatch(each) for each in entries)
    groups = {found[1] for found in poms if found and found[2] == name}
    return groups.pop() if len(groups) == 1 else None


def _of_pom(content: bytes) -> tuple[StatedLicence, ...]:
    """Read ``<licenses>`` of a POM; what a parent states is not in the archive."""
    root = _root(content)
    listed = () if root is None else tuple(_below(root, "licenses"))
    found = (each for group in listed for each in _below(group, "license"))
    return _licences((_text(each, "name"), _text(each, "url")) for each in found)


def _of_manifest(attributes: Mapping[str, str]) -> tuple[StatedLicence, ...]:
    """Read ``Plugin-License-Name`` and ``-Url``; of several the second is ``...-Name-2``.

    Source: maven-hpi-plugin, its integration test ``JENKINS-45740-metadata``.
    """
    found: dict[str, dict[str, str]] = {}
    for name, value in attributes.items():
        if told := _LICENCE.fullmatch(name.lower()):
            found.setdefault(told[2] or "", {})[told[1]] = value
    return _licences((each.get("name", ""), each.get("url", "")) for each in found.values())


def _of_listing(content: bytes, name: str) -> tuple[StatedLicence, ...]:
    """Read ``WEB-INF/licenses.xml``: of all it lists, the archive's own entry.

    Its elements are ``dependency`` with ``artifactId``, and ``license`` in them with ``name`` and
    ``url``.
    """
    root = _root(content)
    own = (
        each
        for each in ([] if root is None else _below(root, "dependency"))
        if each.get("artifactId") == name
    )
    found = (each for entry in own for each in _below(entry, "license"))
    return _licences((each.get("name", ""), each.get("url", "")) for each in found)


def _licences(pairs: Iterator[tuple[str, str]]) -> tuple[StatedLicence, ...]:
    """Leave out what says nothing: placeholders, whole licence texts, what is no address."""
    found = []
    for said, address in pairs:
        name, url = " ".join(said.split()), address.strip()
        name = name if name.isprintable() and "${" not in name and len(name) <= _LONGEST else ""
        url = url if _URL.fullmatch(url) else ""
        if name or url:
            found.append(StatedLicence(name=name, url=url))
    return tuple(found)


def _entry(archives: Archives, path: Path, name: str) -> bytes:
    try:
        return archives.read(path, name, limit=LIMIT) or b""
    except ArchiveBroken:
        return b""


def _root(content: bytes) -> "Element | None":
    """Parse XML that declares neither entities nor a document type; None for anything else."""
    if not content:
        return None
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415  # once for every archive

    try:
        return fromstring(content, forbid_dtd=True)
    except (SyntaxError, ValueError, LookupError):  # broken, hostile, in no encoding we know
        return None


def _below(parent: "Element", name: str) -> Iterator["Element"]:
    """Find children by name, whatever their namespace."""
    return (each for each in parent if _local(each) == name)


def _text(parent: "Element", name: str) -> str:
    return next((each.text or "" for each in _below(parent, name)), "")


def _local(element: "Element") -> str:
    return element.tag.rpartition("}")[2]


def _note(pin: CorePin | Pin) -> str:
    return f"stated {_FORM} {artifact(pin)} {pin.digest}"


def _recalled(note: bytes | None) -> Stated | None:
    try:
        return msgspec.json.decode(note or b"", type=Stated)
    except msgspec.DecodeError:
        return None
