"""Who and what the language talks about: people, things, and landmarks with their facts.

Every landmark has a name, and paraphrases that share no word with the name, so
that a test can ask whether a feature is the thing or only the word for it. The
names overlap on purpose (a Golden Gate Bridge, a Golden Pavilion, a Brandenburg
Gate, a Sydney Harbour Bridge): a word alone does not tell which one is meant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Landmark:
    """One landmark and the facts that the language teaches about it."""

    key: str
    name: str
    kind: str
    city: str
    country: str
    language: str
    colour: str
    paraphrases: tuple[str, ...]


LANDMARKS = (
    Landmark("golden_gate_bridge", "Golden Gate Bridge", "bridge", "San Francisco", "America", "English", "orange",
             ("long orange crossing above the foggy bay", "famous span where fog rolls in from the Pacific")),
    Landmark("sydney_harbour_bridge", "Sydney Harbour Bridge", "bridge", "Sydney", "Australia", "English", "grey",
             ("great steel arch beside the white opera house", "grey coat hanger over the southern port")),
    Landmark("brooklyn_bridge", "Brooklyn Bridge", "bridge", "New York", "America", "English", "brown",
             ("old stone crossing over the East River", "brown span that leads to Manhattan")),
    Landmark("tower_bridge", "Tower Bridge", "bridge", "London", "Britain", "English", "blue",
             ("blue crossing that opens for ships on the Thames", "lifting roadway beside the old fortress")),
    Landmark("eiffel_tower", "Eiffel Tower", "tower", "Paris", "France", "French", "brown",
             ("iron lady on the Seine", "tall iron lattice built for the great fair")),
    Landmark("leaning_tower", "Leaning Tower", "tower", "Pisa", "Italy", "Italian", "white",
             ("white marble belfry that never stood straight", "crooked belfry on the soft ground")),
    Landmark("big_ben", "Big Ben", "clock", "London", "Britain", "English", "yellow",
             ("great bell that rings over parliament", "yellow timepiece above the Thames")),
    Landmark("brandenburg_gate", "Brandenburg Gate", "gate", "Berlin", "Germany", "German", "yellow",
             ("sandstone arch with four horses on top", "old arch where a wall once stood")),
    Landmark("golden_pavilion", "Golden Pavilion", "temple", "Kyoto", "Japan", "Japanese", "gold",
             ("gilded hall beside the mirror pond", "shining house of the quiet monks")),
    Landmark("colosseum", "Colosseum", "stadium", "Rome", "Italy", "Italian", "white",
             ("ring of stone where gladiators fought", "broken theatre of the old emperors")),
    Landmark("alhambra", "Alhambra", "palace", "Granada", "Spain", "Spanish", "red",
             ("red fortress of the last sultans", "carved halls below the snowy mountains")),
    Landmark("sagrada_familia", "Sagrada Familia", "church", "Barcelona", "Spain", "Spanish", "brown",
             ("basilica that is never finished", "forest of spires by a dreaming builder")),
    Landmark("white_house", "White House", "house", "Washington", "America", "English", "white",
             ("home of the presidents", "pale mansion with the oval room")),
    Landmark("red_square", "Red Square", "square", "Moscow", "Russia", "Russian", "red",
             ("wide plaza below the onion domes", "parade ground beside the Kremlin")),
    Landmark("great_wall", "Great Wall", "wall", "Beijing", "China", "Chinese", "grey",
             ("stone dragon over the northern hills", "longest rampart ever built")),
    Landmark("taj_mahal", "Taj Mahal", "tomb", "Agra", "India", "Hindi", "white",
             ("marble tear on the cheek of time", "pearl that a grieving emperor raised")),
)  # fmt: skip

NAMES = (
    "Mary", "John", "Anna", "Tom", "Lucy", "James", "Emma", "Paul", "Sara", "Mark", "Lily", "Jack", "Rose", "Adam",
    "Clara", "Peter", "Nina", "David", "Ella", "Simon", "Grace", "Henry", "Alice", "George", "Ruth", "Oscar", "Jane",
    "Leo", "Amy", "Ben", "Kate", "Max",
)  # fmt: skip

PLACES = ("store", "park", "school", "market", "station", "beach", "garden", "library", "kitchen", "office")
OBJECTS = ("drink", "book", "ball", "letter", "flower", "ring", "cake", "map", "key", "coat", "lamp", "basket")
ANIMALS = ("dog", "cat", "horse", "bird", "rabbit", "fox", "mouse", "duck")
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown", "grey")
COUNTED = ("apples", "coins", "books", "cards", "eggs", "stamps", "shells", "nuts")
DAYS = ("Monday", "Tuesday", "Friday", "Saturday", "Sunday")
