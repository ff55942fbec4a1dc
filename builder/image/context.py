"""The ordered files that go to the engine: the plan's own, the controller, the plugins.

Every folder is named, so that no engine has to invent modes and times. The context's layout,
which ``Dockerfile.template`` copies from:

    bin/jbuild-start  controller/jenkins.war
    plugins/<layer>/usr/share/jenkins/ref/plugins/<id><suffix>
    jbuild/plugins.sha256  jbuild/lock.json  home/jenkins_home/  ref/  casc/  files/<number>/
    certificates/  jbuild/certificates/

A plugin layer holds every folder down to its archives. The classic builder and BuildKit give a
folder that they have to enter the time of the build, and the layers above a raised plugin would be
new each time; one that is copied keeps the time it has here.
"""

from itertools import chain
from pathlib import PurePosixPath

from builder.model.build import ContextFile, Files, ImageContext, ImagePlan, War
from builder.model.controller import HOME, LOCK, REF, WAR, controller_of
from builder.model.digest import Digest
from builder.model.lock import Lock
from builder.model.stored import StoredFile

# Later than any ``Digest.time_s``: start.sh knows by it which archives a later layer replaced.
_AFTER_ALL_S = 1_546_684_800  # 2019-01-05T10:40:00Z
_FOLDER_S = 946_684_800  # 2000-01-01T00:00:00Z, for every folder


def context(plan: ImagePlan, locked: Lock, written: bytes, files: Files, war: War) -> ImageContext:
    """List everything by name, ascending, a folder before what it holds.

    Args:
        plan: the image.
        locked: the lock that it is made of.
        written: the same lock as a file, which the image keeps.
        files: those of the lock.
        war: the controller.
    """
    home = PurePosixPath("home", HOME.name)
    listed = (
        *plan.files,
        _stored(PurePosixPath("controller", WAR.name), war.digest, war),
        *(_stored(name, source.digest, source) for name, source in _plugins(plan, locked, files)),
        ContextFile(
            name=PurePosixPath("jbuild/plugins.sha256"),
            source=_manifest(locked, files),
            mode=0o644,
            time_s=_AFTER_ALL_S,
        ),
        ContextFile(
            name=PurePosixPath("jbuild", LOCK.name),
            source=written,
            mode=0o644,
            time_s=Digest.of(written).time_s,
        ),
    )
    names = {each.name for each in listed}
    parents = {folder for name in (*names, home / "x") for folder in name.parents}
    folders = (_folder(each) for each in parents - {PurePosixPath()})
    ordered = sorted(chain(listed, folders), key=lambda each: each.name)
    return ImageContext(
        dockerfile=plan.dockerfile,
        files=tuple(ordered),
        platforms=tuple(each.platform for each in plan.bases),
    )


def _plugins(
    plan: ImagePlan, locked: Lock, files: Files
) -> tuple[tuple[PurePosixPath, StoredFile], ...]:
    """Name the archives that lie beside the WAR, by plugin id."""
    suffix = controller_of(locked.core.family).plugin_suffix
    folders = {plugin: layer.name for layer in plan.layers for plugin in layer.plugins}
    below = REF.relative_to("/") / "plugins"
    return tuple(
        (PurePosixPath("plugins", folders[pin.plugin], below, f"{pin.plugin}{suffix}"), file)
        for pin, file in zip(locked.plugins, files.plugins, strict=True)
        if pin.plugin in folders
    )


def _manifest(locked: Lock, files: Files) -> bytes:
    """Write the sha256 of each archive as ``sha256sum`` does, so that no start reads them all.

    Those inside the WAR as well: the controller unpacks them into the home under these names.
    """
    suffix = controller_of(locked.core.family).plugin_suffix
    pairs = zip(locked.plugins, files.plugins, strict=True)
    return "".join(f"{file.digest.hex}  {pin.plugin}{suffix}\n" for pin, file in pairs).encode()


def _stored(name: PurePosixPath, digest: Digest, source: StoredFile | War) -> ContextFile:
    return ContextFile(
        name=name, source=source.path, mode=0o644, time_s=digest.time_s, digest=digest
    )


def _folder(name: PurePosixPath) -> ContextFile:
    return ContextFile(name=name, source=None, mode=0o755, time_s=_FOLDER_S)
