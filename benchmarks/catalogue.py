"""Times the reading and checking of a catalogue against the standard library; exits 1 over a bound.

A ratio is the median of the ratios of each round, so that a machine that grows busy or idle
meanwhile shows less.

Run: PYTHONPATH=. python benchmarks/catalogue.py
    [--catalogue PATH --trust PEM] [--history PATH] [--rounds N]
"""

import argparse
import json
import lzma
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.side_by_side import Case, compared
from builder.adapters.store import FolderStore
from builder.model.digest import Digest
from builder.model.plugin import PluginId
from builder.sources import history, update_center
from builder.sources.canonical import canonical, members
from builder.sources.roots import RootFile, Roots
from builder.sources.signature import verify
from builder.sources.vouched import Paper, vouch
from builder.sources.wrapping import unpacked

_DATA = Path(__file__).parents[2] / "shared" / "data" / "catalogues"
_AT = datetime(2026, 11, 23, tzinfo=UTC)
_WISHES = 152


def main() -> int:
    """Measure every case in turn, several times over, and compare the medians."""
    options = _options()
    if not (options.catalogue.is_file() and options.history.is_file()):
        print(f"nothing measured: {options.catalogue} or {options.history} is not there")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        cases = _cases(options, FolderStore(Path(folder)))
        return 0 if compared(cases, options.rounds) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=_DATA / "tsinghua-2026-08-22.json.xz")
    parser.add_argument("--history", type=Path, default=_DATA / "plugin-versions.json.xz")
    parser.add_argument("--trust", type=Path, default=_DATA / "lework-root-ca.crt")
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def _cases(options: argparse.Namespace, store: FolderStore) -> tuple[Case, ...]:
    packed = options.catalogue.read_bytes()
    content, old = unpacked(packed), lzma.decompress(options.history.read_bytes())
    text = content[content.index(b"{") : content.rindex(b"}") + 1].decode()
    parts = members(content)
    roots = Roots(files=(RootFile(name="trusted", content=options.trust.read_bytes()),))
    paper = Paper(
        name="file",
        digest=Digest.of(packed),
        content=lambda: content,
        at=_AT,
        seen=_AT,
        may_be_unsigned=False,
    )
    return (
        Case(name="json.loads", run=lambda: json.loads(text)),
        Case(name="json.loads and sorted dumps", run=lambda: _dumped(text)),
        Case(
            name=f"decode, {_WISHES} plugins",
            run=lambda: _plugins(content, _WISHES),
            base="json.loads",
            bound=0.5,
        ),
        Case(name="decode, all plugins", run=lambda: _plugins(content, None), base="json.loads"),
        Case(
            name="canonical bytes",
            run=lambda: canonical(parts),
            base="json.loads and sorted dumps",
            bound=0.8,
        ),
        Case(
            name="verify",
            run=lambda: verify(content, roots, name="file", at=_AT),
            base="json.loads",
            bound=2.5,
        ),
        Case(
            name="verify a second time",
            run=lambda: vouch(store, roots, paper, allow_sha1=False),
            base="verify",
            bound=0.35,
        ),
        Case(name="json.loads, history", run=lambda: json.loads(old)),
        Case(
            name=f"decode, history, {_WISHES} plugins",
            run=lambda: _history(old),
            base="json.loads, history",
            bound=0.5,
        ),
    )


def _dumped(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plugins(content: bytes, count: int | None) -> None:
    found = update_center.decode(content, name="file")
    for each in sorted(found.ids())[:count]:
        assert found.releases(each)


def _history(content: bytes) -> None:
    found = history.decode(content, name="file")
    for each in sorted(found.ids())[:_WISHES]:
        assert found.releases(PluginId(each))


if __name__ == "__main__":
    sys.exit(main())
