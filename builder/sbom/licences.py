"""What a stated licence is in the words of SPDX, where that is certain.

``BSD``, ``GPL 2`` and their like name several licences; they keep their own words.
"""

import re
from collections.abc import Mapping

from cyclonedx.model import XsUri
from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement

from builder.model.stated import StatedLicence

_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_BESIDE = re.compile(r"^https?://(www\.)?|(\.txt|\.html|\.php)?/?$")

_NAMES = {
    "Apache-2.0": (
        "apache 2",
        "apache 2 0",
        "apache license 2",
        "apache license 2 0",
        "apache license v2 0",
        "apache license version 2",
        "apache license version 2 0",
        "apache software license 2 0",
        "apache software license version 2 0",
        "asl 2 0",
    ),
    "BSD-2-Clause": ("bsd 2 clause", "bsd 2 clause license", "simplified bsd license"),
    "BSD-3-Clause": ("bsd 3 clause", "bsd 3 clause license", "new bsd license"),
    "CC0-1.0": ("cc0", "cc0 1 0", "cc0 1 0 universal"),
    "CDDL-1.0": ("cddl 1 0", "common development and distribution license 1 0"),
    "EPL-1.0": (
        "eclipse public license 1 0",
        "eclipse public license v 1 0",
        "eclipse public license v1 0",
        "eclipse public license version 1 0",
        "epl 1 0",
    ),
    "EPL-2.0": (
        "eclipse public license 2 0",
        "eclipse public license v 2 0",
        "eclipse public license v2 0",
        "eclipse public license version 2 0",
        "epl 2 0",
    ),
    "ISC": ("isc", "isc license"),
    "MIT": ("mit", "mit license", "mit licence", "expat license"),
    "MPL-1.1": ("mozilla public license 1 1", "mozilla public license version 1 1", "mpl 1 1"),
    "MPL-2.0": ("mozilla public license 2 0", "mozilla public license version 2 0", "mpl 2 0"),
}
_ADDRESSES = {
    "Apache-2.0": ("apache.org/licenses/license-2.0", "opensource.org/licenses/apache-2.0"),
    "BSD-2-Clause": ("opensource.org/licenses/bsd-2-clause",),
    "BSD-3-Clause": ("opensource.org/licenses/bsd-3-clause",),
    "EPL-1.0": ("eclipse.org/legal/epl-v10", "eclipse.org/org/documents/epl-v10"),
    "EPL-2.0": ("eclipse.org/legal/epl-2.0", "eclipse.org/legal/epl-v20"),
    "MIT": ("opensource.org/licenses/mit", "opensource.org/licenses/mit-license"),
    "MPL-2.0": ("mozilla.org/mpl/2.0",),
}


def _turned(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return {each: spdx for spdx, several in table.items() for each in several}


BY_NAME = _turned(_NAMES)
BY_ADDRESS = _turned(_ADDRESSES)


def spdx(stated: StatedLicence) -> str | None:
    """Give the SPDX id; None where name and address leave a doubt."""
    by_address = BY_ADDRESS.get(_BESIDE.sub("", stated.url.lower()))
    if not stated.name:
        return by_address
    words = _NOT_WORDS.sub(" ", stated.name.lower()).strip().removeprefix("the ")
    by_name = BY_NAME.get(words)
    return by_name if by_address in {None, by_name} else None


def licence(stated: StatedLicence) -> DisjunctiveLicense:
    """Write a licence down as its archive declares it."""
    known = spdx(stated)
    return DisjunctiveLicense(
        id=known,
        name=None if known else stated.name or stated.url,
        url=XsUri(stated.url) if stated.url else None,
        acknowledgement=LicenseAcknowledgement.DECLARED,
    )
