"""What a formula changes in the controller's archive, apart from the plugins inside it.

With nothing to change the archive stays what the project has released, signature and all.
"""

from collections.abc import Iterator

from msgspec import Struct

from builder.errors import ArchiveBroken, FormulaInvalid
from builder.model.build import Files, WarEntry
from builder.model.formula import Bundle, Formula, Layout, Problem
from builder.model.lock import Lock
from builder.model.placed import placed
from builder.model.plugin import PluginId
from builder.model.war import Resource
from builder.war import libraries, manifest, web_xml

LIMIT = 4 * 1024**2  # bytes of a manifest or a web.xml; real ones have some thousand
STOCK = "casc"  # the folder beside the formula that needs no key, and the key itself
_CASC = PluginId("configuration-as-code")


class Core(Struct, frozen=True, kw_only=True):
    """What has to be known of an archive to change it."""

    names: tuple[str, ...]
    manifest: bytes | None
    web_xml: bytes | None


class Changes(Struct, frozen=True, kw_only=True):
    """What goes in, and what goes without anything in its place."""

    entries: tuple[WarEntry, ...] = ()
    dropped: tuple[str, ...] = ()


NOTHING = Changes()


def changes(*, formula: Formula, locked: Lock, files: Files, core: Core) -> Changes:
    """Work out the entries.

    Raises:
        FormulaInvalid: the archive or the plugins do not have what a wish is about.
        ArchiveBroken: a file of the archive cannot be changed.
    """
    inside = formula.image.layout is Layout.WAR
    hooks, casc = formula.parts.hooks, formula.parts.casc if inside else ()
    problems = (
        *_casc_alone(formula, locked),
        *_library_problems(formula, core),
        *_same_names(formula, hooks, "groovyHooks"),
        *_same_names(formula, formula.parts.casc, "casc"),
    )
    if problems:
        raise FormulaInvalid(problems=problems)
    entries = (
        *_web_xml(formula, files, core),
        *_patches(formula, locked, files),
        *(
            WarEntry(name=f"{_folder(resource.hook)}/{path}", source=file.content)
            for resource, path, file in placed((*hooks, *casc), formula.inputs)
        ),
    )
    dropped = tuple(_dropped(formula, core))
    bundle = formula.bundle
    is_changed = entries or dropped or (inside and locked.plugins) or bundle.title or bundle.vendor
    if not is_changed:
        return NOTHING
    return Changes(entries=(*entries, *_manifest(bundle, core)), dropped=dropped)


def _folder(hook: str | None) -> str:
    return f"WEB-INF/{hook}.groovy.d" if hook else "WEB-INF/jenkins.yaml.d"


def _web_xml(formula: Formula, files: Files, core: Core) -> Iterator[WarEntry]:
    if not formula.parts.properties:
        return
    if core.web_xml is None:
        fault = f"has no {web_xml.NAME}, which systemProperties belong into"
        raise ArchiveBroken(path=files.core.path, fault=fault)
    try:
        content = web_xml.with_properties(core.web_xml, dict(formula.parts.properties))
    except ValueError as error:
        fault = f"{web_xml.NAME} cannot be changed: {error}"
        raise ArchiveBroken(path=files.core.path, fault=fault) from error
    yield WarEntry(name=web_xml.NAME, source=content)


def _manifest(bundle: Bundle, core: Core) -> Iterator[WarEntry]:
    """Say whose it is now; what the bundle does not say stays what the project said."""
    said = {
        "Implementation-Title": bundle.title,
        "Implementation-Vendor": bundle.vendor,
        "Implementation-Version": bundle.version,
    }
    lines = {name: " ".join(value.split()) for name, value in said.items() if value}
    if core.manifest is not None:
        yield WarEntry(name=manifest.NAME, source=manifest.rewritten(core.manifest, lines))


def _patches(formula: Formula, locked: Lock, files: Files) -> Iterator[WarEntry]:
    pairs = zip(locked.libraries, files.libraries, strict=True)
    files_by_artifact = {pin.artifact: file for pin, file in pairs}
    for each in formula.parts.patches:
        yield WarEntry(name=libraries.entry_name(each), source=files_by_artifact[each.artifact])


def _dropped(formula: Formula, core: Core) -> Iterator[str]:
    for each in (*formula.parts.patches, *formula.parts.excludes):
        yield from libraries.of_artifact(core.names, each.artifact)


def _library_problems(formula: Formula, core: Core) -> Iterator[Problem]:
    parts = formula.parts
    for key, wishes in (("libPatches", parts.patches), ("libExcludes", parts.excludes)):
        for index, each in enumerate(wishes):
            there = libraries.of_artifact(core.names, each.artifact)
            if len(there) > 1 or (not there and key == "libExcludes"):
                yield Problem(
                    place=formula.place_of(f"{key}[{index}]"),
                    path=f"{key}[{index}].artifactId",
                    found=each.artifact,
                    wanted=f"the id of one jar in {libraries.FOLDER}; "
                    f"there {'are ' + ', '.join(there) if there else 'is none'}",
                )


def _same_names(formula: Formula, wished: tuple[Resource, ...], key: str) -> Iterator[Problem]:
    """Tell of files that would take each other's place, or that of one in the stock folder."""
    in_image = key == STOCK and formula.image.layout is Layout.REF
    named = formula.parts.paths
    stock = (e.path for e in formula.inputs if in_image and e.path.parts[0] == STOCK)
    seen = {str(each): each for each in stock if not any(map(each.is_relative_to, named))}
    for resource, path, file in placed(wished, formula.inputs):
        name = f"{STOCK if in_image else _folder(resource.hook)}/{path}"
        is_first = name not in seen
        seen.setdefault(name, file.path)
        if not is_first:
            index = wished.index(resource)
            yield Problem(
                place=formula.place_of(f"{key}[{index}].source.dir"),
                path=f"{key}[{index}]",
                found=f"{file.path}, which would be {name}",
                wanted=f"another name: {seen[name]} has that one",
            )


def _casc_alone(formula: Formula, locked: Lock) -> Iterator[Problem]:
    """Tell of configuration that no plugin would read."""
    if formula.parts.casc and not locked.find(_CASC):
        yield Problem(
            place=formula.place_of("casc[0].source.dir"),
            path="casc",
            found="configuration",
            wanted=f"the plugin {_CASC}, which reads it, among the plugins",
        )
