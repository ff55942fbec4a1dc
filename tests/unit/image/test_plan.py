"""The plan of an image: its Dockerfile, labels and small files."""

from pathlib import Path, PurePosixPath

import pytest
from msgspec.structs import replace

from builder.errors import FormulaInvalid
from builder.image.plan import plan
from builder.model.build import ContextFile, ImagePlan
from builder.model.controller import Family
from builder.model.formula import Bundle, Formula, Place, Problem, Retired
from builder.model.lock import Reason
from builder.model.plugin import DependencyKind, PluginId
from tests.unit.image.material import formula, lock

GOLDEN = Path(__file__).parents[2] / "golden" / "dockerfiles"
FULL = formula(
    inputs=(
        ("ca.crt", b"ca"),
        ("casc/jenkins.yaml", b"jenkins: {}"),
        ("init.groovy.d/a.groovy", b"println 1"),
        ("theme/css/a b.css", b"css"),
    ),
    env=(("GREETING", 'say "hi" for $5 \\ more'), ("TZ", "Asia/Shanghai")),
    java_options=("-XX:MaxRAMPercentage=70", "-Dtitle=a b"),
    files=(("ca.crt", "/usr/local/share/ca certificates/our.crt"), ("theme", "/opt/theme")),
)


def file(made: ImagePlan, name: str) -> ContextFile:
    return next(each for each in made.files if each.name == PurePosixPath(name))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("full.Dockerfile", plan(FULL, lock("git", family=Family.JENKINS))),
        ("quickstart.Dockerfile", plan(formula(), lock("git"))),
    ],
)
def test_the_stock_dockerfile_is_as_it_was_reviewed(name: str, made: ImagePlan) -> None:
    assert made.dockerfile == (GOLDEN / name).read_text("utf-8")


def test_nothing_of_the_dockerfile_runs_or_needs_buildkit() -> None:
    words = {line.split()[0] for line in plan(FULL, lock("git")).dockerfile.splitlines()}
    assert words <= {"FROM", "COPY", "ENV", "LABEL", "USER", "EXPOSE", "VOLUME", "ENTRYPOINT"}
    assert "--chmod" not in plan(FULL, lock("git")).dockerfile


def test_the_base_is_named_by_suite_and_bytes() -> None:
    made = plan(formula(), lock())
    assert made.base_reference == "jbuild/base:sid-abababababababab"
    assert made.dockerfile.startswith(f"FROM {made.base_reference}\n")


def test_labels_stand_by_name_and_say_nothing_that_nobody_said() -> None:
    labels = plan(formula(), lock()).labels
    assert list(labels) == sorted(labels)
    assert dict(labels) == {
        "io.github.jbuild.core": "3.3.2",
        "io.github.jbuild.family": "hudson",
        "io.github.jbuild.fingerprint": "sha256:" + "cd" * 32,
        "org.opencontainers.image.description": "Costs $0 \\ year",
        "org.opencontainers.image.title": "Quick start",
        "org.opencontainers.image.vendor": 'Ex "Ample" & Co',
        "org.opencontainers.image.version": "1.0",
    }


def test_a_label_is_one_line_and_absent_where_nobody_said_it() -> None:
    bundle = Bundle(group="g", artifact="a", version="1", description="over\n  two lines\n")
    labels = dict(plan(replace(formula(), bundle=bundle), lock()).labels)
    assert labels["org.opencontainers.image.description"] == "over two lines"
    assert labels["org.opencontainers.image.title"] == "a"
    assert "org.opencontainers.image.vendor" not in labels


def test_java_options_and_arguments_are_the_family_s_and_then_the_formula_s() -> None:
    jenkins = plan(FULL, lock(family=Family.JENKINS))
    assert file(jenkins, "jbuild/java.options").source == (
        b"-Djenkins.install.runSetupWizard=false\n"
        b"-Djenkins.model.Jenkins.slaveAgentPort=50000\n"
        b"-Dhudson.lifecycle=hudson.lifecycle.ExitLifecycle\n"
        b"-XX:MaxRAMPercentage=70\n-Dtitle=a b\n"
    )
    hudson = plan(formula(), lock())
    assert file(hudson, "jbuild/arguments").source == b"--skipInitSetup\n"


def test_a_family_s_home_files_and_the_formula_s_hooks_go_to_ref() -> None:
    made = plan(FULL, lock())
    assert file(made, "ref/init.groovy.d/a.groovy").source == b"println 1"
    assert b"50000" in bytes(file(made, "ref/hudson-security.xml").source or b"")


def test_the_start_script_alone_may_be_run() -> None:
    modes = {str(each.name): each.mode for each in plan(FULL, lock()).files}
    assert {name for name, mode in modes.items() if mode != 0o644} == {"bin/jbuild-start"}


def test_casc_is_named_to_the_controller_only_where_there_is_some() -> None:
    line = 'ENV CASC_JENKINS_CONFIG="/usr/share/jenkins/casc"\n'
    assert line in plan(FULL, lock()).dockerfile
    assert "CASC" not in plan(formula(), lock()).dockerfile.upper()


