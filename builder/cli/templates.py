"""How each class of error is worded: title, facts, hint. The only place with sentences."""

from collections.abc import Mapping

from msgspec import Struct

from builder import errors
from builder.errors import JbuildError


class Template(Struct, frozen=True, kw_only=True):
    """How one class of error is worded; ``{name}`` stands for a field of the error."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()  # label and field; left out where it is empty
    each: tuple[str, str] | None = None  # label and field; a fact for every element
    hint: str | None = None  # given only if it is right in every case


_CHAIN = (("at", "place"), ("chain", "chain"))
_RELOCK = "run `jbuild lock` to bring it up to date"

TEMPLATES: Mapping[type[JbuildError], Template] = {
    errors.VerificationFailed: Template(
        title="the booted image is not the controller that was asked for"
    ),
    errors.LockOutdated: Template(
        title="{path} no longer fits its formula", each=("changed", "changed"), hint=_RELOCK
    ),
    errors.TokenRefused: Template(title="the token would be refused", each=("because", "said")),
    errors.AuditRefused: Template(
        title="the audit found what must not be", each=("because", "refused")
    ),
    errors.RenderedOtherwise: Template(title="{path} differs from what is rendered: {count}"),
    errors.LintRefused: Template(title="the configuration has faults", each=("because", "refused")),
    errors.FormulaMissing: Template(
        title="{path}: no such file",
        hint="name the formula, or run jbuild in the folder that holds formula.yaml",
    ),
    errors.FormulaTaken: Template(
        title="{path}: it is there already",
        hint="nothing was written; name another place, or move that file away",
    ),
    errors.FormulaInvalid: Template(title="the formula cannot be used"),
    errors.OutsideFolder: Template(
        title="{path} leads out of the formula's folder",
        hint="copy the file into the folder: links to places outside are not followed",
    ),
    errors.Unreadable: Template(
        title="{path!a} cannot be read: {fault}",
        hint="check the path: a plain file has to be there",
    ),
    errors.CoreUnknown: Template(
        title="nothing says which core the plugins are for",
        facts=(("catalogues", "sources"),),
        hint="name it with --core; for `jbuild plugins`, with --jenkins-version",
    ),
    errors.UnknownPlugin: Template(
        title="nothing says where the plugin {plugin} is published",
        facts=(*_CHAIN, ("near", "near")),
        hint="check the spelling; a plugin that its site has withdrawn can be named with a URL, "
        "as ID:VERSION:URL, and one from Maven with groupId, artifactId and source.version",
    ),
    errors.CoreTooOld: Template(
        title="{plugin} {version} needs core {needs}, and the formula has {core}",
        facts=_CHAIN,
        hint="raise war.source.version to {needs} or newer, or ask for an older plugin",
    ),
    errors.DemandsConflict: Template(title="these demands cannot stand together"),
    errors.NotAPlugin: Template(title="{origin} is not the plugin {plugin}: {fault}"),
    errors.NotAController: Template(
        title="{origin} is not a controller: {fault}",
        hint="check groupId, artifactId and source.version under war",
    ),
    errors.DependencyUnmet: Template(
        title="{plugin} needs {needs} {minimum} or newer",
        facts=(("found", "found"),),
        hint="ask for {needs} {minimum} in the formula",
    ),
    errors.DependencyCycle: Template(
        title="these plugins need each other, and a controller would deactivate them all",
        facts=(("cycle", "cycle"),),
        hint="ask for another version of one of them",
    ),
    errors.LockMissing: Template(title="{path}: there is no lock", hint="run `jbuild lock` first"),
    errors.LockStale: Template(
        title="{path} no longer fits its formula",
        each=("changed", "changed"),
        hint="run `jbuild lock`, or leave --frozen out",
    ),
    errors.LockBroken: Template(
        title="{path} cannot be read: {fault}",
        hint="restore it from version control, or delete it and run `jbuild lock`",
    ),
    errors.LockTooNew: Template(
        title="{path} was written by a newer jbuild: its schema is {schema}", hint="upgrade jbuild"
    ),
    errors.NamesNoLock: Template(
        title="{name!a} names no lock",
        facts=(("no file", "path"), ("no git revision", "git"), ("no image", "engine")),
        hint="name a lock file, a formula that has one beside it, a git revision, REVISION:PATH, "
        "or an image that `docker images` lists",
    ),
    errors.NothingInside: Template(
        title="{reference} holds neither a lock nor a controller that can be read",
        facts=(("at", "path"), ("found", "fault")),
        hint="name an image of `jbuild image`, or one laid out as the official images are",
    ),
    errors.RevisionUnreadable: Template(
        title="{revision} is neither a file nor a revision that git knows: {said}",
        hint="name a lock file, a git revision, or REVISION:PATH from the top of the repository",
    ),
    errors.ArtifactsMissing: Template(
        title="Maven cannot bring what is needed",
        facts=(("wanted", "missing"), ("at", "places"), ("needed by", "needed_by")),
        each=("said", "said"),
        hint="check the coordinates, and that your Maven settings reach a repository with them",
    ),
    errors.SourceUnreachable: Template(
        title="{url} cannot be reached",
        each=("said", "said"),
        hint="check the address and the network, name another source under catalogue, or pass "
        "--catalogue with a file; `jbuild plugins` has JENKINS_UC for both",
    ),
    errors.BodyTooLarge: Template(
        title="{url} sent more than {limit} bytes",
        hint="check the address: no such document is that large",
    ),
    errors.FilesUnreachable: Template(
        title="no mirror has {files} whole and right",
        each=("said", "said"),
        hint="name another mirror under catalogue.mirrors, for `jbuild plugins` in "
        "JENKINS_UC_DOWNLOAD_URL; what did arrive is kept",
    ),
    errors.CatalogueBroken: Template(title="{source} is no catalogue: {fault}"),
    errors.ReleasesUnlisted: Template(
        title="no catalogue lists {releases}, and the files cannot be had to be read",
        facts=(("at", "places"), ("listed", "near")),
        each=("said", "said"),
        hint="name a listed release, or a mirror under catalogue.mirrors that has the file",
    ),
    errors.CatalogueUntrusted: Template(
        title="{source} is not to be trusted: {distrust}", facts=(("because", "fault"),)
    ),
    errors.Unvouched: Template(
        title="no signature vouches for these files, and policy.trust asks for one",
        each=("file", "pins"),
        hint="name releases that a signed catalogue lists, or leave policy.trust out",
    ),
    errors.BaseUnavailable: Template(
        title="the base cannot be made of Debian {suite}",
        facts=(("packages", "packages"),),
        each=("said", "said"),
        hint="check image.base in the formula; where the archive has moved on, "
        "run `jbuild lock` to take what it has now",
    ),
    errors.ImageUnavailable: Template(
        title="the base cannot be had: {image}",
        each=("said", "said"),
        hint="check image.base in the formula, and that this machine may read the image "
        "(`docker login` for a registry that asks who you are)",
    ),
    errors.OfflineMiss: Template(
        title="the store does not hold what is needed, and --offline forbids to fetch it",
        each=("wanted", "wanted"),
        hint="run once without --offline",
    ),
    errors.DigestMismatch: Template(
        title="{name} is not the file that was locked",
        facts=(("wanted", "wanted"), ("got", "got")),
        hint="find out who changed it before you lock it again",
    ),
    errors.EngineUnreachable: Template(
        title="no container engine answers at {address}",
        facts=(("said", "said"),),
        hint="start Docker (`systemctl start docker`, or `dockerd` as root), install it "
        "(`apt-get install docker.io`), or name another one in DOCKER_HOST",
    ),
    errors.BuilderUnreachable: Template(
        title="the builder {address} does not answer",
        facts=(("said", "said"),),
        hint="look at it with `docker buildx inspect`, or name another one by --builder",
    ),
    errors.BuildFailed: Template(
        title="{step} failed",
        each=("said", "said"),
        hint="the last lines above are the engine's own",
    ),
    errors.PlatformsRefused: Template(
        title="no image for {platforms}: {fault}",
        hint="{way}",
    ),
    errors.CommandFailed: Template(title="{command} on {sources}: {fault}", each=("said", "said")),
    errors.CommitUnavailable: Template(
        title="{address} does not give commit {commit}",
        each=("said", "said"),
        hint="check the address, that the commit was pushed, and that git may read it from here",
    ),
    errors.BuiltOtherwise: Template(
        title="{name}, built again from {sources}, is not the file that {path} holds",
        facts=(("wanted", "wanted"), ("got", "got")),
        hint="carry the locked file over with `jbuild bundle`, or leave --frozen out to lock this",
    ),
    errors.ImageMissing: Template(
        title="the container engine has no image {reference}",
        hint="build it with `jbuild image`, or name one that `docker images` lists",
    ),
    errors.ContainerMissing: Template(
        title="the container {name} cannot be looked at: {said}",
        hint="name one that `docker ps` lists",
    ),
    errors.ControllerDown: Template(
        title="the controller of {image} is not up: {ending}",
        each=("said", "said"),
        hint="`jbuild verify {image}` says what is wrong",
    ),
    errors.ToolMissing: Template(
        title="{tool} is not installed, or not on the PATH",
        hint="on Debian or Ubuntu: apt-get install {package}",
    ),
    errors.NoSpace: Template(
        title="cannot write below {path}: {said}",
        hint="look at the room and the rights there; JBUILD_STORE names another store",
    ),
    errors.FolderTaken: Template(title="{path} is neither empty nor as jbuild left it: {found}"),
    errors.ArchiveBroken: Template(title="{path} is broken: {fault}"),
    errors.BundleBroken: Template(
        title="{path} is no bundle to be trusted: {fault}",
        hint="copy it again, or make it again with `jbuild bundle`",
    ),
    errors.StoreDamaged: Template(
        title="files of the store had changed, and are gone",
        each=("dropped", "dropped"),
        hint="look at the disk; the next build fetches them again",
    ),
    errors.RegistryRefused: Template(
        title="{reference} could not be published", each=("said", "said")
    ),
    errors.TagTaken: Template(
        title="a version that is published already would mean another image",
        each=("taken", "taken"),
        hint="publish under a new version, or pass --move-tags; nothing was pushed",
    ),
    errors.NowhereToPublish: Template(
        title="nothing names a tag to publish under",
        hint="list them under image.tags in the formula, or pass --tag",
    ),
    errors.SettingsError: Template(
        title="the setting {name} is {value!r}",
        facts=(("from", "origin"), ("wanted", "wanted")),
    ),
    errors.Terminated: Template(title="asked to end by signal {signal}"),
}
