"""A report in JUnit's XML, as Jenkins, GitLab and GitHub's actions read it.

Source: the schema of Jenkins' xUnit plugin (``junit-10.xsd``) and GitLab's page on unit test
reports: a suite of cases, each with ``classname`` and ``name``; no more than both know.
"""

import re
import xml.etree.ElementTree as ET

from builder.model.report import Finding, Report, Status
from builder.verify.reasons import reason

_NAME = "jbuild"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(seen: Report) -> bytes:
    """Write a report as XML."""
    counts = {status: sum(e.status is status for e in seen.findings) for status in Status}
    numbers = {
        "tests": str(len(seen.findings)),
        "failures": str(counts[Status.FAILED]),
        "errors": "0",
        "skipped": str(counts[Status.SKIPPED]),
        "time": f"{seen.ready_after_s or 0:.3f}",
    }
    root = ET.Element("testsuites", {"name": _NAME, **numbers})
    suite = ET.SubElement(root, "testsuite", {"name": _sound(seen.image), **numbers})
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(seen):
        ET.SubElement(properties, "property", name=name, value=_sound(value))
    for each in seen.findings:
        _case(suite, each)
    if seen.log_tail:
        ET.SubElement(suite, "system-out").text = _sound("\n".join(seen.log_tail))
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _properties(seen: Report) -> tuple[tuple[str, str], ...]:
    memory = (("peak_memory_bytes", str(seen.peak_memory)),) if seen.peak_memory else ()
    return (("controller", f"{seen.family} {seen.version}"), *memory)


def _case(suite: ET.Element, found: Finding) -> None:
    room, _, name = found.check.id.partition(".")
    case = ET.SubElement(
        suite, "testcase", classname=f"{_NAME}.{room}", name=_sound(name), time="0.000"
    )
    if found.status is Status.SKIPPED:
        ET.SubElement(case, "skipped", message=_sound(found.seen))
    if found.status is Status.FAILED:
        failure = ET.SubElement(
            case, "failure", message=_sound(found.seen), type=_sound(found.check.id)
        )
        failure.text = _sound(_told(found))


def _told(found: Finding) -> str:
    lines = [
        found.check.title,
        f"expected: {found.expected}",
        f"seen: {found.seen}",
        f"why it matters: {reason(found.check)}",
        *((f"hint: {found.hint}",) if found.hint else ()),
        *(f"evidence: {each}" for each in found.evidence),
    ]
    return "\n".join(lines)


def _sound(text: str) -> str:
    """Leave out what no XML may hold, such as the escape codes of a coloured log."""
    return _NO_XML.sub("\ufffd", text)
