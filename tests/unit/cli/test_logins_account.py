"""Who logs in to a controller: two variables, both or neither, never told."""

import pytest

from builder.cli.logins import account
from builder.errors import SettingsError


def test_both_variables_make_an_account_whose_password_is_not_shown() -> None:
    made = account({"JBUILD_VERIFY_USER": "admin", "JBUILD_VERIFY_PASSWORD": "never-told"})
    assert made is not None
    assert (made.user, made.password) == ("admin", "never-told")
    assert "never-told" not in repr(made)


def test_neither_makes_none() -> None:
    assert account({"JBUILD_VERIFY_USER": ""}) is None


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"JBUILD_VERIFY_USER": "admin"}, "JBUILD_VERIFY_PASSWORD"),
        ({"JBUILD_VERIFY_PASSWORD": "never-told"}, "JBUILD_VERIFY_USER"),
    ],
)
def test_one_alone_is_refused_and_not_told(given: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError) as refused:
        account(given)
    assert refused.value.name == missing
    assert "never-told" not in str(refused.value)
