"""As much of DER as the name of a certificate needs."""

_LONG = 0x80


def utf8(text: str) -> bytes:
    """Write a UTF8String."""
    return _value(0x0C, text.encode())


def sequence(dotted: str, value: bytes) -> bytes:
    """Write a SEQUENCE of an object identifier and a value."""
    first, second, *rest = map(int, dotted.split("."))
    arcs = b"".join(map(_arc, (40 * first + second, *rest)))
    return _value(0x30, _value(0x06, arcs) + value)


def set_of(*members: bytes) -> bytes:
    """Write a SET OF, whose members stand in the order of their bytes."""
    return _value(0x31, b"".join(sorted(members)))


def _arc(number: int) -> bytes:
    """Write a number seven bits a byte, all but the last with the highest bit set."""
    last, rest = number & 0x7F, number >> 7
    out = [last]
    while rest:
        out.append(rest & 0x7F | _LONG)
        rest >>= 7
    return bytes(reversed(out))


def _value(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < _LONG:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, _LONG | len(length)]) + length + content
