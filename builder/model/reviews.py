"""Log-ins by token: what is tried of a controller, and what its token server was sent."""

from enum import Enum

from msgspec import Struct

from builder.model.answer import Answer


class Verdict(Enum):
    """What the token server says to a review."""

    GOOD = "authenticated"
    SOMEBODY_ELSE = "authenticated as another user"
    REFUSED = "not authenticated"
    FAILS = "500"
    DENIES = "401"
    CREATED = "201"
    NO_STATUS = "no status"
    NO_USER = "no user"
    NO_JSON = "no JSON"
    EMPTY = "nothing"
    GONE = "not there"


class Credential(Enum):
    """What a log-in brings."""

    TOKEN = "token"  # noqa: S105  # a word
    PASSWORD = "password"  # noqa: S105  # a word
    NOTHING = "nothing"


class LogIn(Struct, frozen=True, kw_only=True):
    """One log-in to try."""

    name: str  # in words
    verdict: Verdict
    credential: Credential = Credential.TOKEN
    is_known: bool = True  # to the realm
    gets_in: bool = False
    reviews: int = 1  # that the token server is sent


class Review(Struct, frozen=True, kw_only=True):
    """What the token server was sent; the token itself is kept by nobody."""

    line: str  # such as ``POST /oauth/authenticate``
    faults: tuple[str, ...] = ()  # where it is not what the platform's server takes


class LoggedIn(Struct, frozen=True, kw_only=True):
    """What came of a log-in."""

    tried: LogIn
    user: str
    answer: Answer  # of ``/whoAmI/api/json``
    reviews: tuple[Review, ...] = ()
