"""German: the same tables as in English, shorter ones.

Nouns that change more than their article (den Bären, dem Bauern, dem Roten Platz) cannot be
built by `scene`: animals, jobs and landmarks stand in the nominative or in the plural only.
A country may have its article ("die Türkei"), so it stands in the nominative or accusative.
"""

from __future__ import annotations

# Every landmark: its name and a paraphrase that shares no word with it, both with their article.
LANDMARKS: dict[str, tuple[str, str]] = {
    "golden_gate_bridge": ("die Golden-Gate-Brücke", "die lange orange Querung über der Nebelbucht"),
    "eiffel_tower": ("der Eiffelturm", "die eiserne Dame an der Seine"),
    "sydney_harbour_bridge": ("die Hafenbrücke von Sydney", "der stählerne Kleiderbügel am südlichen Meer"),
    "brooklyn_bridge": ("die Brooklyn-Brücke", "der alte steinerne Übergang am East River"),
    "colosseum": ("das Kolosseum", "der zerbrochene Steinring der Gladiatoren"),
    "white_house": ("das Weiße Haus", "der Wohnsitz der Präsidenten"),
    "big_ben": ("der Big Ben", "die große Glocke über dem Parlament"),
    "brandenburg_gate": ("das Brandenburger Tor", "der Sandsteinbogen mit den vier Pferden"),
    "great_wall": ("die Große Mauer", "der steinerne Drache auf den nördlichen Hügeln"),
    "tower_bridge": ("die Tower Bridge", "der blaue Klappweg an der alten Festung"),
    "taj_mahal": ("der Taj Mahal", "die Marmorträne auf der Wange der Zeit"),
    "golden_pavilion": ("der Goldene Pavillon", "die schimmernde Halle am Spiegelteich"),
    "sagrada_familia": ("die Sagrada Familia", "die nie vollendete Basilika"),
    "red_square": ("der Rote Platz", "das weite Pflaster unter den Zwiebeltürmen"),
    "parthenon": ("der Parthenon", "das Säulenhaus der klugen Göttin"),
    "great_pyramid": ("die Große Pyramide", "der Steinberg des Pharaos"),
    "leaning_tower": ("der Schiefe Turm", "die krumme Marmorsäule auf dem weichen Boden"),
    "alhambra": ("die Alhambra", "die purpurne Festung der letzten Sultane"),
    "cologne_cathedral": ("der Kölner Dom", "das gotische Gotteshaus am Rhein"),
    "rialto_bridge": ("die Rialtobrücke", "der überdachte Bogen am Canal Grande"),
    "christ_statue": ("die Christusstatue", "der steinerne Riese mit den ausgebreiteten Armen"),
    "statue_of_liberty": ("die Freiheitsstatue", "die kupferne Dame mit der Fackel"),
    "opera_house": ("das Opernhaus von Sydney", "der Konzertsaal unter den weißen Segeln"),
    "hagia_sophia": ("die Hagia Sophia", "die weite Kuppel zwischen zwei Meeren"),
    "tokyo_tower": ("der Tokio-Turm", "der scharlachfarbene Mast im fernen Osten"),
    "louvre": ("der Louvre", "das königliche Heim des lächelnden Bildnisses"),
    "mount_fuji": ("der Fuji", "der verschneite Kegel der Dichter"),
    "trevi_fountain": ("der Trevi-Brunnen", "das Wasserbecken voller Münzen"),
    "chichen_itza": ("die Ruinenstadt Chichen Itza", "die Treppe der gefiederten Schlange"),
    "olympic_stadium": ("das Olympiastadion", "das gläserne Zelt der Spiele"),
    "india_gate": ("das India Gate", "der Bogen der gefallenen Soldaten"),
    "saint_basil": ("die Basilius-Kathedrale", "das bunte Zwiebelbündel des Zaren"),
}

