"""What somebody has, held against what is rendered: only differences that change something."""

from collections.abc import Iterator, Mapping

from builder.kubesphere.profiles import PLACEHOLDER
from builder.model.quantity import quantity

Objects = tuple[Mapping[str, object], ...]
_OF_THE_CLUSTER = {"status", "creationTimestamp", "resourceVersion", "uid", "managedFields"}
_OF_THE_CLUSTER |= {"generation", "selfLink", "ownerReferences"}
_SHOWN = 80  # characters


def differences(rendered: Objects, own: Objects) -> tuple[str, ...]:
    """Tell each in a line; order, what a cluster adds, and secrets that were filled in are none.

    Objects are known by kind and name, values by having no kind. What only they have is theirs.
    """
    theirs = {_key(each): each for each in own}
    return tuple(_all(rendered, theirs))


def _all(rendered: Objects, theirs: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    for each in rendered:
        key = _key(each)
        if key in theirs:
            yield from _between(key, each, theirs[key])
        else:
            yield f"{key}: missing"


def _between(path: str, wanted: object, there: object) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(there, dict):
        yield from _maps(path, wanted, there)
    elif isinstance(wanted, list) and isinstance(there, list):
        yield from _lists(path, wanted, there)
    elif not _same(wanted, there) and wanted != PLACEHOLDER:
        yield f"{path}: {_short(there)}, rendered {_short(wanted)}"


def _same(wanted: object, there: object) -> bool:
    """Compare as texts, and quantities such as ``1`` and ``1000m`` as numbers."""
    if str(wanted) == str(there):
        return True
    amount = quantity(wanted)
    return amount is not None and amount == quantity(there)


def _maps(path: str, wanted: dict[str, object], there: dict[str, object]) -> Iterator[str]:
    for name, value in wanted.items():
        if name in _OF_THE_CLUSTER:
            continue
        if name in there:
            yield from _between(f"{path}.{name}", value, there[name])
        elif name == "stringData" and isinstance(value, dict):
            yield from _secrets(path, value, there.get("data"))
        elif value is not None:
            yield f"{path}.{name}: missing"


def _secrets(path: str, wanted: dict[str, object], there: object) -> Iterator[str]:
    """A cluster gives ``stringData`` back as ``data``, which nobody has to read."""
    held = there if isinstance(there, dict) else {}
    yield from (f"{path}.data.{name}: missing" for name in wanted if name not in held)


def _lists(path: str, wanted: list[object], there: list[object]) -> Iterator[str]:
    """Compare by name where items have one, else one after the other."""
    names = [each.get("name") if isinstance(each, dict) else None for each in wanted]
    if all(names):
        known = {each.get("name"): each for each in there if isinstance(each, dict)}
        for name, each in zip(names, wanted, strict=True):
            if name in known:
                yield from _between(f"{path}[{name}]", each, known[name])
            else:
                yield f"{path}[{name}]: missing"
    elif len(wanted) != len(there):
        yield f"{path}: {len(there)} items, rendered {len(wanted)}"
    else:
        for number, (one, other) in enumerate(zip(wanted, there, strict=True)):
            yield from _between(f"{path}[{number}]", one, other)


def _key(thing: Mapping[str, object]) -> str:
    metadata = thing.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if "kind" in thing:
        return f"{thing['kind']} {name}"
    return "CasC" if "credentials" in thing else "values"


def _short(value: object) -> str:
    text = str(value)
    if "\n" in text:
        return f"{len(text.splitlines())} other lines"
    return text if len(text) < _SHOWN else f"{text[: _SHOWN - 3]}..."
