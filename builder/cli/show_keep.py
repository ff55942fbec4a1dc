"""Stores, mirrors and bundles to text for people, and to JSON documents for machines."""

from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli.shapes import columns, document, megabytes
from builder.model.mirror import Standing

if TYPE_CHECKING:  # so that nothing is imported to say a few words
    from builder.adapters.bundle import Bundle
    from builder.adapters.store_care import Census, Pruned


def census(found: "Census") -> str:
    """Show what a store holds."""
    rows = (
        ("store", str(found.root)),
        ("files", f"{found.files}, {megabytes(found.size)}"),
        ("unfinished", megabytes(found.partial)),
        ("documents", str(found.documents)),
        ("running builds", str(found.builds)),
    )
    return columns(rows)


def census_json(found: "Census") -> str:
    """Print what a store holds as a document."""
    return document(
        {
            "builds": found.builds,
            "documents": found.documents,
            "files": found.files,
            "partial": found.partial,
            "size": found.size,
            "store": str(found.root),
        }
    )


def verified(count: int) -> str:
    """Say that all is well."""
    return f"{count} files, each as its digest says"


def verified_json(count: int) -> str:
    """Say that all is well, as a document."""
    return document({"dropped": [], "files": count})


def pruned(done: "Pruned") -> str:
    """Show what was taken away."""
    text = f"{done.files} files taken away, {megabytes(done.size)}"
    return f"{text}; {done.spared} are old and in use" if done.spared else text


def pruned_json(done: "Pruned") -> str:
    """Print what was taken away as a document."""
    return document({"files": done.files, "size": done.size, "spared": done.spared})


def standings(found: tuple[Standing, ...]) -> str:
    """Show mirrors, one a line."""
    rows = [("mirror", "rank", "answers in", "speed", "index of", "")]
    rows.extend(
        (
            each.health.mirror.name,
            "-" if each.rank is None else str(each.rank),
            "-" if each.health.latency_s is None else f"{each.health.latency_s * 1000:.0f} ms",
            "-" if each.health.speed is None else f"{each.health.speed / 1e6:.1f} MB/s",
            "?" if each.health.generated is None else each.health.generated.strftime("%Y-%m-%d"),
            each.why,
        )
        for each in found
    )
    return columns(rows)


def standings_json(found: tuple[Standing, ...]) -> str:
    """Print mirrors as a document."""
    return document({"mirrors": [_standing(each) for each in found]})


def _standing(each: Standing) -> dict[str, object]:
    seen = each.health
    return {
        "files": seen.mirror.files,
        "generated": seen.generated.isoformat() if seen.generated else None,
        "latency_s": seen.latency_s,
        "name": seen.mirror.name,
        "rank": each.rank,
        "reached": seen.said is None,
        "speed": seen.speed,
        "why": each.why,
    }


def bundle(done: "Bundle", path: Path) -> str:
    """Say what a bundle holds."""
    text = f"{path}: the lock, {done.files} files, {megabytes(done.size)}"
    return f"{text}, {done.documents} documents"


def bundle_json(done: "Bundle", path: Path) -> str:
    """Say what a bundle holds, as a document."""
    return document(
        {
            "documents": done.documents,
            "files": done.files,
            "path": str(path),
            "size": done.size,
        }
    )
