"""What one HTTP path said."""

from msgspec import Struct


class Answer(Struct, frozen=True, kw_only=True):
    """What one HTTP path said; ``status`` is None when nothing answered."""

    path: str
    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""  # its head, at most 64 KiB; 1 MiB to who has logged in
    error: str | None = None

    def header(self, name: str) -> str | None:
        """Look a header up; the case of its name does not matter."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)
