"""Parcel numbers: parse them and check their last digit."""

import ctypes
import ctypes.util


def _load():
    path = ctypes.util.find_library("parcelsum") or "libparcelsum.so"
    library = ctypes.CDLL(path)
    library.parcel_check_digit.argtypes = [ctypes.c_char_p, ctypes.c_int]
    library.parcel_check_digit.restype = ctypes.c_int
    return library


_library = _load()


def check_digit(digits: str) -> int:
    """The check digit that belongs to digits; ValueError where there are others."""
    if not digits.isascii():
        raise ValueError(f"not a number: {digits!r}")
    digit = _library.parcel_check_digit(digits.encode(), len(digits))
    if digit < 0:
        raise ValueError(f"not a number: {digits!r}")
    return digit


def is_valid(number: str) -> bool:
    """Whether number, check digit included, is a parcel number of ours."""
    if len(number) != 12 or not number.isascii() or not number.isdigit():
        return False
    return check_digit(number[:-1]) == int(number[-1])
