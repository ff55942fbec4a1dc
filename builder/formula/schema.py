"""The accepted shape of a formula, one pydantic model for each map; the only door to pydantic.

Models see what ``read`` left: text, lists and maps. They never leave this room; ``assemble`` makes
the values of ``builder.model`` out of them. Keys that are known and not built stand here, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, TypeAlias, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from builder.formula import texts
from builder.model.formula import Layout
from builder.version import Version

Plain = Union[str, list["Plain"], dict[str, "Plain"]]  # noqa: UP007  `|` takes no forward name

_SHORT, _MAP, _COLON = "<short>", "<map>", "<colon>"  # shapes of a plugin, in locations


@dataclass(frozen=True, slots=True)
class Reads:
    """Marks a field that is text in the file, and which kind of text."""

    kind: Callable[[str], object]

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Give pydantic the kind's function."""
        return core_schema.no_info_after_validator_function(self.kind, core_schema.str_schema())


@dataclass(frozen=True, slots=True)
class Never:
    """Marks what is refused, whatever it is."""

    wanted: str

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        """Give pydantic a function that refuses."""
        return core_schema.no_info_plain_validator_function(self.refuse)

    def refuse(self, _value: object) -> object:
        """Say what is wanted instead."""
        raise ValueError(self.wanted)


@dataclass(frozen=True, slots=True)
class Later(Never):
    """Marks a key that is known and built later."""

    wanted: str = ""  # ends what begins with "not yet"
    instead: bool = False  # it stands in place of the required keys beside it

    def refuse(self, _value: object) -> object:
        """Say what works meanwhile."""
        raise texts.NotYet(self.wanted, instead=self.instead)


Line = Annotated[str, Reads(texts.LINE.read)]
MavenId = Annotated[str, Reads(texts.MAVEN_ID.read)]
Plugin = Annotated[str, Reads(texts.PLUGIN.read)]
OneVersion = Annotated[Version, Reads(texts.VERSION.read)]
Url = Annotated[str, Reads(texts.URL.read)]
Unbuilt = Annotated[object, Later()]
FromSource = Annotated[object, Later("; name a released version", instead=True)]
OtherBase = Annotated[object, Later("; the base is made of Debian packages", instead=True)]


class Map(BaseModel):
    """A map of the formula."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, protected_namespaces=()
    )


class BundleMap(Map):
    """``bundle``."""

    group_id: MavenId
    artifact_id: MavenId
    version: OneVersion = Version("1.0-SNAPSHOT")  # the packager's default
    vendor: Line | None = None
    title: Line | None = None
    description: Line | None = None


class SourceMap(Map):
    """``source`` of the WAR or of a plugin."""

    version: OneVersion
    git: FromSource = None
    branch: FromSource = None
    commit: FromSource = None
    dir: FromSource = None
    file: FromSource = None
    url: FromSource = None


class WarMap(Map):
    """``war``."""

    group_id: MavenId
    artifact_id: MavenId
    source: SourceMap
    type: Unbuilt = None
    build: Unbuilt = None
    libraries: Unbuilt = None


class PluginMap(Map):
    """One of ``plugins``, in the packager's form."""

    group_id: MavenId
    artifact_id: Plugin
    source: SourceMap
    type: Unbuilt = None
    build: Unbuilt = None


class RepositoryMap(Map):
    """One of ``repositories``."""

    id: MavenId
    url: Url


class BaseMap(Map):
    """``image.base``."""

    debian: Annotated[str, Reads(texts.SUITE.read)]
    packages: list[Annotated[str, Reads(texts.PACKAGE.read)]] = []
    mirror: Url | None = None
    registry: OtherBase = None
    oci: OtherBase = None
    archive: OtherBase = None
    docker: OtherBase = None


class JavaMap(Map):
    """``image.java``."""

    options: list[Annotated[str, Reads(texts.JAVA_OPTION.read)]] = []


class FileMap(Map):
    """One of ``image.files``."""

    source: Annotated[PurePosixPath, Reads(texts.SOURCE.read)] = Field(alias="from")
    target: Annotated[PurePosixPath, Reads(texts.TARGET.read)] = Field(alias="to")


class ImageMap(Map):
    """``image``."""

    base: BaseMap
    layout: Annotated[Layout, Reads(texts.LAYOUT.read)] = Layout.REF
    env: dict[
        Annotated[str, Reads(texts.VARIABLE.read)], Annotated[str, Reads(texts.SETTING.read)]
    ] = {}
    java: JavaMap = JavaMap()
    files: list[FileMap] = []
    tags: list[Annotated[str, Reads(texts.TAG.read)]] = []
    retired: Unbuilt = None
    platforms: Annotated[object, Later("; the image is for the machine it is built on")] = None


