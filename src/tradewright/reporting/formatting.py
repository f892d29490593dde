"""Numbers as people read them: one rule per kind, the same in the terminal, the notebook and the HTML report.

Every function takes a number or None and gives text; None and what is not finite read ``n/a``. The minus is the true
minus sign, and a plus stands only before changes.
"""

from __future__ import annotations

import math

__all__ = [
    "NOT_AVAILABLE",
    "arrow",
    "bps",
    "count",
    "decimals_of",
    "duration",
    "minor_digits",
    "money",
    "number",
    "percent",
    "price",
    "probability",
    "ratio",
    "returns",
]

NOT_AVAILABLE = "n/a"
MINUS = "\u2212"

_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "BTC": 8, "ETH": 8}
_UNITS = (("y", 365 * 86_400), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def number(value: float | None, decimals: int = 2, *, sign: bool = False) -> str:
    """A number with that many decimals, its thousands grouped; zero carries no sign.

    Examples
    --------
    >>> number(-1284310.554), number(0.5, 1, sign=True), number(None)
    ('−1,284,310.55', '+0.5', 'n/a')
    """
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0,."):
        return text
    lead = MINUS if value < 0 else "+" if sign else ""
    return lead + text


def money(value: float | None, currency: str = "USD", *, sign: bool = False) -> str:
    """Money with the minor digits of its currency; the currency's name belongs into the header.

    Examples
    --------
    >>> money(1284310.55), money(-1500.4, "JPY")
    ('1,284,310.55', '−1,500')
    """
    return number(value, minor_digits(currency), sign=sign)


def minor_digits(currency: str) -> int:
    """Decimals of a currency's smallest unit.

    Examples
    --------
    >>> minor_digits("USD"), minor_digits("JPY")
    (2, 0)
    """
    return _MINOR_DIGITS.get(currency, 2)


def decimals_of(step: float) -> int:
    """Decimals that a smallest step of price or quantity needs, at most 10.

    Examples
    --------
    >>> decimals_of(0.01), decimals_of(1.0), decimals_of(0.25), decimals_of(1e-8)
    (2, 0, 2, 8)
    """
    for decimals in range(10):
        if math.isclose(step, round(step, decimals), rel_tol=1e-9):
            return decimals
    return 10


def price(value: float | None, step: float = 0.01) -> str:
    """A price or a quantity with the decimals of the instrument's tick or lot.

    Examples
    --------
    >>> price(0.0000431, 1e-8), price(187.5, 0.01), price(120.0, 1.0)
    ('0.00004310', '187.50', '120')
    """
    return number(value, decimals_of(step))


def percent(value: float | None, *, sign: bool = False) -> str:
    """A fraction in percent: two decimals below 100 %, none above.

    Examples
    --------
    >>> percent(-0.314), percent(0.124, sign=True), percent(4.1423)
    ('−31.40 %', '+12.40 %', '414 %')
    """
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    hundredfold = value * 100.0
    return f"{number(hundredfold, 2 if abs(hundredfold) < 99.995 else 0, sign=sign)} %"


def returns(value: float | None) -> str:
    """A return: signed percent, and from 1,000 % on the multiple that the money became.

    Examples
    --------
    >>> returns(0.124), returns(4.1423), returns(17.3), returns(-0.05)
    ('+12.40 %', '+414 %', '×18.3', '−5.00 %')
    """
    if value is not None and math.isfinite(value) and value >= 10.0:
        multiple = 1.0 + value
        return f"×{multiple:.1e}" if multiple >= 1e6 else f"×{multiple:,.{1 if multiple < 1e3 else 0}f}"
    return percent(value, sign=True)


def ratio(value: float | None, error: float | None = None) -> str:
    """A ratio, with its standard error where one is known; no more decimals than the error supports, at most two.

    Examples
    --------
    >>> ratio(1.234, 0.41), ratio(1.2345), ratio(12.3, 4.0), ratio(-0.5, 0.002)
    ('1.2 ± 0.4', '1.23', '12 ± 4', '−0.50 ± <0.01')
    """
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    if error is None or not math.isfinite(error) or error <= 0:
        return number(value, 2 if abs(value) < 1e3 else 0)
    decimals = min(2, max(0, -math.floor(math.log10(error))))
    spread = f"{error:,.{decimals}f}" if error >= 0.005 else "<0.01"
    return f"{number(value, decimals)} ± {spread}"


def probability(value: float | None) -> str:
    """A probability with two decimals, never a certainty.

    Examples
    --------
    >>> probability(0.41), probability(0.0004), probability(0.9999)
    ('0.41', '<0.01', '>0.99')
    """
    if value is None or not math.isfinite(value):
        return NOT_AVAILABLE
    if value < 0.01:
        return "<0.01"
    return ">0.99" if value > 0.99 else f"{value:.2f}"


def bps(value: float | None) -> str:
    """Basis points with one decimal.

    Examples
    --------
    >>> bps(11.34)
    '11.3 bps'
    """
    text = number(value, 1)
    return text if text == NOT_AVAILABLE else f"{text} bps"


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units; a year counts 365 days.

    Examples
    --------
    >>> duration(273_600), duration(42), duration(214 * 86_400), duration(0)
    ('3 d 4 h', '42 s', '214 d', '0 s')
    """
    if seconds is None or not math.isfinite(seconds):
        return NOT_AVAILABLE
    whole = round(abs(seconds))
    lead = MINUS if seconds < 0 and whole else ""
    for index, (unit, size) in enumerate(_UNITS):
        if whole >= size:
            first, rest = divmod(whole, size)
            smaller = _UNITS[index + 1 : index + 2]
            second = "".join(f" {rest // length} {name}" for name, length in smaller if rest >= length)
            return f"{lead}{first} {unit}{second}"
    return "0 s"


def count(value: float | None) -> str:
    """A whole number, its thousands grouped.

    Examples
    --------
    >>> count(20412)
    '20,412'
    """
    return number(value, 0)


def arrow(value: float | None) -> str:
    """The shape beside a change, so that colour is never alone: up, down, or nothing.

    Examples
    --------
    >>> arrow(0.2), arrow(-3.0), arrow(0.0)
    ('▲', '▼', '')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return ""
    return "▲" if value > 0 else "▼"
