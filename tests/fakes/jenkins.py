"""An update site for Jenkins out of memory: signed, with a WAR, plugins and a history."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tests.fakes.documents import SEEN
from tests.fakes.plugins import archive, manifest
from tests.fakes.signing import holder, rsa_key, signed

ROOT = holder("root", rsa_key(0), span=(SEEN - timedelta(900), SEEN + timedelta(300)))
SITE = "https://site.example/updates/"
FILES = "https://site.example/"
OTHER = "https://other.example/"
CORE = "2.346.3"
_SPLIT = "# what left the core\nant 1.430 1.0\njunit 1.577 1.0\nsshd 2.281 3.0.1\n"


def war(version: str = CORE, split: str = _SPLIT) -> bytes:
    """Make a WAR that says it is Jenkins, with the table in its core."""
    core = archive({"jenkins/split-plugins.txt": split.encode()})
    return archive(
        {
            "META-INF/MANIFEST.MF": manifest({"Jenkins-Version": version}),
            f"WEB-INF/lib/jenkins-core-{version}.jar": core,
            "WEB-INF/web.xml": b"<web-app/>",
        }
    )


def plugin(name: str, version: str, needs: str = "", core: str = "2.300") -> bytes:
    """Make a plugin without code."""
    attributes = {"Short-Name": name, "Plugin-Version": version, "Jenkins-Version": core}
    if needs:
        attributes["Plugin-Dependencies"] = needs
    return archive({"META-INF/MANIFEST.MF": manifest(attributes)})


@dataclass(kw_only=True)
class Site:
    """What an update site has; ``web`` is all of it by URL."""

    plugins: dict[str, tuple[str, str]] = field(default_factory=dict)  # id:version: needs, core
    offered: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, tuple[str, str]] = field(default_factory=dict)
    war: bytes = field(default_factory=war)
    lists_war: bool = True
    without_digest: str = ""  # id:version of a release whose digest is not told

    def add(self, text: str, needs: str = "", core: str = "2.300", *, listed: bool = True) -> None:
        """Publish a release; the last of each plugin is what the site offers."""
        name, _, version = text.partition(":")
        (self.plugins if listed else self.unlisted)[text] = (needs, core)
        if listed:
            self.offered[name] = version

    def web(self) -> dict[str, bytes]:
        """Give every document and file by URL."""
        files = {
            f"plugins/{name}/{version}/{name}.hpi": plugin(name, version, needs, core)
            for text, (needs, core) in {**self.plugins, **self.unlisted}.items()
            for name, _, version in [text.partition(":")]
        }
        files[f"war-stable/{CORE}/jenkins.war"] = self.war
        return {
            f"{SITE}update-center.json?version={CORE}": signed(self._center(), ROOT),
            f"{SITE}current/plugin-versions.json": signed(self._history(), ROOT),
            **{f"{FILES}{path}": content for path, content in files.items()},
        }

    def _center(self) -> dict[str, object]:
        core = {"core": _core(self.war)} if self.lists_war else {}
        return {
            "id": "default",
            "updateCenterVersion": "1",
            "generationTimestamp": f"{SEEN:%Y-%m-%dT%H:%M:%SZ}",
            "plugins": {n: self._entry(f"{n}:{v}") for n, v in self.offered.items()},
            "warnings": [],
            **core,
        }

    def _history(self) -> dict[str, object]:
        told: dict[str, dict[str, object]] = {}
        for text in self.plugins:
            name, _, version = text.partition(":")
            told.setdefault(name, {})[version] = self._entry(text)
        return {"plugins": told, "updateCenterVersion": "1"}

    def _entry(self, text: str) -> dict[str, object]:
        name, _, version = text.partition(":")
        needs, core = self.plugins[text]
        edges = [each.partition(";")[0].split(":") for each in needs.split(",") if each]
        content = plugin(name, version, needs, core)
        return {
            "name": name,
            "version": version,
            "url": f"https://updates.jenkins.io/download/plugins/{name}/{version}/{name}.hpi",
            "requiredCore": core,
            "dependencies": [{"name": n, "version": v, "optional": False} for n, v in edges],
            **({} if text == self.without_digest else _digests(content)),
        }


def _core(content: bytes) -> Mapping[str, object]:
    url = f"https://updates.jenkins.io/download/war/{CORE}/jenkins.war"
    return {"name": "core", "version": CORE, "url": url, **_digests(content)}


def _digests(content: bytes) -> dict[str, object]:
    sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"sha256": sha256, "size": len(content)}