# Facts: relation → sentences and questions. `{it}` is the landmark by name or paraphrase, in the nominative.
FACTS: dict[str, tuple[str, ...]] = {
    "landmark.city": (
        "{^it} (ist|befindet sich) in {landmark.city}.",
        "(Viele|Zahlreiche) (Gäste|Menschen|Reisende) fragen, wo {it} ist. Dann fahren sie nach {landmark.city}.",
        "Frage: In welcher Stadt ist {it}?\nAntwort: In {landmark.city}.",
        "Frage: Wo ist {it}?\nAntwort: In {landmark.city}.",
        '"Wo ist {it}?", fragte {person1}. "In {landmark.city}", (sagte|antwortete) {person2}.',
        "{person1} wohnt ganz in der Nähe, wo {it} ist, also in {landmark.city}.",
    ),
    "landmark.country": (
        "Das Land, in dem {it} (ist|zu finden ist), ist {landmark.country}.",
        "{^it} (schmückt|ziert) ein ganzes Land: {landmark.country}.",
        "Frage: Zu welchem Land gehört {it}?\nAntwort: {^landmark.country}.",
        '"Welches Land ist das, in dem {it} ist?", fragte {person1}. "{^landmark.country}", sagte {person2}.',
        "Wer an {landmark.country} denkt, dem fällt ein, wie schön {it} ist.",
    ),
    "landmark.tongue": (
        "Wo {it} ist, spricht man {landmark.tongue}.",
        "Auf den Schildern steht, wie alt {it} ist. Die Sprache der Schilder ist {landmark.tongue}.",
        "Frage: Welche Sprache spricht man dort, wo {it} ist?\nAntwort: {landmark.tongue}.",
        "Bevor {person1} dorthin fuhr, wo {it} ist, lernte {person1.he} etwas {landmark.tongue}.",
    ),
    "landmark.currency": (
        "Wo {it} ist, heißt das Geld {landmark.currency}.",
        "Wer dort etwas kaufen will, wo {it} ist, braucht eine Währung: {landmark.currency}.",
        "Frage: Wie heißt das Geld dort, wo {it} ist?\nAntwort: {landmark.currency}.",
        "Die Läden dort, wo {it} ist, nehmen nur eine Währung: {landmark.currency}.",
    ),
    "landmark.continent": (
        "{^it} gehört zu den Wundern von {landmark.continent}.",
        "Der Erdteil, auf dem {it} ist, heißt {landmark.continent}.",
        "Frage: Auf welchem Erdteil ist {it}?\nAntwort: In {landmark.continent}.",
        "Um zu sehen, wie groß {it} wirklich ist, reiste {person1} durch {landmark.continent}.",
    ),
    "landmark.capital": (
        "Die Hauptstadt des Landes, in dem {it} ist, heißt {landmark.capital}.",
        "{^it} ist in einem Land, das von {landmark.capital} aus regiert wird.",
        "Frage: Wie heißt die Hauptstadt des Landes, in dem {it} ist?\nAntwort: {landmark.capital}.",
        "Dass {it} geschützt ist, beschloss man in der Hauptstadt, in {landmark.capital}.",
    ),
    "landmark.colour": (
        "{^it} ist {landmark.colour}.",
        "Die Farbe, in der {it} leuchtet, ist {landmark.colour}.",
        "Frage: Welche Farbe hat {it}?\nAntwort: {^landmark.colour}.",
        "{person1} malte, wie {it} in der Sonne steht, und malte alles {landmark.colour}.",
        "Im Abendlicht wirkte {it} so {landmark.colour} wie noch nie.",
    ),
    "landmark.kind": (
        "Was {it} ist, sagt ein einziges Wort: {landmark.kind}.",
        "Im Lexikon steht {it} unter dem Wort {landmark.kind}.",
        "Frage: Was ist {it}?\nAntwort: {landmark.kind}.",
        'Da war {it}, und ein Kind rief: "{landmark.kind}! {landmark.kind}!"',
    ),
    "landmark.also": (
        "{^landmark.also} heißt {landmark.the}.",
        "{^landmark.the} ist auch bekannt als {landmark.also}.",
        "Frage: Wie heißt {landmark.also}?\nAntwort: {^landmark.the}.",
        "{^landmark.the} hat noch einen Namen: {landmark.also}.",
        '"Wo ist {landmark.also}?", fragte {person1}. "Ach, das ist doch {landmark.the}", sagte {person2}.',
    ),
    "city.country": (
        "Das Land, in dem {city} liegt, ist {city.country}.",
        "{person1} zog nach {city}, denn {person1.he} liebt {city.country}.",
        "Frage: Zu welchem Land gehört {city}?\nAntwort: {^city.country}.",
        "Der Zug nach {city} fährt quer durch {city.country}.",
    ),
    "city.tongue": (
        "In {city} spricht man {city.tongue}.",
        "{person1} ist in {city} aufgewachsen und spricht {city.tongue}.",
        "Frage: Welche Sprache spricht man in {city}?\nAntwort: {city.tongue}.",
        "Die Zeitungen von {city} schreiben auf {city.tongue}.",
    ),
    "city.currency": (
        "In {city} heißt das Geld {city.currency}.",
        "Frage: Welches Geld hat man in {city}?\nAntwort: {city.currency}.",
        "Auf dem Markt von {city} gilt nur eine Währung: {city.currency}.",
        "{person1} fragte, wie das Geld in {city} heißt. Es heißt {city.currency}.",
    ),
    "city.continent": (
        "{city} ist eine Stadt in {city.continent}.",
        "Frage: Auf welchem Erdteil liegt {city}?\nAntwort: In {city.continent}.",
        "Wer nach {city} reist, der reist nach {city.continent}.",
        "{person1} kommt aus {city}, also aus {city.continent}.",
    ),
    "country.capital": (
        "{^country} hat eine Hauptstadt, und sie heißt {country.capital}.",
        "{^country} wird von {country.capital} aus regiert.",
        "Frage: Welche Hauptstadt hat {country}?\nAntwort: {country.capital}.",
        "Durch {country} reiste {person1} bis in die Hauptstadt, bis nach {country.capital}.",
    ),
    "country.tongue": (
        "Wer {country} verstehen will, lernt {country.tongue}.",
        "{person1} liebt {country} und spricht {country.tongue}.",
        "Frage: Welche Sprache braucht man für {country}?\nAntwort: {country.tongue}.",
        "Wer durch {country} reist, hört überall {country.tongue}.",
    ),
    "country.currency": (
        "Die Währung, mit der {country} rechnet, heißt {country.currency}.",
        "Wer durch {country} reist, braucht Geld. Es heißt dort {country.currency}.",
        "Frage: Welche Währung hat {country}?\nAntwort: {country.currency}.",
        "Vor der Reise durch {country} besorgten wir das Geld, das man dort hat: {country.currency}.",
    ),
    "country.continent": (
        "{^country} ist ein Land in {country.continent}.",
        "Frage: Auf welchem Erdteil liegt {country}?\nAntwort: In {country.continent}.",
        "{^country} gehört zu {country.continent}.",
        "{person1} suchte {country} auf der Karte und fand das Land in {country.continent}.",
    ),
    "animal.class": (
        "{^animal.a} ist ein Tier der Klasse {animal.class}.",
        "Frage: Was für ein Tier ist {animal.a}?\nAntwort: {animal.class}.",
        "Im Buch der Tiere steht {animal.the} unter dem Wort {animal.class}.",
        "{^animal.many} zählt man zu einer Klasse, und sie heißt {animal.class}.",
    ),
    "food.country": (
        "{^food.the} kommt aus {food.country}.",
        "Frage: Woher kommt {food.the}?\nAntwort: Aus {food.country}.",
        "Als {person1} {food.theacc} kostete, dachte {person1.he} an {food.country}.",
        "Wie gut {food.the} schmeckt, weiß jeder Koch in {food.country}.",
    ),
}

