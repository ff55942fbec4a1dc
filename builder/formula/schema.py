"""The accepted shape of a formula: what jbuild adds to the packager's file, and the whole.

With ``shape`` and ``packager`` the only door to pydantic. ``assemble`` makes the values of
``builder.model`` out of these maps; which keys are read and not yet built, ``unbuilt`` knows.
"""
# ruff: noqa: RUF012  pydantic copies its defaults

from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, TypeVar, get_args

from msgspec import Struct
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from builder.formula import packager, presets, texts
from builder.formula.custom import CheckMap, each_once
from builder.formula.packager import BuildSettingsMap, BundleMap, OnePlugin, RepositoryMap, WarMap
from builder.formula.shape import (
    Anything,
    Later,
    Line,
    Map,
    Path,
    Plugin,
    Reads,
    Reference,
    Setting,
    Url,
    keys,
)
from builder.formula.tree import Plain
from builder.model.formula import Dependencies, Implied, Layout

Model = TypeVar("Model", bound=Map)

_BASES = ("debian", "registry", "oci", "archive", "docker")
_ONE_BASE = f"one of {', '.join(_BASES)}"
_OF_DEBIAN = "packages and mirror beside debian alone"
_MISSING = "missing"  # pydantic's own word


class BaseMap(Map):
    """``image.base``."""

    debian: Annotated[str, Reads(texts.SUITE.read)] | None = None
    packages: list[Annotated[str, Reads(texts.PACKAGE.read)]] = []
    mirror: Url | None = None
    registry: Reference | None = None
    oci: Path | None = None
    archive: Path | None = None
    docker: Reference | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "BaseMap":
        named = [each for each in _BASES if getattr(self, each) is not None]
        if len(named) != 1:
            raise ValueError(_ONE_BASE)
        if named != ["debian"] and (self.packages or self.mirror):
            raise ValueError(_OF_DEBIAN)
        return self


class JavaMap(Map):
    """``image.java``."""

    options: list[Annotated[str, Reads(texts.JAVA_OPTION.read)]] = []


class FileMap(Map):
    """One of ``image.files``."""

    source: Path = Field(alias="from")
    target: Annotated[PurePosixPath, Reads(texts.TARGET.read)] = Field(alias="to")


class ImageMap(Map):
    """``image``."""

    base: BaseMap | None = None
    layout: Annotated[Layout, Reads(texts.layout)] = Layout.REF
    env: dict[Annotated[str, Reads(texts.VARIABLE.read)], Setting] = {}
    java: JavaMap = JavaMap()
    files: list[FileMap] = []
    tags: list[Annotated[str, Reads(texts.TAG.read)]] = []
    retired: list[Plugin] = []
    certificates: list[Path] = []
    platforms: list[Annotated[str, Reads(texts.PLATFORM.read)]] = []


class VerifyMap(Map):
    """``verify``."""

    memory: Annotated[int, Reads(texts.MEMORY.read)] = 2 * 1024**3
    timeout: Annotated[int, Reads(texts.SECONDS.read)] = 300
    overlay: Path | None = None
    checks: Annotated[list[CheckMap], AfterValidator(each_once)] = []


_SOME = Field(min_length=1)
_ONE_AS_LIST = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
Sources = Annotated[list[Annotated[str, Reads(presets.source)]], _SOME, _ONE_AS_LIST]
Mirrors = Annotated[list[Annotated[str, Reads(presets.mirror)]], _SOME, _ONE_AS_LIST]
Trusted = Annotated[list[Annotated[str, Reads(presets.trusted)]], _SOME, _ONE_AS_LIST]


class CatalogueMap(Map):
    """``catalogue``; where a list belongs, a word is a list of one."""

    sources: Sources = ["official"]
    mirrors: Mirrors | None = None
    trust: Trusted = ["jenkins"]


class AllowanceMap(Map):
    """One of ``policy.allow``."""

    id: Annotated[str, Reads(texts.FINDING.read)]
    until: Annotated[date, Reads(texts.DAY.read)] | None = None
    why: Line


