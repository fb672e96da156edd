"""What made-up orders are made of: a shop's articles, and places and names in the countries it delivers to.

All people are invented: surnames are made of landscape words, so that a full name belongs to nobody. Telephone numbers
come from ranges that the authorities keep free for films, item codes from the range that shops use inside their doors.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple


class Article(NamedTuple):
    """One variant in the shop; the price is net, in euro cents, the weight in grams."""

    tenant_article_id: str
    title: str
    title_de: str
    attributes: tuple[tuple[str, str], ...]
    price: int
    weight: int
    code: str


class Name(NamedTuple):
    """A first name or surname, and what of it stands in an e-mail address."""

    text: str
    mailbox: str


class Place(NamedTuple):
    """A city with one of its postal codes, and the state where addresses have one."""

    city: str
    postal_code: str
    province: str | None


class Region(NamedTuple):
    """A country: `euro_percent` is what 100 euro cents cost there, `phone` a pattern with one free number, or None."""

    country: str
    currency: str
    euro_percent: int
    tax_type: str
    tax_percent: int
    places: tuple[Place, ...]
    streets: tuple[str, ...]
    first_names: tuple[Name, ...]
    last_names: tuple[Name, ...]
    phone: str | None


def _mailbox(text: str) -> str:
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ł", "l")):
        text = text.lower().replace(letter, plain)
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


def _texts(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(", "))


def _names(texts: str) -> tuple[Name, ...]:
    return tuple(Name(text, _mailbox(text)) for text in texts.split(", "))


def _places(texts: str) -> tuple[Place, ...]:
    places = []
    for text in texts.split(", "):
        postal_code, city, *province = text.split("/")
        places.append(Place(city, postal_code, province[0] if province else None))
    return tuple(places)


# How many orders of 100 come from each region stands beside it.
_REGIONS: Final = (
    (
        48,
        Region(
            country="DE",
            currency="EUR",
            euro_percent=100,
            tax_type="VAT",
            tax_percent=19,
            places=_places(
                "20095/Hamburg, 10115/Berlin, 80331/München, 50667/Köln, 04109/Leipzig, 70173/Stuttgart, "
                "01067/Dresden, 79098/Freiburg im Breisgau, 28195/Bremen, 90402/Nürnberg"
            ),
            streets=_texts(
                "Lindenallee, Am Mühlbach, Gartenstraße, Birkenweg, Hafenstraße, Kirschgasse, Schillerplatz"
            ),
            first_names=_names(
                "Anna, Ben, Clara, David, Emilia, Finn, Greta, Henri, Ida, Jonas, Käthe, Leon, Mia, Nils, Pauline"
            ),
            last_names=_names(
                "Ahornfeld, Birkenstolz, Dünenkamp, Eichenpfad, Fährbach, Glockental, Hagenmoor, Ilmenruh, "
                "Kranichsee, Lerchenau, Mohnwinkel, Nebelbrück, Quellenhag, Rüsternwald, Sanddornhof"
            ),
            phone="+49 30 23125 {:03d}",
        ),
    ),
    (
        8,
        Region(
            country="AT",
            currency="EUR",
            euro_percent=100,
            tax_type="VAT",
            tax_percent=20,
            places=_places("1010/Wien, 8010/Graz, 4020/Linz, 5020/Salzburg, 6020/Innsbruck"),
            streets=_texts("Almweg, Donaulände, Marktgasse, Am Rosenhügel, Bachstraße"),
            first_names=_names("Alma, Felix, Hannah, Jakob, Lena, Moritz, Paula, Valentin"),
            last_names=_names("Almbrunner, Enzianhofer, Gletscherbach, Lärchensteig, Murmeltal, Zirbenfeld"),
            phone=None,
        ),
    ),
    (
        9,
        Region(
            country="NL",
            currency="EUR",
            euro_percent=100,
            tax_type="VAT",
            tax_percent=21,
            places=_places(
                "1012 AB/Amsterdam, 3011 AA/Rotterdam, 3511 AB/Utrecht, 5611 AA/Eindhoven, 9711 AA/Groningen"
            ),
            streets=_texts("Tulpenstraat, Molenweg, Duinlaan, Havenkade, Kastanjeplein"),
            first_names=_names("Bram, Daan, Eva, Fleur, Lotte, Noor, Sem, Tess"),
            last_names=_names("van Duinroos, van Kievitsloot, Molenwiek, Rietgors, Waterlelie, Zilverschoon"),
            phone=None,
        ),
    ),
    (
        9,
        Region(
            country="FR",
            currency="EUR",
            euro_percent=100,
            tax_type="VAT",
            tax_percent=20,
            places=_places("69001/Lyon, 44000/Nantes, 59000/Lille, 31000/Toulouse, 67000/Strasbourg, 35000/Rennes"),
            streets=_texts("rue des Lilas, avenue du Moulin, place du Marché, quai des Brumes, chemin des Vignes"),
            first_names=_names("Adèle, Baptiste, Chloé, Étienne, Hugo, Inès, Jules, Manon"),
            last_names=_names("Beaurivage, Clairbois, Dufontenay, Hautevigne, Lavandoux, Noiseraie, Valfleuri"),
            phone="+33 1 99 00 00 {:02d}",
        ),
    ),
    (
        6,
        Region(
            country="PL",
            currency="PLN",
            euro_percent=430,
            tax_type="VAT",
            tax_percent=23,
            places=_places("00-001/Warszawa, 30-001/Kraków, 80-001/Gdańsk, 50-001/Wrocław, 60-001/Poznań"),
            streets=_texts("ulica Lipowa, ulica Ogrodowa, ulica Słoneczna, aleja Brzozowa, plac Zamkowy"),
            first_names=_names("Agnieszka, Filip, Hanna, Jan, Maja, Oskar, Zofia"),
            last_names=_names("Brzozogaj, Jarzębina, Kaczeniec, Lipowiec, Modrzewny, Wrzosowy"),
            phone=None,
        ),
    ),
    (
        20,
        Region(
            country="US",
            currency="USD",
            euro_percent=110,
            tax_type="SALES_TAX",
            tax_percent=8,
            places=_places(
                "97201/Portland/OR, 78701/Austin/TX, 43215/Columbus/OH, 80202/Denver/CO, 02108/Boston/MA, "
                "98101/Seattle/WA, 55401/Minneapolis/MN"
            ),
            streets=_texts("Maple Street, Harbor Avenue, Cedar Lane, Mill Road, Orchard Drive, Lakeview Terrace"),
            first_names=_names("Abigail, Caleb, Dylan, Ella, Grace, Isaac, Madison, Noah, Owen, Ruby"),
            last_names=_names("Harborlight, Maplethorn, Oakhollow, Pinecrestley, Riverstoke, Silverbrooke, Winterhale"),
            phone="+1 503 555 01{:02d}",
        ),
    ),
)

# Regions repeated by their share, so that any place in the table is as likely as any other.
REGIONS: Final = tuple(region for share, region in _REGIONS for _ in range(share))

_SIZES: Final = "S, M, L, XL"
_SHOES: Final = "38, 40, 42, 44"
_NONE: Final = "one size"

# Title, German title, variants, sizes, net price in euro cents, weight in grams.
_RANGE: Final = (
    ("Cotton shirt", "Baumwollhemd", "white, light blue, navy", _SIZES, 3353, 240),
    ("Linen dress", "Leinenkleid", "sand, olive", _SIZES, 5874, 380),
    ("Wool jumper", "Wollpullover", "charcoal, rust, cream", _SIZES, 6714, 520),
    ("Denim jeans", "Jeans", "dark blue, black", _SIZES, 5874, 690),
    ("Rain jacket", "Regenjacke", "yellow, petrol", _SIZES, 10075, 560),
    ("Merino socks", "Merinosocken", "grey, navy", "36-39, 40-43, 44-47", 1252, 80),
    ("Running shoes", "Laufschuhe", "black, coral", _SHOES, 10916, 640),
    ("Leather boots", "Lederstiefel", "brown, black", _SHOES, 14277, 1380),
    ("Canvas backpack", "Segeltuchrucksack", "khaki, black", _NONE, 6714, 910),
    ("Leather belt", "Ledergürtel", "cognac, black", "85, 95, 105", 2941, 210),
    ("Ceramic mug", "Keramikbecher", "white, teal, terracotta", _NONE, 1084, 340),
    ("Dinner plate", "Speiseteller", "white, stone", _NONE, 1420, 720),
    ("Cast iron pan", "Gusseisenpfanne", "black", "24 cm, 28 cm", 4193, 2600),
    ("Chef's knife", "Kochmesser", "steel", "16 cm, 20 cm", 5034, 260),
    ("Linen bedding", "Leinenbettwäsche", "white, sage", "135 x 200, 155 x 220", 9235, 1650),
    ("Desk lamp", "Schreibtischlampe", "brass, black", _NONE, 5034, 1450),
    ("Scented candle", "Duftkerze", "fig, cedar", _NONE, 1840, 410),
    ("Espresso beans", "Espressobohnen", "dark roast, medium roast", "500 g", 1261, 520),
    ("Olive oil", "Olivenöl", "mild, intense", "0.5 l", 1355, 930),
    ("Dark chocolate", "Zartbitterschokolade", "70 %, 85 %", "100 g", 327, 110),
    ("Wireless headphones", "Kabellose Kopfhörer", "black, silver", _NONE, 12597, 290),
    ("USB-C charger", "USB-C-Ladegerät", "white", "30 W, 65 W", 2941, 140),
    ("Bluetooth speaker", "Bluetooth-Lautsprecher", "blue, graphite", _NONE, 6714, 580),
    ("E-reader", "E-Book-Reader", "black", "32 GB", 11756, 200),
    ("Yoga mat", "Yogamatte", "plum, forest", _NONE, 3353, 1200),
    ("Water bottle", "Trinkflasche", "steel, mint", "0.5 l, 0.75 l", 2101, 310),
    ("Camping tent", "Campingzelt", "green", "2 persons, 4 persons", 20992, 3900),
    ("Board game", "Brettspiel", "family, experts", _NONE, 2941, 1100),
    ("Wooden train", "Holzeisenbahn", "natural", _NONE, 2521, 650),
    ("Picture book", "Bilderbuch", "hardcover", _NONE, 1308, 420),
)


def item_code(number: int) -> str:
    """The code on an article, of thirteen digits with its check digit, from the range for use inside a shop."""
    digits = f"200{number:09d}"
    odd, even = (sum(int(digit) for digit in digits[start::2]) for start in (0, 1))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _articles() -> tuple[Article, ...]:
    made: list[Article] = []
    for title, title_de, variants, sizes, price, weight in _RANGE:
        for variant in variants.split(", "):
            for size in sizes.split(", "):
                number = len(made) + 1
                attributes = (("variant", variant),) if size == _NONE else (("variant", variant), ("size", size))
                name = f"{title}, {', '.join(value for _, value in attributes)}"
                made.append(
                    Article(f"A-{10_000 + number}", name, title_de, attributes, price, weight, item_code(number))
                )
    return tuple(made)


ARTICLES: Final = _articles()
