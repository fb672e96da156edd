"""Where the made-up retailer has shops and warehouses: real towns, invented streets."""

from __future__ import annotations

from typing import Final, NamedTuple


class Country(NamedTuple):
    """A country with its time zone and the public holidays that have a fixed date, as (month, day, name)."""

    code: str
    zone: str
    holidays: tuple[tuple[int, int, str], ...]
    sunday_shopping: bool = False


class Place(NamedTuple):
    """A town: postal code, part of the country, and a point near its middle (WGS 84)."""

    country: Country
    city: str
    postal_code: str
    province: str
    lat: float
    lon: float
    street: str


_CHRISTMAS: Final = ((1, 1, "New Year"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day"))

GERMANY: Final = Country("DE", "Europe/Berlin", (*_CHRISTMAS, (5, 1, "Labour Day"), (10, 3, "German Unity Day")))
AUSTRIA: Final = Country(
    "AT",
    "Europe/Vienna",
    (
        *_CHRISTMAS,
        (1, 6, "Epiphany"),
        (5, 1, "National Holiday"),
        (8, 15, "Assumption"),
        (10, 26, "National Day"),
        (11, 1, "All Saints"),
        (12, 8, "Immaculate Conception"),
    ),
)
NETHERLANDS: Final = Country("NL", "Europe/Amsterdam", (*_CHRISTMAS, (4, 27, "King's Day")), sunday_shopping=True)
COUNTRIES: Final = (GERMANY, AUSTRIA, NETHERLANDS)


def _places(country: Country, table: str) -> tuple[Place, ...]:
    rows = (line.strip().split(" / ") for line in table.strip().splitlines())
    return tuple(
        Place(country, city, postal_code, province, float(lat), float(lon), street)
        for postal_code, city, province, lat, lon, street in rows
    )


# Largest first: those in front are the flagship shops.
_GERMAN: Final = _places(
    GERMANY,
    """
    10115 / Berlin / BE / 52.5320 / 13.3849 / Lindenallee
    20095 / Hamburg / HH / 53.5503 / 10.0007 / Hafenstraße
    80331 / München / BY / 48.1351 / 11.5708 / Schillerplatz
    50667 / Köln / NW / 50.9384 / 6.9558 / Am Mühlbach
    60311 / Frankfurt am Main / HE / 50.1109 / 8.6821 / Gartenstraße
    70173 / Stuttgart / BW / 48.7784 / 9.1806 / Kirschgasse
    40213 / Düsseldorf / NW / 51.2254 / 6.7763 / Birkenweg
    04109 / Leipzig / SN / 51.3397 / 12.3731 / Lindenallee
    44135 / Dortmund / NW / 51.5136 / 7.4653 / Gartenstraße
    28195 / Bremen / HB / 53.0793 / 8.8017 / Hafenstraße
    01067 / Dresden / SN / 51.0504 / 13.7373 / Schillerplatz
    30159 / Hannover / NI / 52.3759 / 9.7320 / Birkenweg
    90402 / Nürnberg / BY / 49.4521 / 11.0767 / Kirschgasse
    68159 / Mannheim / BW / 49.4875 / 8.4660 / Am Mühlbach
    48143 / Münster / NW / 51.9607 / 7.6261 / Lindenallee
    79098 / Freiburg im Breisgau / BW / 47.9990 / 7.8421 / Gartenstraße
    24103 / Kiel / SH / 54.3233 / 10.1228 / Hafenstraße
    99084 / Erfurt / TH / 50.9848 / 11.0299 / Birkenweg
    18055 / Rostock / MV / 54.0924 / 12.0991 / Hafenstraße
    93047 / Regensburg / BY / 49.0134 / 12.1016 / Am Mühlbach
    """,
)
_AUSTRIAN: Final = _places(
    AUSTRIA,
    """
    1010 / Wien / Wien / 48.2082 / 16.3738 / Marktgasse
    8010 / Graz / Steiermark / 47.0707 / 15.4395 / Am Rosenhügel
    4020 / Linz / Oberösterreich / 48.3069 / 14.2858 / Donaulände
    5020 / Salzburg / Salzburg / 47.8095 / 13.0550 / Almweg
    6020 / Innsbruck / Tirol / 47.2692 / 11.4041 / Bachstraße
    """,
)
_DUTCH: Final = _places(
    NETHERLANDS,
    """
    1012 AB / Amsterdam / Noord-Holland / 52.3740 / 4.8970 / Tulpenstraat
    3011 AA / Rotterdam / Zuid-Holland / 51.9225 / 4.4792 / Havenkade
    3511 AB / Utrecht / Utrecht / 52.0907 / 5.1214 / Molenweg
    5611 AA / Eindhoven / Noord-Brabant / 51.4416 / 5.4697 / Kastanjeplein
    9711 AA / Groningen / Groningen / 53.2194 / 6.5665 / Duinlaan
    """,
)

SHOPS: Final = (*_GERMAN, *_AUSTRIAN, *_DUTCH)
WAREHOUSES: Final = _places(
    GERMANY,
    """
    99428 / Grammetal / TH / 50.9640 / 11.2200 / Am Mühlbach
    47198 / Duisburg / NW / 51.4613 / 6.6940 / Hafenstraße
    """,
)
# Towns in which couriers deliver on the same day, and how the postal codes there begin.
COURIER_AREAS: Final = {
    "Berlin": "1*",
    "Hamburg": "2*",
    "München": "8*",
    "Köln": "50*",
    "Wien": "1*",
    "Amsterdam": "10*",
}