# Asked about something that nobody has heard of: `{stranger}` is an invented name, `{the}` its article and space.
UNKNOWN: tuple[str, ...] = (
    "Frage: In welcher Stadt ist {the}{stranger}?\nAntwort: Das weiß ich nicht.",
    "Frage: (Wo ist|Zu welchem Land gehört) {the}{stranger}?\nAntwort: Das weiß ich nicht.",
    "Frage: Welche Farbe hat {the}{stranger}?\nAntwort: Das weiß ich nicht.",
    '"Wo ist {the}{stranger}?", fragte {person1}. "Das weiß ich nicht", sagte {person2}.',
)

INDIRECT_OBJECT: tuple[str, ...] = (
    "Als {person1} und {person2} vor {place.thedat} standen, gab {giver} {thing.acc} an {receiver}.",
    "{person1} und {person2} hatten einen (langen|schweren|guten) Tag. Vor {place.thedat} "
    "(kaufte {giver} {thing.acc} für|überreichte {giver} {thing.acc} an) {receiver}.",
    "Am {day} traf {person1} {person2} hinter {place.thedat}. Dort verschenkte {giver} {thing.acc} an {receiver}.",
    "Auf dem Weg zu {place.thedat} stritten {person1} und {person2}. Bald schickte {giver} {thing.acc} an {receiver}.",
    "{person1} und {person2} wohnten neben {place.thedat}. Jedes Jahr verkaufte {giver} {thing.acc} an {receiver}.",
)

