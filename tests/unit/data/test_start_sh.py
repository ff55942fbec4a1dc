"""The start script, run under dash in temporary folders with a ``java`` that tells its words."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from builder import data
from builder.model.digest import Digest

DASH = shutil.which("dash") or "/bin/sh"
TELL = '#!/bin/sh\nprintf "%s\\n" "{name}" "$@"\n'
OLD_S, NEW_S, LISTED_S = 1_000_000_000, 1_100_000_000, 1_546_684_800


@dataclass(frozen=True, slots=True)
class Started:
    """What one start said."""

    code: int
    lines: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(
            line.removeprefix("jbuild-start: ")
            for line in self.lines
            if line.startswith("jbuild-start: ")
        )


@dataclass(frozen=True, slots=True)
class Image:
    """An image and a home, as folders."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home of jenkins"

    def brings(self, name: str, content: bytes, time_s: int = OLD_S) -> None:
        put(self.root / "ref" / name, content, time_s)

    def lists(self, *names: str) -> None:
        """Write the manifest of archives, as a build does."""
        lines = (
            f"{Digest.of((self.root / 'ref/plugins' / name).read_bytes()).hex}  {name}\n"
            for name in names
        )
        put(self.root / "own/plugins.sha256", "".join(lines).encode(), LISTED_S)

    def marker(self, name: str) -> str:
        return (self.home / f".jbuild/plugins/{name}.sha256").read_text().strip()

    def start(self, *arguments: str, **variables: str) -> Started:
        script = self.root / "start.sh"
        script.write_text(data.text("start.sh"))
        environment = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "JENKINS_HOME": str(self.home),
            "JBUILD_REF": str(self.root / "ref"),
            "JBUILD_OWN": str(self.root / "own"),
            "JBUILD_WAR": "/the.war",
            "JBUILD_OFFICIAL": str(self.root / "jenkins.sh"),
            **variables,
        }
        done = subprocess.run(  # noqa: S603 -- the script under test
            (DASH, script, *arguments),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Started(
            done.returncode, tuple(done.stdout.splitlines()), tuple(done.stderr.splitlines())
        )


def put(path: Path, content: bytes, time_s: int = OLD_S) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (time_s, time_s))


def program(path: Path, text: str) -> None:
    put(path, text.encode())
    path.chmod(0o755)


@pytest.fixture
def image(tmp_path: Path) -> Image:
    program(tmp_path / "bin/java", TELL.format(name="java"))
    put(tmp_path / "own/java.options", b"")
    put(tmp_path / "own/arguments", b"")
    return Image(tmp_path)


