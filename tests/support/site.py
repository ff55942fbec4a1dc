"""An update site made on the spot: valid plugins, a WAR, a catalogue signed with a new key."""

import base64
import hashlib
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import PurePosixPath

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from builder.model.digest import Digest
from builder.model.mirror import Wanted
from tests.fakes.plugins import archive, manifest

CORE = "2.346.3"
_BORN = datetime(2026, 8, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """What every mirror of one update site serves."""

    sizes: tuple[int, ...]  # bytes of padding, one plugin each
    seed: int = 1
    generated: datetime = datetime(2026, 8, 22, tzinfo=UTC)

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Give every file by its path below a mirror."""
        dice = random.Random(self.seed)  # noqa: S311  # the same bytes every time
        found = {
            f"plugins/{name}/1.{n}/{name}.hpi": _plugin(n, dice.randbytes(size))
            for n, (name, size) in enumerate(zip(self.names, self.sizes, strict=True))
        }
        found[f"war-stable/{CORE}/jenkins.war"] = _war(dice.randbytes(100_000))
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name the plugins; each needs the one before it."""
        return tuple(f"plugin-{n:03}" for n in range(len(self.sizes)))

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Ask for every file as a catalogue would."""
        return tuple(
            Wanted(
                path=PurePosixPath(path),
                url=None,
                digest=Digest.of(content),
                size=len(content),
                label=PurePosixPath(path).parent.parent.name,
            )
            for path, content in self.files.items()
        )

    @cached_property
    def catalogue(self) -> bytes:
        """Write ``update-center.json`` as Jenkins does: JSONP, signed."""
        return self.catalogue_of(self.generated)

    def catalogue_of(self, generated: datetime) -> bytes:
        """Write the catalogue of another day."""
        document: dict[str, object] = {
            "core": self._entry(f"war-stable/{CORE}/jenkins.war", "core", CORE),
            "deprecations": {},
            "generationTimestamp": generated.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "id": "default",
            "plugins": {name: self._plugin_entry(n, name) for n, name in enumerate(self.names)},
            "updateCenterVersion": "1",
            "warnings": [],
        }
        return signed(document)

    @property
    def root(self) -> bytes:
        """Give the certificate that vouches for the catalogue, as PEM."""
        return root()

    def _plugin_entry(self, n: int, name: str) -> dict[str, object]:
        needs = [{"name": f"plugin-{n - 1:03}", "version": f"1.{n - 1}", "optional": False}]
        return {
            **self._entry(f"plugins/{name}/1.{n}/{name}.hpi", name, f"1.{n}"),
            "dependencies": needs if n else [],
            "gav": f"org.example:{name}:1.{n}",
            "requiredCore": "2.300",
            "title": name,
        }

    def _entry(self, path: str, name: str, version: str) -> dict[str, object]:
        return entry(path, self.files[path], name, version)


def entry(path: str, content: bytes, name: str, version: str) -> dict[str, object]:
    """Write what a catalogue says of any file."""
    return {
        "name": name,
        "sha1": base64.b64encode(hashlib.sha1(content).digest()).decode(),  # noqa: S324  # theirs
        "sha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
        "size": len(content),
        "url": f"https://updates.jenkins.io/download/{path}",
        "version": version,
    }


def signed(document: dict[str, object]) -> bytes:
    """Write a catalogue as Jenkins does: JSONP, signed."""
    whole = {**document, "signature": _signature(canonical(document))}
    return f"updateCenter.post(\n{json.dumps(whole)}\n);".encode()


def root() -> bytes:
    """Give the certificate that vouches for what is signed, as PEM."""
    return _authority().root.public_bytes(serialization.Encoding.PEM)


def canonical(document: dict[str, object]) -> bytes:
    """Give the bytes that are signed."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class _Authority:
    root: x509.Certificate
    leaf: x509.Certificate
    key: rsa.RSAPrivateKey  # of the leaf


@lru_cache(maxsize=1)
def _authority() -> _Authority:
    """Make a root and a leaf; two keys take a good part of a second."""
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root = _certificate("root", root_key.public_key(), "root", root_key)
    leaf = _certificate("leaf", key.public_key(), "root", root_key)
    return _Authority(root=root, leaf=leaf, key=key)


def _certificate(
    name: str, public: rsa.RSAPublicKey, issuer: str, signer: rsa.RSAPrivateKey
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BORN)
        .not_valid_after(_BORN + timedelta(days=3650))
        .sign(signer, hashes.SHA256())
    )


def _signature(content: bytes) -> dict[str, object]:
    made = _authority()
    signed = made.key.sign(content, padding.PKCS1v15(), hashes.SHA512())
    der = made.leaf.public_bytes(serialization.Encoding.DER)
    return {
        "certificates": [base64.b64encode(der).decode()],
        "correct_digest512": hashlib.sha512(content).hexdigest(),
        "correct_signature512": signed.hex(),
    }


def _plugin(n: int, filling: bytes) -> bytes:
    attributes = {
        "Short-Name": f"plugin-{n:03}",
        "Plugin-Version": f"1.{n}",
        "Jenkins-Version": "2.300",
    }
    if n:
        attributes["Plugin-Dependencies"] = f"plugin-{n - 1:03}:1.{n - 1}"
    return archive(
        {"META-INF/MANIFEST.MF": manifest(attributes), "WEB-INF/lib/plugin.jar": filling}
    )


def _war(filling: bytes) -> bytes:
    return archive(
        {
            "META-INF/MANIFEST.MF": manifest({"Jenkins-Version": CORE}),
            "WEB-INF/web.xml": b"<web-app/>",
            "WEB-INF/lib/jenkins-core.jar": filling,
        }
    )