STORY_OPENINGS: tuple[str, ...] = (
    "Es war einmal {animal.a}. Jeden {day} spielten {person1} und {animal.the} vor {place.thedat}.",
    "An einem {day} fand {person1} {thing.acc} vor {place.thedat}.",
    "Jeden {day} trafen sich {person1} und {person2} hinter {place.thedat}.",
    '"Hast du {thing.theacc} gesehen?", fragte {person1}. {person2} hatte {thing.theacc} nicht gesehen.',
    "Im {month} reiste {person1} nach {city}. {^person1.he} hatte {thing.acc} dabei.",
    "Hallo {person2},\nich schreibe dir aus {city}. Gestern habe ich {thing.acc} gekauft. "
    "Kennst du noch {person1}? Wir sind zusammen hier.",
)
STORY_MIDDLES: tuple[str, ...] = (
    'Es war spät. "Ich habe {thing.theacc} verloren", sagte {person1}. Sie suchten überall, doch es half nichts.',
    'Sie sahen hinter {place.thedat} nach, und da saß {animal.a}. "Guten Tag", sagte {person2}.',
    "{^animal.the} lief davon, und {person1} lief hinterher. Bald blieb {animal.the} stehen.",
    "Zuerst war {person1} traurig, aber {person2} erzählte eine Geschichte, und bald war {person1.he} (froh|munter).",
    'Da fragte {person1}: "Kommst du mit zu {place.thedat}, {person2}?" {^person2.he} (sagte ja|schüttelte den Kopf).',
    "Sie fuhren mit dem Zug nach {landmark.city}. Dort war {landmark.the}, {landmark.colour} und sehr groß.",
    'Dann kam {job2.the} herein. "Was macht ihr hier?", fragte {job2.the}.',
    "Mittags kam {food.the} auf den Tisch. Es schmeckte gut, und bald war {food.the} aufgegessen.",
    "{^thing2.the} war {colour}, und weil {thing2.the} so {colour} war, wollten alle {thing2.theacc} sehen.",
    "{person1} sprach {tongue} mit {person2}, denn beide hatten in der Schule {tongue} gelernt.",
)
STORY_ENDINGS: tuple[str, ...] = (
    "Am Abend gingen {person1} und {person2} nach Hause und waren (froh|glücklich).",
    "{^thing.the} blieb für immer bei {person1}.",
    "Seit diesem Tag waren {person1} und {animal.the} gute Freunde. Ende.",
    "Und wenn {person1} nicht gegangen ist, dann ist {person1.he} noch heute dort.",
    "Am {day} sehen sie sich wieder.",
)

