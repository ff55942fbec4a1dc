"""Users and passwords: as jenkins-plugin-cli takes them, and of a controller to be verified."""

from collections.abc import Mapping

from builder.errors import SettingsError
from builder.settings import PASSWORD, USER, Login

LOGIN = "HOST[:PORT]:USER:PASSWORD, several with commas between"
ACCOUNT = (USER, PASSWORD)
_HOST_AND_PORT = 4  # parts of a login that names both


def logins(text: str) -> tuple[Login, ...]:
    """Read logins.

    Raises:
        SettingsError: one of them is none; it is not told which, since it holds a password.
    """
    return tuple(_login(each) for each in text.split(",") if each)


def _login(text: str) -> Login:
    parts = text.split(":", 3)
    if len(parts) == _HOST_AND_PORT and parts[1].isdecimal():
        return Login(host=f"{parts[0]}:{parts[1]}", user=parts[2], password=parts[3])
    host, _, rest = text.partition(":")
    user, colon, password = rest.partition(":")
    if not (host and user and colon):
        raise SettingsError(
            name="JENKINS_UC_CREDENTIALS",
            value="not told, since it may hold a password",
            origin="--credentials or JENKINS_UC_CREDENTIALS",
            wanted=LOGIN,
        )
    return Login(host=host, user=user, password=password)


def account(environment: Mapping[str, str]) -> Login | None:
    """Read who logs in to a controller that is verified; never from an argument.

    Raises:
        SettingsError: one of the two variables is set alone.
    """
    user, password = (environment.get(each, "") for each in ACCOUNT)
    if not user and not password:
        return None
    if not (user and password):
        raise SettingsError(
            name=ACCOUNT[0] if password else ACCOUNT[1],
            value="",
            origin="variable",
            wanted=f"{' and '.join(ACCOUNT)}, or neither",
        )
    return Login(host="", user=user, password=password)
