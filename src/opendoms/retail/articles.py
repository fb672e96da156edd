"""What the made-up retailer sells: the articles of made-up orders, and many more of the same kind."""

from __future__ import annotations

from typing import Final

from opendoms.orders.seed_catalogue import ARTICLES as ORDERED
from opendoms.orders.seed_catalogue import Article, item_code

ARTICLES_COUNT: Final = 5_000
# Articles that differ in size only stand together, this many.
SIZES: Final = 12

_COLOURS: Final = (
    "black", "white", "navy", "grey", "beige", "olive", "rust", "sage", "plum", "petrol", "cream", "burgundy",
)  # fmt: skip
_CLOTHES: Final = tuple(str(size) for size in range(34, 34 + 2 * SIZES, 2))
_SHOES: Final = tuple(str(size) for size in range(36, 36 + SIZES))

# Title, German title, sizes, net price in euro cents, weight in grams.
_RANGE: Final = (
    ("Slim trousers", "Schmale Hose", _CLOTHES, 5034, 420),
    ("Wide trousers", "Weite Hose", _CLOTHES, 5874, 480),
    ("Pleated trousers", "Bundfaltenhose", _CLOTHES, 6714, 470),
    ("Corduroy trousers", "Cordhose", _CLOTHES, 5874, 560),
    ("Chino trousers", "Chinohose", _CLOTHES, 5034, 450),
    ("Jogging trousers", "Jogginghose", _CLOTHES, 3353, 430),
    ("Shorts", "Shorts", _CLOTHES, 2941, 260),
    ("Pencil skirt", "Bleistiftrock", _CLOTHES, 4193, 310),
    ("Midi skirt", "Midirock", _CLOTHES, 4605, 340),
    ("Pleated skirt", "Faltenrock", _CLOTHES, 5034, 360),
    ("Shirt dress", "Hemdblusenkleid", _CLOTHES, 6714, 390),
    ("Knitted dress", "Strickkleid", _CLOTHES, 7555, 540),
    ("Wrap dress", "Wickelkleid", _CLOTHES, 6714, 350),
    ("Blouse", "Bluse", _CLOTHES, 3773, 180),
    ("Silk blouse", "Seidenbluse", _CLOTHES, 7555, 150),
    ("Flannel shirt", "Flanellhemd", _CLOTHES, 3773, 320),
    ("Oxford shirt", "Oxfordhemd", _CLOTHES, 4193, 290),
    ("Turtleneck jumper", "Rollkragenpullover", _CLOTHES, 5874, 430),
    ("Cardigan", "Strickjacke", _CLOTHES, 6294, 480),
    ("Sweatshirt", "Sweatshirt", _CLOTHES, 4193, 460),
    ("Blazer", "Blazer", _CLOTHES, 10916, 720),
    ("Waistcoat", "Weste", _CLOTHES, 5034, 310),
    ("Trench coat", "Trenchcoat", _CLOTHES, 15118, 1150),
    ("Wool coat", "Wollmantel", _CLOTHES, 18479, 1620),
    ("Quilted jacket", "Steppjacke", _CLOTHES, 10916, 640),
    ("Denim jacket", "Jeansjacke", _CLOTHES, 7555, 830),
    ("Pyjamas", "Schlafanzug", _CLOTHES, 4193, 380),
    ("Swimming trunks", "Badehose", _CLOTHES, 2521, 140),
    ("Sneakers", "Sneaker", _SHOES, 8395, 780),
    ("Loafers", "Slipper", _SHOES, 10076, 690),
    ("Ankle boots", "Stiefeletten", _SHOES, 11757, 980),
    ("Sandals", "Sandalen", _SHOES, 5874, 520),
    ("Rubber boots", "Gummistiefel", _SHOES, 5034, 1450),
    ("Slippers", "Hausschuhe", _SHOES, 2941, 310),
)  # fmt: skip


def _articles() -> tuple[Article, ...]:
    made = list(ORDERED)
    for title, title_de, sizes, price, weight in _RANGE:
        for colour in _COLOURS:
            for size in sizes:
                number = 10_000 + len(made)
                made.append(
                    Article(
                        f"A-{10_000 + number}",
                        f"{title}, {colour}, {size}",
                        title_de,
                        (("variant", colour), ("size", size)),
                        price,
                        weight,
                        item_code(number),
                    )
                )
    return tuple(made[:ARTICLES_COUNT])


ARTICLES: Final = _articles()