class PolicyMap(Map):
    """``policy``."""

    warnings: Annotated[bool, Reads(texts.one_of({"report": False, "refuse": True}))] = False
    trust: Annotated[bool, Reads(texts.one_of({"any": False, "signed": True}))] = False
    implied: Annotated[Implied, Reads(texts.implied)] = Implied.INSTALL
    dependencies: Annotated[Dependencies, Reads(texts.dependencies)] = Dependencies.NEWEST
    allow: list[AllowanceMap] = []


def _or_bom(value: object, seen: ValidationInfo) -> object:
    """Ask for a bundle unless a bill of materials may bring one."""
    settings = seen.data.get("build_settings")
    if value is None and not (settings and settings.bom):
        raise PydanticCustomError(_MISSING, "no bill of materials either")
    return value


def _or_bom_with_war(value: object, seen: ValidationInfo) -> object:
    """Ask for a WAR unless a bill of materials is to bring it."""
    settings = seen.data.get("build_settings")
    if value is None and not (settings and settings.bom and settings.bom_include_war):
        raise PydanticCustomError(_MISSING, "no bill of materials either")
    return value


_ALWAYS = Field(validate_default=True)


class Document(Map):
    """The whole formula; the order of the fields is that in which they are looked at."""

    build_settings: BuildSettingsMap = BuildSettingsMap()
    bundle: Annotated[BundleMap | None, AfterValidator(_or_bom), _ALWAYS] = None
    war: Annotated[WarMap | None, AfterValidator(_or_bom_with_war), _ALWAYS] = None
    plugins: list[OnePlugin] = []
    plugins_file: Path | None = None
    repositories: list[RepositoryMap] = []
    catalogue: CatalogueMap = CatalogueMap()
    policy: PolicyMap = PolicyMap()
    image: ImageMap = ImageMap()
    verify: VerifyMap = VerifyMap()
    packaging: Annotated[
        Anything, Later("; the formula itself, or all of it under packaging.config")
    ] = None
    system_properties: dict[Line, Setting] = {}
    groovy_hooks: list[packager.HookMap] = []
    casc: list[packager.CascMap] = []
    lib_patches: list[packager.PatchMap] = []
    lib_excludes: list[packager.LibraryMap] = []
    extends: Line | None = None
    without: list[Plugin] = []


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that does not fit."""

    location: tuple[str | int, ...]  # keys and indices from the root; of env also ``[key]``
    code: str  # pydantic's own word for it
    said: str  # by our own functions; empty where pydantic itself found the fault


def check(plain: Plain, model: type[Model]) -> Model | tuple[Fault, ...]:
    """Hold a whole text against a model; give the document, or all that does not fit."""
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    replaced: dict[tuple[int | str, ...], ErrorDetails] = {}
    for detail in filter(_stands_instead, details):
        replaced.setdefault(detail["loc"][:-1], detail)
    return tuple(
        Fault(
            location=_without_shape(detail["loc"]),
            code=detail["type"],
            said=str(detail.get("ctx", {}).get("error", "")),
        )
        for detail in details
        if detail is replaced.get(detail["loc"][:-1], detail) or not _goes_with(detail)
    )


def _without_shape(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Leave out which shape of a plugin pydantic took, as in ``("plugins", 0, "<map>", ...)``."""
    return location[:2] + location[3:] if location[:1] == ("plugins",) else location


def _goes_with(detail: ErrorDetails) -> bool:
    """Say whether what stands in place of the keys beside it speaks for this, too."""
    return detail["type"] == "missing" or _stands_instead(detail)


def _stands_instead(detail: ErrorDetails) -> bool:
    error = detail.get("ctx", {}).get("error")
    return isinstance(error, texts.NotYet) and error.instead


def known_keys(path: tuple[str, ...], model: type[Map]) -> set[str]:
    """List the keys of the map at a path such as ``("plugins", "source")``."""
    found = model
    for step in path:
        field = next(f for name, f in found.model_fields.items() if step in {f.alias, name})
        found = _map_in(field.annotation) or found
    return keys(found)


def _map_in(annotation: object) -> type[Map] | None:
    """Find the model in an annotation such as ``list[FileMap] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, Map):
        return annotation
    return next((found for each in get_args(annotation) if (found := _map_in(each))), None)
