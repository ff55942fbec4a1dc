"""What the start script becomes, and with which words."""

from builder import data
from tests.fakes.start_script import (
    DASH,
    TELL,
    Image,
    program,
    put,
)


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


def test_the_base_s_own_script_gets_the_controller_s_arguments_before_the_user_s(
    image: Image,
) -> None:
    put(image.root / "own/arguments", b"--skipInitSetup\n")
    program(image.root / "jenkins.sh", TELL.format(name="official"))
    assert image.start("--x=a b").lines == ("official", "--skipInitSetup", "--x=a b")
    assert image.start().lines == ("official", "--skipInitSetup")
    assert image.start("other", "--x").lines == ("official", "other", "--x")
