"""A stand-in for the ``jenkins.sh`` of the official image, which cannot be had here.

It follows the description in the design's formats page, section 4, row by row; it is Python, since
what counts is what it does to a home. Run as a program, with the variables of the official image.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

REF, HOME = (Path(os.environ.get(each, "/")) for each in ("REF", "JENKINS_HOME"))


def version_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("META-INF/MANIFEST.MF").decode().splitlines()
    return next(each.partition(": ")[2] for each in lines if each.startswith("Plugin-Version: "))


def newer(left: str, right: str) -> bool:
    """Compare as ``sort --version-sort`` does, after ``-`` became ``.``."""
    pair = [each.replace("-", ".") for each in (left, right)]
    if pair[0] == pair[1]:
        return False
    done = subprocess.run(
        ("sort", "--version-sort"),  # noqa: S607
        input="\n".join(pair),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1] == pair[0]


def put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def install(source: Path, target: Path) -> None:
    put(source, target)
    target.with_name(f"{target.name}.version_from_image").write_text(version_of(source))
    target.with_name(f"{target.name}.pinned").touch()


def place(source: Path) -> None:
    override = source.name.endswith(".override")
    name = str(source.relative_to(REF)).removesuffix(".override")
    target = HOME / name
    if not (name.startswith("plugins/") and name.endswith(".jpi")):
        if override or not target.exists():
            put(source, target)
        return
    marker = target.with_name(f"{target.name}.version_from_image")
    if override or not target.exists():
        install(source, target)
        return
    image, home = version_of(source), version_of(target)
    if not marker.exists():
        if os.environ.get("TRY_UPGRADE_IF_NO_MARKER") and not newer(home, image):
            install(source, target)
    elif newer(image, home) and (
        not newer(home, marker.read_text()) or os.environ.get("PLUGINS_FORCE_UPGRADE")
    ):
        install(source, target)


def main(arguments: list[str]) -> None:
    if os.environ.get("PRE_CLEAR_INIT_GROOVY_D"):
        shutil.rmtree(HOME / "init.groovy.d", ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    for each in sorted(REF.rglob("*")):
        if each.is_file():
            place(each)
    if arguments and not arguments[0].startswith("--"):
        os.execvp(arguments[0], arguments)  # noqa: S606
    options = os.environ.get("JAVA_OPTS", "").replace("'", "").split()
    command = ["java", f"-Duser.home={HOME}", *options, "-jar", "/the.war", *arguments]
    os.execvp("java", command)  # noqa: S606, S607


if __name__ == "__main__":
    main(sys.argv[1:])
