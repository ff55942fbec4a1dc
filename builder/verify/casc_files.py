"""CasC files as configuration as code reads them, and what it takes from them without a word.

Source: recordings of configuration-as-code 1.53: a second key of one name replaces the first, a
word becomes 0 or false, lists of several files are joined, and nothing of it is logged.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain, pairwise
from pathlib import PurePosixPath
from types import MappingProxyType

import yaml
from msgspec import Struct

from builder.model.formula import Formula, InputFile
from builder.model.placed import placed
from builder.verify.casc_tree import TEMPLATES, Leaf, items, leaves

_STOCK = PurePosixPath("casc")
_SUFFIXES = {".yml", ".yaml", ".YML", ".YAML"}
_STRATEGY = ("CASC_MERGE_STRATEGY", "override")
_VARIABLE = re.compile(r"(?<!\^)\$\{")
_NUMBER = re.compile(r"[-+]?[0-9]+")
_NUMBERS = {
    "jenkins.numexecutors",
    "jenkins.slaveagentport",
    "jenkins.quietperiod",
    "jenkins.scmcheckoutretrycount",
    "jenkins.securityrealm.ldap.cache.size",
    "jenkins.securityrealm.ldap.cache.ttl",
    "unclassified.kubespheretokenauthglobalconfiguration.cacheconfiguration.size",
    "unclassified.kubespheretokenauthglobalconfiguration.cacheconfiguration.ttl",
}
_FLAG = re.compile(r"true|false|yes|no|on|off", re.IGNORECASE)
_FLAGS = {
    "jenkins.disablerememberme",
    "jenkins.crumbissuer.standard.excludeclientipfromcrumb",
    "jenkins.securityrealm.local.allowssignup",
    "jenkins.authorizationstrategy.loggedinuserscandoanything.allowanonymousread",
    "unclassified.kubespheretokenauthglobalconfiguration.enabled",
}


class Casc(Struct, frozen=True, kw_only=True, dict=True):
    """The CasC files of an image, and how they are joined."""

    files: tuple[InputFile, ...] = ()  # by path, the order in which they are read
    overrides: bool = False  # of two values the later wins; else they stop the boot
    overlay: InputFile | None = None  # of the trial
    variables: Mapping[str, str] = MappingProxyType({})  # of the image

    @cached_property
    def roots(self) -> tuple[tuple[InputFile, yaml.Node | None], ...]:
        """Read every file once; None: it is empty, or no YAML."""
        return tuple((each, _root(each)) for each in self.files)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """List every key of every file; variables have the image's values, or their defaults."""
        return tuple(
            chain.from_iterable(leaves(file, root, self.variables) for file, root in self.roots)
        )

    @cached_property
    def templates(self) -> tuple[Leaf, ...]:
        """List the pod templates of every cloud."""
        return tuple(item for each in self.leaves if each.path == TEMPLATES for item in items(each))

    @cached_property
    def entries(self) -> tuple["Entry", ...]:
        """List every scalar and list item, also those that a second key of a name replaces."""
        found = (_below(file, root, ()) for file, root in self.roots if root)
        return tuple(chain.from_iterable(found))

    @cached_property
    def overlay_root(self) -> yaml.Node | None:
        """Read the overlay."""
        return _root(self.overlay) if self.overlay else None

    @cached_property
    def in_force(self) -> tuple["Entry", ...]:
        """List what the trial boots with: what the overlay names replaces a whole attribute."""
        root = self.overlay_root
        if self.overlay is None or root is None:
            return self.entries
        own = tuple(_below(self.overlay, root, ()))
        named = {_attribute(each) for each in own}
        return (*(each for each in self.entries if _attribute(each) not in named), *own)


class Entry(Struct, frozen=True, kw_only=True):
    """One scalar or list item, with where it stands."""

    path: str  # such as ``jenkins.numexecutors``; the case of names does not matter
    value: str
    place: str  # such as ``casc/jenkins.yaml:3``
    is_item: bool = False  # of a list; then ``value`` identifies it


def casc(formula: Formula) -> Casc:
    """Find what configuration as code reads in an image of a formula."""
    beside = {each.path: each for each in formula.inputs if each.path.is_relative_to(_STOCK)}
    packed = {each.path: each for _, _, each in placed(formula.parts.casc, formula.inputs)}
    found = {**beside, **packed}
    files = (found[path] for path in sorted(found) if path.suffix in _SUFFIXES)
    wished = formula.trial.overlay
    overlay = InputFile(path=wished.path, content=wished.content) if wished else None
    overrides = _STRATEGY in formula.image.env
    variables = dict(formula.image.env)
    return Casc(files=tuple(files), overrides=overrides, overlay=overlay, variables=variables)


