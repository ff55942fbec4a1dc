"""All rules in their order."""

from builder.lint import clouds, keys, pipelines, values
from builder.lint.base import Linted
from builder.lint.hooks import imports
from builder.model.audit import AuditFinding, heaviest_first, warning
from builder.model.formula import Formula
from builder.model.lock import Lock
from builder.model.placed import placed
from builder.verify.casc_files import casc, faults
from builder.verify.checks import HOOKS

_RULES = (
    keys.without_lock,
    keys.absent_plugins,
    keys.roles,
    keys.renamed,
    values.numbers,
    values.token_server,
    values.aliases,
    values.merging,
    values.unresolved,
    values.in_the_clear,
    keys.dead,
    clouds.ways,
    clouds.names,
    clouds.modes,
    clouds.containers,
    clouds.labels,
    clouds.shared,
    pipelines.labels,
    imports,
)


def linted(formula: Formula, locked: Lock | None) -> Linted:
    """Gather what is looked at."""
    beside = tuple(each for each in formula.inputs if each.path.parent == HOOKS)
    packed = tuple(each for _, _, each in placed(formula.parts.hooks, formula.inputs))
    hooks = (each for each in dict.fromkeys((*beside, *packed)) if each.path.suffix == ".groovy")
    return Linted(
        casc=casc(formula),
        hooks=tuple(hooks),
        java_options=formula.image.java_options,
        plugins={str(e.plugin): e.version for e in locked.plugins} if locked else None,
    )


def lint(seen: Linted) -> tuple[AuditFinding, ...]:
    """Hold configuration to every rule; the heaviest findings come first."""
    found = [finding for rule in _RULES for finding in rule(seen)]
    found += [_taken_otherwise(each) for each in faults(seen.casc)]
    return heaviest_first(found)


def _taken_otherwise(said: str) -> AuditFinding:
    place, _, sentence = said.partition(": ")
    return warning("casc-file", place, sentence, "write each key once, in one file")