class VerifyMap(Map):
    """``verify``."""

    memory: Annotated[int, Reads(texts.MEMORY.read)] = 2 * 1024**3
    timeout: Annotated[int, Reads(texts.SECONDS.read)] = 300
    overlay: Unbuilt = None
    checks: Annotated[object, Later("; the stock checks run")] = None


class BuildSettingsMap(Map):
    """``buildSettings`` of the packager: all of it is said elsewhere, or later."""

    tmp_dir: Unbuilt = None
    version: Annotated[object, Later("; bundle.version says it")] = None
    mvn_settings_file: Unbuilt = None
    mvn_options: Unbuilt = None
    bom: Unbuilt = None
    bom_include_war: Unbuilt = None
    environment_name: Unbuilt = None
    pom: Unbuilt = None
    pom_ignore_root: Unbuilt = None
    pom_include_war: Unbuilt = None
    pom_use_maven_plugin_info_provider: Unbuilt = None
    install_artifacts: Unbuilt = None
    update_center_url: Unbuilt = None
    jenkins_repository: Annotated[object, Later("; repositories says it")] = None
    docker: Annotated[object, Later("; image says it: base and tags")] = None
    jenkinsfile_runner: Unbuilt = None


def _shape(value: object) -> str | None:
    """Tell the shapes of a plugin apart; ``git: 1.0`` with a blank is a map to YAML."""
    if not isinstance(value, dict):
        return _SHORT if isinstance(value, str) else None
    return _MAP if len(value) != 1 or value.keys() & _keys(PluginMap) else _COLON


ShortForm = tuple[str, Version | None]
_NO_BLANK = Never("text such as git:5.2.2, with no blank after the colon")
_InShort: TypeAlias = Annotated[ShortForm, Reads(texts.SHORT_FORM.read), Tag(_SHORT)]
_InMap: TypeAlias = Annotated[PluginMap, Tag(_MAP)]
_InColon: TypeAlias = Annotated[ShortForm, _NO_BLANK, Tag(_COLON)]
OnePlugin: TypeAlias = Annotated[_InShort | _InMap | _InColon, Discriminator(_shape)]


class Document(Map):
    """The whole formula."""

    bundle: BundleMap
    war: WarMap
    plugins: list[OnePlugin] = []
    repositories: list[RepositoryMap] = []
    image: ImageMap
    verify: VerifyMap = VerifyMap()
    plugins_file: Annotated[object, Later("; list them under plugins, in the same form")] = None
    catalogue: Unbuilt = None
    policy: Unbuilt = None
    packaging: Unbuilt = None
    system_properties: Annotated[object, Later("; image.java.options takes -Dname=value")] = None
    groovy_hooks: Annotated[object, Later("; put scripts into init.groovy.d beside it")] = None
    casc: Annotated[object, Later("; put the YAML files into casc beside it")] = None
    lib_patches: Unbuilt = None
    lib_excludes: Unbuilt = None
    build_settings: BuildSettingsMap | None = None


_MODELS: dict[tuple[str, ...], type[Map]] = {
    (): Document,
    ("bundle",): BundleMap,
    ("war",): WarMap,
    ("war", "source"): SourceMap,
    ("plugins",): PluginMap,
    ("plugins", "source"): SourceMap,
    ("repositories",): RepositoryMap,
    ("image",): ImageMap,
    ("image", "base"): BaseMap,
    ("image", "java"): JavaMap,
    ("image", "files"): FileMap,
    ("verify",): VerifyMap,
    ("buildSettings",): BuildSettingsMap,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not fit."""

    location: tuple[str | int, ...]  # keys and indices from the root; of env also ``[key]``
    code: str  # pydantic's own word for it
    said: str  # by our own functions; empty where pydantic itself found the fault


def check(plain: Plain) -> Document | tuple[Fault, ...]:
    """Hold a whole text against the models; give the document, or all that does not fit."""
    try:
        return Document.model_validate(plain)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    replaced = {detail["loc"][:-1] for detail in details if _stands_instead(detail)}
    return tuple(
        Fault(
            location=_without_shape(detail["loc"]),
            code=detail["type"],
            said=str(detail.get("ctx", {}).get("error", "")),
        )
        for detail in details
        if detail["type"] != "missing" or detail["loc"][:-1] not in replaced
    )


def _without_shape(location: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Leave out which shape of a plugin pydantic took, as in ``("plugins", 0, "<map>", ...)``."""
    return location[:2] + location[3:] if location[:1] == ("plugins",) else location


def known_keys(path: tuple[str, ...]) -> set[str]:
    """List the keys of the map at a path such as ``("plugins", "source")``."""
    return _keys(_MODELS[path])


def _stands_instead(detail: ErrorDetails) -> bool:
    error = detail.get("ctx", {}).get("error")
    return isinstance(error, texts.NotYet) and error.instead


def _keys(model: type[Map]) -> set[str]:
    return {each.alias or name for name, each in model.model_fields.items()}