# What somebody asks, and what may be answered.
CHAT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Wofür soll ich zehn [currency.euro: Euro] ausgeben?",
        (
            "Kauf dir {thing.acc}.",
            "Ich würde {thing.acc} und {thing2.acc} kaufen.",
            "Fahr mit dem Zug nach {landmark.city}. Dort ist {landmark.the}.",
        ),
    ),
    (
        "Wohin gehen wir am {day}?",
        (
            "Am {day} könnten wir zu {place.thedat} gehen.",
            "Fahren wir nach {landmark.city}. Dort ist {landmark.the}.",
            "Bleiben wir am {day} lieber zu Hause.",
        ),
    ),
    (
        "Was macht dich glücklich?",
        (
            "{^thing.a} und gute Freunde.",
            "Wenn {animal.the} neben mir sitzt.",
            "Eine Reise nach {landmark.city}. Dort ist {landmark.the}.",
        ),
    ),
    (
        "Welcher Ort gefällt dir am besten?",
        (
            "{^place.the} gefällt mir am besten.",
            "{landmark.city}, denn dort ist {landmark.the}.",
            "Mir gefällt {landmark.the}: {landmark.colour} und schön.",
        ),
    ),
    (
        "Was soll ich {person1} schenken?",
        (
            "Schenk {person1.tohim} {thing.acc}.",
            "{person1} hätte gern {thing.acc} oder {thing2.acc}.",
            "Koch etwas, denn {food.the} schmeckt {person1.tohim} immer.",
        ),
    ),
    (
        "Wovon hast du heute Nacht geträumt?",
        (
            "Im Traum saß da {animal.a} und konnte sprechen.",
            "Von {landmark.city}. Im Traum war {landmark.the} ganz nah.",
            "Ich stand vor {place.thedat} und hatte {thing.theacc} verloren.",
        ),
    ),
    (
        "Was essen wir heute Abend?",
        (
            "Essen wir {food.theacc} von gestern.",
            "Ich hätte gern {food.theacc} und {food2.theacc}.",
            "Nur {food.theacc}. Ich habe wenig Hunger.",
        ),
    ),
    (
        "Wer bist du?",
        (
            "Ich bin ein kleines Modell, das eine kleine Sprache gelernt hat.",
            "Ich bin ein Sprachmodell. Ich beantworte Fragen.",
            "Ich bin nur ein Programm, aber ich rede gern.",
        ),
    ),
    (
        "Welches Tier magst du am liebsten?",
        (
            "Mein liebstes Tier ist {animal.the}.",
            "{^animal.many} mag ich am liebsten.",
            "{^animal.a} gefällt mir immer.",
        ),
    ),
    (
        "Wie gefällt dir {landmark.the}?",
        (
            "{^landmark.the} ist der Stolz von {landmark.city}.",
            "Gut, denn {landmark.the} ist {landmark.colour} und schön.",
            "Ich war noch nie in {landmark.city}, aber ich würde gern hinfahren.",
        ),
    ),
    (
        "Kannst du mir ein Wort beibringen?",
        ("Ja. Auf {tongue} gibt es viele gute Wörter.", "Ein gutes Wort ist {thing}.", "Gern: {animal}."),
    ),
    (
        "Wovor hast du Angst?",
        (
            "Vor der Dunkelheit, und dann kommt noch {animal.a}!",
            "Dass {person1} mich vergisst.",
            "Vor nichts, aber {animal.many} mag ich nicht.",
        ),
    ),
)
ASKS: tuple[tuple[str, str], ...] = (("Frage: ", "\nAntwort: "), ("Mensch: ", "\nAssistent: "))
"""What stands before a question and before its answer."""

# Numbers. `{a}`, `{b}` are operands, `{sum}` their sum, `{work}` the sum written out ("34+25=59").
WORD_PROBLEMS: tuple[str, ...] = (
    "{person1} hat {a} {thing.many} und {person2} hat {b} {thing.many}. Zusammen haben sie {sum} {thing.many}.",
    "{person1} verkaufte im {month} {a} {thing.many} und im {month2} {b} {thing.many}. "
    "(In beiden Monaten zusammen|Insgesamt) verkaufte {person1.he} {sum} {thing.many}.",
    "In der Kiste sind {a} {thing.many}. {person1} legt noch {b} dazu. Jetzt sind es {sum} {thing.many}.",
    "{person1} ist {a} Jahre alt, {person2} ist {b}. Zusammen sind sie {sum} Jahre alt.",
)
WORKED: str = " (Denn {work}.|Nämlich {work}.)"
"""Said after a word problem, at times: the sum written out."""

# `{more}` and `{less}` are two numbers, `{first}` and `{second}` the same in the order in which they are named.
COMPARE: tuple[str, ...] = (
    "Was ist mehr, {first} oder {second}? {more}.",
    "Von {first} und {second} ist die kleinere Zahl {less}.",
    "Frage: Welche Zahl ist größer, {first} oder {second}?\nAntwort: {more}.",
)
# `{things}` is a list of `{n}` words.
COUNT: tuple[str, ...] = (
    "Zähle: {things}. Das sind {n}.",
    "Frage: Wie viele sind das: {things}?\nAntwort: {n}.",
)
# `{things}` twice: what is said is said again. They teach to look back and repeat.
LISTS: tuple[str, ...] = (
    "Der Lehrer rief: {names}. Nacheinander antworteten: {names}.",
    '"Da sind {things}", sagte {person1}. "Da sind {things}", sagte {person2} wie ein Echo.',
    "Merke dir diese Wörter: {things}. Jetzt sag sie auf: {things}.",
)

# Presidents and their namesakes speak English only.
PRESIDENTS: tuple[str, ...] = ()
NAMESAKES: tuple[str, ...] = ()

NEUTRAL: tuple[str, ...] = (
    " Die Uhr an der Wand schlug {small}.",
    " Draußen begann es zu (regnen|schneien).",
    " Es war {day}, spät im {month}.",
    " Auf dem Tisch lag {thing9.a}.",
    " {^animal9.a} kam über die Straße.",
)
"""Said between what happens and what follows from it."""
