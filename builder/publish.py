"""Publishing: which tags an image gets, which of them may be moved, and the pushing itself.

All tags are looked at before the first is written, so that a refusal leaves every registry as it
was.
"""

from msgspec.structs import replace

from builder.errors import NowhereToPublish, TagTaken
from builder.image.reference import Reference
from builder.model.publish import Built, Identity, Published, Tagged, Target
from builder.ports import Registry


def targets(
    tags: tuple[str, ...], *, git_tag: str | None, platforms: tuple[str, ...]
) -> tuple[Target, ...]:
    """List every tag, each once, in order.

    Args:
        tags: of the formula or the command line; their repositories are where the rest goes, too.
        git_tag: one more tag in each repository; None: none.
        platforms: whose images get a tag of their own, such as ``1.0-arm64``.

    Raises:
        NowhereToPublish: there are no tags.
    """
    if not tags:
        raise NowhereToPublish
    named = [Reference.parse(each) for each in tags]
    if git_tag:
        named += [replace(each, tag=git_tag) for each in named]
    found = [Target(reference=str(each)) for each in named]
    for each in named:
        for platform in platforms:
            suffix = platform.partition("/")[2].replace("/", "-")
            tagged = replace(each, tag=f"{each.tag or 'latest'}-{suffix}")
            found.append(Target(reference=str(tagged), platform=platform))
    return tuple({each.reference: each for each in found}.values())


def is_version(reference: str) -> bool:
    """Tell a tag that names a version from one that moves, as ``latest`` or ``stable`` do."""
    tag = Reference.parse(reference).tag or ""
    return any(each.isdigit() for each in tag)


def publish(
    registry: Registry, built: Built, wanted: tuple[Target, ...], *, move_tags: bool
) -> tuple[Published, ...]:
    """Push an image under every tag, in their order; what is there already is not sent again.

    Raises:
        TagTaken: a version is there and means another image; nothing was pushed.
        RegistryRefused: a registry refuses or cannot be reached.
    """
    identity = registry.identify(built)
    found = {each.reference: registry.find(each.reference) for each in wanted}
    taken = [
        f"{each.reference} is {there.manifest}"
        for each in wanted
        if (there := found[each.reference])
        and is_version(each.reference)
        and not _is_same(each, there, identity)
    ]
    if taken and not move_tags:
        raise TagTaken(taken=tuple(taken))
    return tuple(_pushed(registry, built, each, found[each.reference], identity) for each in wanted)


def _pushed(
    registry: Registry, built: Built, target: Target, there: Tagged | None, identity: Identity
) -> Published:
    if there and _is_same(target, there, identity):
        return Published(reference=target.reference, manifest=there.manifest, was_there=True)
    manifest = registry.push(built, target)
    return Published(reference=target.reference, manifest=manifest, was_there=False)


def _is_same(target: Target, there: Tagged, identity: Identity) -> bool:
    """Say whether a tag means this image: by its manifest, else by its config."""
    known = identity.manifest_for(target.platform)
    return there.manifest == known or identity.config in there.configs
