"""Small, valid plugin archives and controllers, made on the spot."""

import io
import zipfile
from collections.abc import Mapping


def manifest(attributes: Mapping[str, str]) -> bytes:
    """Write a manifest; long lines are folded at 72 bytes."""
    lines = ["Manifest-Version: 1.0", *(f"{name}: {value}" for name, value in attributes.items())]
    return "\r\n".join(_folded(line) for line in lines).encode() + b"\r\n\r\n"


def archive(entries: Mapping[str, bytes]) -> bytes:
    """Write a ZIP whose bytes depend on the entries alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def plugin(name: str, version: str, needs: str = "", core: str | None = "1.400") -> bytes:
    """Make a plugin without code.

    Args:
        needs: such as ``structs:1.0,mailer:1.2;resolution:=optional``.
        core: the oldest core it accepts.
    """
    attributes = {"Short-Name": name, "Long-Name": name, "Plugin-Version": version}
    if core is not None:
        attributes["Hudson-Version"] = core
    if needs:
        attributes["Plugin-Dependencies"] = needs
    return archive({"META-INF/MANIFEST.MF": manifest(attributes)})


def controller(version: str = "3.3.2", catalogue: str = '{"plugins": {}}') -> bytes:
    """Make a WAR that says it is Hudson."""
    return archive(
        {
            "META-INF/MANIFEST.MF": manifest({"Hudson-Version": version}),
            "WEB-INF/update-center.json": f"updateCenter.post({catalogue});".encode(),
            "WEB-INF/web.xml": b"<web-app/>",
        }
    )


def _folded(line: str) -> str:
    head, rest = line[:72], line[72:]
    return head if not rest else head + "\r\n " + _folded(rest).removeprefix("\r\n ")