def faults(read: Casc) -> tuple[str, ...]:
    """Tell what is taken otherwise than it is meant, with its place."""
    return (
        *(fault for file, root in read.roots for fault in _twice(file, root)),
        *_wrong_words(read.entries),
        *_between(read.entries, overrides=read.overrides),
    )


def is_fixed(text: str) -> bool:
    """Say whether a value holds no variable, so that it is known here."""
    return _VARIABLE.search(text) is None


def _root(file: InputFile) -> yaml.Node | None:
    try:
        return yaml.compose(file.content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError):
        return None


def _attribute(entry: Entry) -> str:
    """Give root key and attribute, such as ``jenkins.securityrealm``."""
    return ".".join(entry.path.split(".")[:2])


def _line(file: InputFile, node: yaml.Node) -> str:
    return f"{file.path}:{node.start_mark.line + 1}"


def _below(
    file: InputFile, node: yaml.Node, path: tuple[str, ...], around: tuple[yaml.Node, ...] = ()
) -> Iterator[Entry]:
    """List what stands below a node; an anchor may stand inside itself, and is left out there."""
    name = ".".join(path)
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            if identity := _identity(each):
                yield Entry(path=name, value=identity, place=_line(file, each), is_item=True)
    elif isinstance(node, yaml.ScalarNode) or not node.value:
        yield Entry(path=name, value=str(node.value or ""), place=_line(file, node))
    elif not any(each is node for each in around):
        for key, value in node.value:
            below = (*path, str(key.value).lower())
            yield from _below(file, value, below, (*around, node))


def _identity(item: yaml.Node, level: int = 0) -> str | None:
    """Give what tells an item of a list from others: itself, its name or its id."""
    if isinstance(item, yaml.ScalarNode):
        return str(item.value)
    if not isinstance(item, yaml.MappingNode) or level > 1:
        return None
    plain = {
        key.value: value.value for key, value in item.value if isinstance(value, yaml.ScalarNode)
    }
    named = next((f"{key} {plain[key]}" for key in ("name", "id") if key in plain), None)
    if named or len(item.value) != 1:
        return named
    key, value = item.value[0]
    inner = _identity(value, level + 1)
    return f"{key.value} {inner}" if inner else None


def _twice(file: InputFile, root: yaml.Node | None) -> Iterator[str]:
    if root is None and file.content.strip():
        yield f"{file.path}: this is no YAML, or several documents"
    open_nodes, seen = [root] if root else [], set[int]()
    while open_nodes:
        node = open_nodes.pop(0)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            open_nodes += [value for _, value in node.value]
            yield from _same_keys(file, node)


def _same_keys(file: InputFile, node: yaml.MappingNode) -> Iterator[str]:
    first: dict[str, yaml.Node] = {}
    for key, _ in node.value:
        known = first.setdefault(str(key.value), key)
        if known is not key:
            line = known.start_mark.line + 1
            yield f"{_line(file, key)}: {key.value} a second time; it replaces that of line {line}"


def _wrong_words(found: tuple[Entry, ...]) -> Iterator[str]:
    for each in found:
        if each.is_item or not is_fixed(each.value):
            continue
        if each.path in _NUMBERS and not _NUMBER.fullmatch(each.value):
            yield f"{each.place}: {each.path}: {each.value!r} is no whole number; it is not kept"
        if each.path in _FLAGS and not _FLAG.fullmatch(each.value):
            yield f"{each.place}: {each.path}: {each.value!r} is no boolean; it becomes false"


def _between(found: tuple[Entry, ...], *, overrides: bool) -> Iterator[str]:
    """Compare files with each other: values that differ, and items that come twice."""
    for one, other in pairwise(sorted(found, key=_order)):
        same_file = one.place.rpartition(":")[0] == other.place.rpartition(":")[0]
        if same_file or (one.path, one.is_item) != (other.path, other.is_item):
            continue
        if one.is_item and one.value == other.value:
            yield f"{one.path}: {one.value} stands in {one.place} and {other.place}: it is doubled"
        if not one.is_item and one.value != other.value and not overrides:
            yield f"{one.path}: {one.place} and {other.place} say different things"


def _order(entry: Entry) -> tuple[str, bool, str]:
    return entry.path, entry.is_item, entry.value
