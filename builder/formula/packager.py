"""The maps of custom-war-packager's file, which is the base of a formula.

Source: jenkinsci/custom-war-packager, the classes of ``lib.config``; the file is also jcli's.
"""
# ruff: noqa: RUF012  pydantic copies its defaults

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from builder.formula import built, texts, wished
from builder.formula.built import BuildMap
from builder.formula.shape import (
    Anything,
    Flag,
    Later,
    Line,
    Map,
    MavenId,
    Never,
    OneVersion,
    Path,
    Plugin,
    Reads,
    Reference,
    Setting,
    Url,
    Without,
    keys,
)
from builder.formula.wished import Ask
from builder.model.plugin import PluginId
from builder.model.recipe import Recipe
from builder.version import Version

_SHORT, _MAP, _COLON = "<short>", "<map>", "<colon>"  # shapes of a plugin, in locations
_MISSING = "missing"  # pydantic's own word
_ONE_PLACE = "url or file, not both"
_ONE_JAR = "version or file, not both"
_ALWAYS = Field(validate_default=True)
_SAID = "; name a release, a file, or git and a commit"
Unsaid = Annotated[Anything, Without(("version", "url", "file", "git"), _SAID)]


Repository = Annotated[Line | None, AfterValidator(built.repository)]
Commit = Annotated[Line | None, AfterValidator(built.full_commit), _ALWAYS]
Folder = Annotated[Line | None, AfterValidator(built.folder)]
Build = Annotated[BuildMap | None, AfterValidator(built.command_needed), _ALWAYS]


class SourceMap(Map):
    """A ``source`` that has to say one; a plugin's may leave it to the catalogue."""

    @model_validator(mode="before")
    @classmethod
    def _one_needed(cls, value: object) -> object:
        wanted = [each for each in ("version", "file", "git", "dir") if each in cls.model_fields]
        if isinstance(value, dict) and not any(map(value.get, wanted)):
            said = f"{', '.join(wanted[:-1])} or {wanted[-1]}"
            raise PydanticCustomError(_MISSING, "no source", {"error": said})
        return value


class BundleMap(Map):
    """``bundle``."""

    group_id: MavenId
    artifact_id: MavenId
    version: OneVersion = Version("1.0-SNAPSHOT")  # the packager's default
    vendor: Line | None = None
    title: Line | None = None
    description: Line | None = None


class WarSourceMap(SourceMap):
    """``war.source``."""

    file: Path | None = None  # jbuild's own; a version beside it is what the file has to be
    version: OneVersion | None = None
    git: Repository = None
    branch: Unsaid = None  # beside a commit it says no more
    commit: Commit = None
    dir: Folder = None
    url: Unsaid = None


class WarMap(Map):
    """``war``."""

    group_id: MavenId
    artifact_id: MavenId
    source: WarSourceMap
    type: Annotated[str, Reads(texts.one_of({"war": "war"}))] = "war"
    build: Build = None
    libraries: Annotated[Anything, Later("; a released core keeps its own")] = None


class PluginSourceMap(Map):
    """``source`` of a plugin."""

    version: Annotated[Ask, Reads(wished.WHICH.read)] | None = None
    url: Annotated[str, Reads(texts.FILE_URL.read)] | None = None
    file: Path | None = None
    git: Repository = None
    branch: Unsaid = None
    commit: Commit = None
    dir: Folder = None

    @model_validator(mode="after")
    def _one_place(self) -> "PluginSourceMap":
        if self.url and self.file:
            raise ValueError(_ONE_PLACE)
        return self

    @property
    def ask(self) -> Ask:
        """Which release this is."""
        ask = self.version or Ask()
        if self.file:
            return wished.beside(self.file, ask)
        return wished.at(self.url, ask) if self.url else ask


class PluginMap(Map):
    """One of ``plugins``, in the packager's form or that of plugins.yaml."""

    artifact_id: Plugin
    group_id: MavenId | None = None
    source: PluginSourceMap = PluginSourceMap()
    type: Annotated[str, Reads(texts.one_of({"hpi": "hpi", "jpi": "jpi"}))] = "hpi"
    build: Build = None

    @property
    def ask(self) -> Ask:
        """Which release this is; where no path is said, the build tools of Jenkins leave it."""
        usual = f"target/{self.artifact_id}.{self.type}"
        how = recipe(self.source, self.build, usual)
        return wished.built(how) if how else self.source.ask


