"""Why a controller did not come up, and the mend: what a log says of it, in one sentence each.

Source: the recordings of Jenkins 2.346.3, with configuration-as-code 1.53. Matched by text.
"""

import re

from msgspec import Struct


class Cause(Struct, frozen=True, kw_only=True):
    """One cause that a log names."""

    words: str  # short, as it stands in the finding
    mend: str
    evidence: tuple[str, ...]  # lines


_MORE_MEMORY = "give the trial more memory"
_CASC = "mend the configuration as code: "
_CAUSES = (  # the first one that a log holds counts
    (r"Running with Java class version|Jenkins requires Java versions",
     "this Java is not supported",
     "take a base with one of the Java versions that the log names"),
    (r"java\.lang\.OutOfMemoryError", "Java ran out of memory", _MORE_MEMORY),
    (r"Failed to bind to |Address already in use",
     "the HTTP port is taken",
     "let nothing else in the image listen on the controller's HTTP port"),
    (r"No space left on device", "the disk is full", "make room for the controller's home"),
    (r"[Pp]ermission denied", "the home cannot be written",
     "let the image's user own the controller's home"),
    (r"No configurator for the following root elements",
     "configuration as code has an unknown root key",
     _CASC + "add the plugin that knows the root key, or drop the key"),
    (r"Invalid configuration elements for type",
     "configuration as code has an unknown attribute",
     _CASC + "take one of the available attributes"),
    (r"No \S+ implementation found for",
     "configuration as code names an unknown symbol",
     _CASC + "add the plugin that brings the symbol, or correct its spelling"),
    (r"Found conflicting configuration at",
     "two files of configuration as code contradict each other",
     _CASC + "say it in one file only"),
    (r"isn't a valid path", "the configuration as code is not there",
     "let CASC_JENKINS_CONFIG name a file or folder of the image"),
    (r"Item isn't a (?:Scalar|Sequence|Mapping)|No enum constant",
     "configuration as code has a value of the wrong type",
     _CASC + "give the value the shape that its attribute has"),
    (r"while (?:parsing|scanning) a |mapping values are not allowed",
     "the configuration as code is no YAML",
     _CASC + "correct the line that the log names"),
    (r"CannotResolveClassException",
     "config.xml names a class that no plugin provides",
     "add the plugin that holds the class, or take the element out of config.xml"),
    (r"Unable to read \S*config\.xml", "config.xml cannot be read",
     "put a whole config.xml into the home, or none"),
)  # fmt: skip
_SHAPES = tuple((re.compile(shape), words, mend) for shape, words, mend in _CAUSES)


def cause(lines: tuple[str, ...]) -> Cause | None:
    """Find the cause that these lines name; None where they name no known one."""
    for shape, words, mend in _SHAPES:
        evidence = tuple(line for line in lines if shape.search(line))
        if evidence:
            return Cause(words=words, mend=mend, evidence=evidence)
    return None