def test_an_archive_the_home_lacks_is_placed_and_its_sha256_remembered(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.lists("git.jpi")
    assert image.start().actions == ("placed plugins/git.jpi",)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_keeps_its_time_so_that_a_controller_sees_whether_it_is_new(
    image: Image,
) -> None:
    image.brings("plugins/git.jpi", b"git 1", OLD_S)
    image.start()
    assert (image.home / "plugins/git.jpi").stat().st_mtime == OLD_S
    image.brings("plugins/git.jpi", b"git 2", NEW_S)
    image.start()
    assert (image.home / "plugins/git.jpi").stat().st_mtime == NEW_S


@pytest.mark.parametrize("listed", [True, False])
def test_an_archive_as_it_was_placed_is_replaced_by_another_of_the_image(
    image: Image, *, listed: bool
) -> None:
    for content in (b"git 2", b"git 1"):  # downwards as well: the image decides
        image.brings("plugins/git.jpi", content)
        if listed:
            image.lists("git.jpi")
        seen = image.start()
        assert (image.home / "plugins/git.jpi").read_bytes() == content
    assert seen.actions == ("replaced plugins/git.jpi",)
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_the_user_changed_is_left_alone(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.start()
    put(image.home / "plugins/git.jpi", b"git of the user")
    image.brings("plugins/git.jpi", b"git 2")
    said = "left plugins/git.jpi alone: it is not the one an image placed"
    assert image.start().actions == (said,)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git of the user"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_that_no_image_placed_is_left_alone(image: Image) -> None:
    put(image.home / "plugins/git.jpi", b"git of the user")
    image.brings("plugins/git.jpi", b"git 2")
    image.start()
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git of the user"


def test_an_archive_equal_to_the_image_s_becomes_the_image_s(image: Image) -> None:
    """A start broken between placing and remembering heals."""
    put(image.home / "plugins/git.jpi", b"git 1")
    image.brings("plugins/git.jpi", b"git 1")
    assert image.start().actions == ()
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex


def test_an_archive_the_user_deleted_comes_back(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.start()
    (image.home / "plugins/git.jpi").unlink()
    assert image.start().actions == ("placed plugins/git.jpi",)
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"


def test_hudson_s_archives_follow_the_same_rules(image: Image) -> None:
    image.brings("plugins/git.hpi", b"git 1")
    image.start()
    image.brings("plugins/git.hpi", b"git 2")
    assert image.start().actions == ("replaced plugins/git.hpi",)


def test_an_override_is_always_placed_and_then_belongs_to_the_image(image: Image) -> None:
    put(image.home / "plugins/git.jpi", b"git of the user")
    put(image.home / "config.xml", b"of the user")
    image.brings("plugins/git.jpi.override", b"git 1")
    image.brings("config.xml.override", b"of the image")
    assert image.start().actions == (
        "placed config.xml by override",
        "placed plugins/git.jpi by override",
    )
    assert (image.home / "plugins/git.jpi").read_bytes() == b"git 1"
    assert (image.home / "config.xml").read_bytes() == b"of the image"
    assert image.marker("git.jpi") == Digest.of(b"git 1").hex
    assert image.start().actions == ()


def test_other_files_are_placed_only_where_the_home_has_none(image: Image) -> None:
    image.brings("init.groovy.d/a b.groovy", b"of the image")
    assert image.start().actions == ("placed init.groovy.d/a b.groovy",)
    put(image.home / "init.groovy.d/a b.groovy", b"of the user")
    assert image.start().actions == ()
    assert (image.home / "init.groovy.d/a b.groovy").read_bytes() == b"of the user"


def test_names_with_blanks_are_placed_from_the_manifest_too(image: Image) -> None:
    image.brings("plugins/a  b.jpi", b"a b")
    image.lists("a  b.jpi")
    assert image.start().actions == ("placed plugins/a  b.jpi",)
    assert image.marker("a  b.jpi") == Digest.of(b"a b").hex


def test_an_archive_that_a_later_layer_put_there_is_not_taken_for_the_listed_one(
    image: Image,
) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    image.lists("git.jpi")
    image.start()
    image.brings("plugins/git.jpi", b"git of a derived image", LISTED_S + 2)
    assert image.start().actions == ("replaced plugins/git.jpi",)
    assert image.marker("git.jpi") == Digest.of(b"git of a derived image").hex


def test_a_second_start_of_an_unchanged_image_reads_no_archive(image: Image) -> None:
    names = tuple(f"plugin-{number}.jpi" for number in range(175))
    for name in names:
        image.brings(f"plugins/{name}", name.encode())
    image.lists(*names)
    assert len(image.start().actions) == 175
    for tool in ("sha256sum", "cp", "cmp"):
        program(image.root / "bin" / tool, f"#!/bin/sh\necho jbuild-start: ran {tool}\nexit 1\n")
    seen = image.start()
    assert (seen.code, seen.actions, seen.errors) == (0, (), ())


def test_a_home_that_cannot_be_written_to_ends_the_start_with_one_line(image: Image) -> None:
    put(image.home, b"a file where a folder should be")
    seen = image.start()
    assert (seen.code, seen.lines) == (1, ())
    assert seen.errors == (
        f"jbuild-start: cannot write to {image.home} as user {os.getuid()}:{os.getgid()}",
    )


def test_a_copy_that_breaks_off_leaves_nothing_and_ends_the_start(image: Image) -> None:
    image.brings("plugins/git.jpi", b"git 1")
    copier = '#!/bin/sh\nfor last; do :; done\nprintf half >"$last"\necho disk full\nexit 1\n'
    program(image.root / "bin/cp", copier)
    seen = image.start()
    assert (seen.code, seen.lines) == (1, ())
    assert seen.errors == ("jbuild-start: cannot place plugins/git.jpi: disk full",)
    assert list((image.home / "plugins").iterdir()) == []


def test_java_gets_the_options_in_order_and_blanks_in_one_survive(image: Image) -> None:
    put(image.root / "own/java.options", b"-Da=b c\n-Dstar=*\n-Dquote='\"$HOME\n")
    put(image.root / "own/arguments", b"--skipInitSetup\n")
    seen = image.start(
        "--httpPort=81",
        "--x=a b",
        JAVA_OPTS="-Xmx1g /*",
        JENKINS_JAVA_OPTS="-Xms1g",
        JENKINS_OPTS="--prefix=/p",
    )
    assert seen.lines == (
        "java",
        f"-Duser.home={image.home}",
        "-Da=b c",
        "-Dstar=*",
        "-Dquote='\"$HOME",
        "-Xmx1g",
        "/*",
        "-Xms1g",
        "-jar",
        "/the.war",
        "--skipInitSetup",
        "--prefix=/p",
        "--httpPort=81",
        "--x=a b",
    )


def test_the_controller_starts_without_arguments_too(image: Image) -> None:
    assert image.start().lines == ("java", f"-Duser.home={image.home}", "-jar", "/the.war")


def test_a_command_is_run_instead_of_the_controller(image: Image) -> None:
    program(image.root / "bin/other", TELL.format(name="other"))
    image.brings("a.xml", b"a")
    assert image.start("other", "--x", "a b").lines == (
        "jbuild-start: placed a.xml",
        "other",
        "--x",
        "a b",
    )


def test_the_script_becomes_java_so_that_signals_reach_it(image: Image) -> None:
    """Run through a shell that tells its process id first and then becomes the script."""
    program(image.root / "bin/java", '#!/bin/sh\necho "$$"\n')
    script = image.root / "start.sh"
    script.write_text(data.text("start.sh"))
    program(image.root / "bin/tell", f'#!/bin/sh\necho "$$"\nexec {DASH} {script}\n')
    seen = image.start("tell")
    before, after = seen.lines
    assert before == after


def test_hudson_s_home_is_the_same_one(image: Image) -> None:
    program(image.root / "bin/java", '#!/bin/sh\necho "$HUDSON_HOME"\n')
    assert image.start(HUDSON_HOME="/elsewhere").lines == (str(image.home),)


def test_a_base_with_a_start_script_of_its_own_gets_options_and_arguments(image: Image) -> None:
    program(
        image.root / "jenkins.sh",
        "#!/bin/sh\nprintf '%s\\n' \"$@\"\nprintf '%s' \"$JAVA_OPTS\" | xargs printf '%s\\n'\n",
    )
    put(image.root / "own/java.options", b"-Da=b c\n-Dd='\"e\n")
    image.brings("plugins/git.jpi", b"git 1")
    seen = image.start("--httpPort=81", JAVA_OPTS="-Xmx1g")
    assert seen.lines == ("--httpPort=81", "-Da=b c", "-Dd='\"e", "-Xmx1g")
    assert not (image.home / "plugins").exists()
