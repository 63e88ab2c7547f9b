"""Invented merchants: none of these names is meant to be a real business."""

import numpy as np

from engine.facts import Positions

BY_CATEGORY: dict[str, tuple[str, ...]] = {
    "salary": ("Employer payroll",),
    "bonus": ("Employer bonus",),
    "benefits": ("Public benefits",),
    "interest_income": ("Interest and dividends",),
    "other_income": ("Client payment", "Tax refund"),
    "transfer": ("Between people", "Cash"),
    "savings_transfer": ("To or from savings",),
    "investment": ("Investment account", "Employer plan"),
    "debt_payment": ("Card payment", "Student loan", "Vehicle loan", "Personal loan"),
    "rent": ("Landlord",),
    "mortgage": ("Home lender", "Second lender"),
    "utilities": ("Riverside Power", "Valley Gas and Water", "Northern Electric", "Citylight Utility"),
    "groceries": ("Greenfield Market", "Harvest Corner", "Daily Basket", "Oak Street Foods", "Pantry and Co"),
    "dining": ("Blue Door Cafe", "Noodle Yard", "Stone Oven", "Harbor Grill", "Luna Tacos", "Corner Bakery No 9"),
    "transport": ("Metro Transit", "Wayside Fuel", "Roadrunner Fuel", "Hillside Garage", "Quick Cab"),
    "insurance": ("Shield Mutual", "Evergreen Insurance", "Anchor Insurance"),
    "health": ("Maple Clinic", "Main Street Pharmacy", "Bright Dental", "Vista Eye Care"),
    "childcare": ("Little Acorns", "Sunny Steps"),
    "education": ("State College", "Evening School", "Textbook Exchange"),
    "subscriptions": (
        "Streamio", "Tunewave", "Cloudbox", "Fitloop Gym", "Daily Courier", "Playdeck", "Meal Crate", "Mindful Minutes",
    ),
    "shopping": ("Urban Thread", "Homeline", "Gadget Barn", "Open Shelf Books", "Trailhead Outfitters", "Parcel Plaza"),
    "entertainment": ("Odeon Nine", "City Arena", "Bowl and Brew", "Museum Pass"),
    "travel": ("Skyline Air", "Hotel Meridian", "Coastal Rail", "Roam Rentals"),
    "fees": ("Bank fee",),
    "gifts": ("Flower Cart", "Giftwell", "Community Fund"),
    "taxes": ("County treasurer",),
    "other": ("Post office", "Laundry Lane", "Pet Pals", "Hardware Hall"),
}  # fmt: skip
ONE_OFF = ("Nightfall Online", "QX Traders", "Import Direct 24", "Lucky Parcel", "Zenith Web Shop", "Metro Kiosk 88")
NAMES = (*(name for names in BY_CATEGORY.values() for name in names), *ONE_OFF)
SPREAD = 0.9  # of a household's visits over the merchants of a category, in places from its favourite


def merchant(category: str, index: int = 0) -> int:
    """Position of a merchant in NAMES."""
    return first(category) + index


def first(category: str) -> int:
    """Position of a category's first merchant."""
    position = 0
    for name, names in BY_CATEGORY.items():
        if name == category:
            return position
        position += len(names)
    raise KeyError(category)


def visited(random: np.random.Generator, category: str, user: Positions) -> Positions:
    """A household goes to its favourite most of the time."""
    count = len(BY_CATEGORY[category])
    place = random.exponential(SPREAD, len(user)).astype(np.int64)
    favourite = (user * 2654435761 + first(category)) % count  # Knuth's multiplicative hash
    return np.asarray(first(category) + (favourite + place) % count, dtype=np.int64)


def one_off(random: np.random.Generator, size: int) -> Positions:
    """A merchant that is rarely seen twice."""
    return np.asarray(len(NAMES) - 1 - random.integers(0, len(ONE_OFF), size), dtype=np.int64)