class FolderMap(SourceMap):
    """``source`` of hooks and CasC: beside the formula, or of a commit."""

    git: Repository = None
    branch: Line | None = None
    commit: Commit = None
    dir: Path | None = None  # of the commit, where there is one


class HookMap(Map):
    """One of ``groovyHooks``."""

    type: Annotated[str, Reads(texts.HOOK.read)]
    id: Line
    source: FolderMap


class CascMap(Map):
    """One of ``casc``."""

    id: Line
    source: FolderMap


class LibrarySourceMap(SourceMap):
    """``source`` of a library."""

    version: OneVersion | None = None
    file: Path | None = None
    git: Repository = None
    branch: Unsaid = None
    commit: Commit = None
    dir: Folder = None

    @model_validator(mode="after")
    def _one_place(self) -> "LibrarySourceMap":
        if self.version and self.file:
            raise ValueError(_ONE_JAR)
        return self


class LibraryMap(Map):
    """One of ``libExcludes``."""

    group_id: MavenId
    artifact_id: MavenId
    type: Annotated[str, Reads(texts.one_of({"jar": "jar"}))] = "jar"
    source: Anything = None  # the one of that name goes, whichever version it has
    build: BuildMap | None = None


class PatchMap(LibraryMap):
    """One of ``libPatches``."""

    source: LibrarySourceMap
    build: Build = None


def recipe(
    source: WarSourceMap | PluginSourceMap | LibrarySourceMap, build: BuildMap | None, usual: str
) -> Recipe | None:
    """Say how what a source names is built; None: it is not."""
    if not build:
        return None
    return build.recipe(usual, git=source.git, commit=source.commit, folder=source.dir)


class RepositoryMap(Map):
    """One of ``repositories``."""

    id: MavenId
    url: Url


class JenkinsRepositoryMap(Map):
    """``buildSettings.jenkinsRepository``."""

    id: MavenId = "jenkins"
    url: Url | None = None
    incrementals_id: MavenId = "incrementals"
    incrementals_url: Url | None = None


class DockerMap(Map):
    """``buildSettings.docker``."""

    base: Reference | None = None
    tag: Annotated[str, Reads(texts.TAG.read)] | None = None
    build: Flag = False
    buildx: Flag = False
    output: Setting = ""
    platform: Annotated[str, Reads(texts.PLATFORMS.read)] = ""
    output_dir: Setting = ""
    custom_settings: Setting = ""


class BuildSettingsMap(Map):
    """``buildSettings``: most of it says how the packager works, and is let pass."""

    tmp_dir: Setting = ""
    version: Setting = ""
    mvn_settings_file: Setting = ""
    mvn_options: list[Setting] = []
    bom: Path | None = None
    bom_include_war: Flag = False
    environment_name: Line | None = None
    pom: Annotated[Anything, Later("; list the plugins, or name a bom")] = None
    pom_ignore_root: Flag = False
    pom_include_war: Flag = False
    pom_use_maven_plugin_info_provider: Flag = False
    install_artifacts: Flag = False
    update_center_url: Setting = ""
    jenkins_repository: JenkinsRepositoryMap = JenkinsRepositoryMap()
    docker: DockerMap = DockerMap()
    jenkinsfile_runner: Anything = None


def _shape(value: object) -> str | None:
    """Tell the shapes of a plugin apart; ``git: 1.0`` with a blank is a map to YAML."""
    if not isinstance(value, dict):
        return _SHORT if isinstance(value, str) else None
    return _MAP if len(value) != 1 or value.keys() & keys(PluginMap) else _COLON


ShortForm = tuple[PluginId, Ask]
_NO_BLANK = Never("text such as git:5.2.2, with no blank after the colon")
_InShort: TypeAlias = Annotated[ShortForm, Reads(wished.short_form), Tag(_SHORT)]
_InMap: TypeAlias = Annotated[PluginMap, Tag(_MAP)]
_InColon: TypeAlias = Annotated[ShortForm, _NO_BLANK, Tag(_COLON)]
OnePlugin: TypeAlias = Annotated[_InShort | _InMap | _InColon, Discriminator(_shape)]
