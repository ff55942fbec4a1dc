"""What every new formula for Jenkins says besides its plugins."""

from pathlib import PurePosixPath

from msgspec import Struct

from builder.version import Version

_JAVA = (  # cores from there on, and the Java that they are at home on
    (Version("2.463"), 21),
    (Version("2.361"), 17),
    (Version("0"), 11),
)


class Stock(Struct, frozen=True, kw_only=True):
    """What a person says of a new image."""

    name: str  # of the image, such as ``ci-jenkins``
    core: Version


def stock(wished: Stock, *, about: str) -> str:
    """Write the head of a formula, up to its plugins.

    Source of Java by core: Jenkins' own table of Java requirements.

    Args:
        wished: name and core.
        about: the first line, a sentence.
    """
    java = next(java for since, java in _JAVA if wished.core >= since)
    return f"""\
# {about}
bundle: {{groupId: io.jenkins, artifactId: {wished.name}, version: "1.0"}}
war: {{groupId: org.jenkins-ci.main, artifactId: jenkins-war, source: {{version: {wished.core}}}}}

image:
  base: {{registry: "jenkins/jenkins:{wished.core}-jdk{java}"}}
  tags: ['{wished.name}:{{{{default "dev" .version}}}}']

verify: {{memory: 2g}}
"""


def name_of(file: str) -> str:
    """Make the name of an image out of a file's name: small letters, digits and hyphens."""
    stem = PurePosixPath(file.rstrip("/")).name.partition(":")[0].partition(".")[0].lower()
    kept = "".join(each if each.isalnum() and each.isascii() else "-" for each in stem).strip("-")
    return kept or "jenkins"