def test_a_variable_of_the_formula_wins_over_ours() -> None:
    made = plan(formula(env=(("JENKINS_HOME", "/home"),)), lock())
    assert 'ENV JENKINS_HOME="/home"\n' in made.dockerfile
    assert made.dockerfile.count("ENV JENKINS_HOME") == 1


def test_a_placed_file_gets_its_new_name_in_the_context() -> None:
    made = plan(FULL, lock())
    assert file(made, "files/000/our.crt").source == b"ca"
    assert file(made, "files/001/css/a b.css").source == b"css"


def test_a_template_beside_the_formula_replaces_the_stock_one() -> None:
    own = formula(inputs=(("Dockerfile.template", b"FROM {{ base }}\nUSER root\n"),))
    assert plan(own, lock()).dockerfile == "FROM jbuild/base:sid-abababababababab\nUSER root\n"


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        (b"FROM {{ base }}\nUSER {{ nobody }}\n", 2, "'nobody' is undefined"),
        (b"FROM {{ base }}\n\n{% if %}\n", 3, "Expected an expression"),
        (b"FROM x\n{% for a in env %}\n", 2, "Unexpected end of template"),
        (b"FROM x\nENV A={{ 'a\\nb' | quoted }}\n", 2, "a\nb"),
        (b"FROM x\n{{ 1 // 0 }}", 2, "division"),
        (b"\n{{ ''.__class__.__mro__ }}", 2, "unsafe"),
        (b"FROM x\n\xff", 2, "invalid start byte"),
    ],
)
def test_a_wrong_template_is_told_with_its_line(template: bytes, line: int, said: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        plan(formula(inputs=(("Dockerfile.template", template),)), lock())
    (problem,) = caught.value.problems
    assert (problem.place.file, problem.place.line) == ("Dockerfile.template", line)
    assert said in problem.found


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (formula(env=(("A B", "x"),)), "image.env"),
        (formula(env=(("A", "x\nRUN y"),)), "image.env.A"),
        (formula(java_options=("-Da", "-Db\n-Dc")), "image.java.options[1]"),
        (formula(files=(("none", "/a"),)), "image.files[0].from"),
        (formula(inputs=(("a", b""),), files=(("a", "b"),)), "image.files[0].to"),
        (formula(inputs=(("a", b""),), files=(("a", "/b/../c"),)), "image.files[0].to"),
        (formula(inputs=(("a", b""),), files=(("a", "/b\nRUN c"),)), "image.files[0].to"),
        (formula(inputs=(("a", b""),), files=(("a", "/"),)), "image.files[0].to"),
    ],
)
def test_what_no_dockerfile_can_hold_is_refused_by_its_path(wrong: Formula, path: str) -> None:
    with pytest.raises(FormulaInvalid) as caught:
        plan(wrong, lock())
    assert [each.path for each in caught.value.problems] == [path]


def test_all_of_it_is_told_at_once() -> None:
    wrong = formula(env=(("A", "\r"),), java_options=("\0",), files=(("none", "/a"),))
    with pytest.raises(FormulaInvalid) as caught:
        plan(wrong, lock())
    assert len(caught.value.problems) == 3


def test_hudson_starts_in_one_thread_since_with_several_a_plugin_may_find_no_extensions() -> None:
    options = file(plan(formula(), lock()), "jbuild/java.options").source
    assert options == b"-Dhudson.model.Hudson.parallelLoad=false\n"


def test_what_is_retired_is_told_to_the_start_script_each_once_and_in_order() -> None:
    place = Place("formula.yaml", 9, 3)
    ids = tuple(Retired(PluginId(each), place) for each in ("svn", "ant", "svn"))
    wished = formula()
    wished = replace(wished, image=replace(wished.image, retired=ids))
    assert file(plan(wished, lock("git")), "jbuild/retired").source == b"ant\nsvn\n"
    names = {str(each.name) for each in plan(formula(), lock("git")).files}
    assert "jbuild/retired" not in names


def test_a_plugin_that_is_locked_cannot_be_retired() -> None:
    places = Place("formula.yaml", 9, 3), Place("formula.yaml", 9, 8)
    wished = formula()
    ids = (Retired(PluginId("svn"), places[0]), Retired(PluginId("git"), places[1]))
    wished = replace(wished, image=replace(wished.image, retired=ids))
    locked = lock("git")
    why = tuple(
        Reason(demander=each, minimum=None, kind=DependencyKind.REQUIRED)
        for each in (None, PluginId("github"))
    )
    locked = replace(locked, plugins=(replace(locked.plugins[0], why=why),))
    with pytest.raises(FormulaInvalid) as caught:
        plan(wished, locked)
    assert caught.value.problems == (
        Problem(
            place=places[1],
            path="image.retired[1]",
            found="git, which the formula, github asks for",
            wanted="a plugin that the image does not bring",
        ),
    )
