"""Which stated licences are SPDX's for certain, and which are not."""

import pytest
from cyclonedx.spdx import is_supported_id

from builder.model.stated import StatedLicence
from builder.sbom import licences

_MIT = "http://www.opensource.org/licenses/mit-license.php"
_APACHE = "https://www.apache.org/licenses/LICENSE-2.0.txt"


@pytest.mark.parametrize(
    ("name", "url", "known"),
    [
        ("The MIT license", _MIT, "MIT"),
        ("MIT", "", "MIT"),
        ("", _MIT, "MIT"),
        ("", "http://opensource.org/licenses/MIT/", "MIT"),
        ("MIT License", "https://example.org/LICENSE", "MIT"),
        ("Apache License, Version 2.0", _APACHE, "Apache-2.0"),
        ("The Apache Software License, Version 2.0", _APACHE, "Apache-2.0"),
        ("Apache-2.0", "", "Apache-2.0"),
        ("Eclipse Public License - v 1.0", "http://www.eclipse.org/legal/epl-v10.html", "EPL-1.0"),
        ("EPL-2.0", "https://www.eclipse.org/legal/epl-2.0/", "EPL-2.0"),
        ("MIT License", _APACHE, None),
        ("MIT-like", _MIT, None),
        ("BSD", "", None),
        ("GPL 2", "", None),
        ("LGPL 2.1", "", None),
        ("Apache", "", None),
        ("", "https://example.org/licence", None),
    ],
)
def test_spdx_speaks_only_where_there_is_no_doubt(name: str, url: str, known: str | None) -> None:
    assert licences.spdx(StatedLicence(name=name, url=url)) == known


def test_a_licence_without_a_name_is_called_by_its_address() -> None:
    written = licences.licence(StatedLicence(url="https://example.org/licence"))
    assert (written.id, written.name) == (None, "https://example.org/licence")


def test_every_id_is_one_of_spdx() -> None:
    ids = [*licences.BY_NAME.values(), *licences.BY_ADDRESS.values()]
    assert [each for each in ids if not is_supported_id(each)] == []
    assert len(set(ids)) >= 10
