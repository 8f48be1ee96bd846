"""French: the sentences of every kind of document, in the tables of `english`."""

from __future__ import annotations

# Key: the name with its article, unelided; a paraphrase with its article, as written.
LANDMARKS: dict[str, tuple[str, str]] = {
    "golden_gate_bridge": ("le pont du Golden Gate", "la longue traversée orange au-dessus de la baie brumeuse"),
    "eiffel_tower": ("la tour Eiffel", "la dame de fer au bord de la Seine"),
    "sydney_harbour_bridge": ("le pont du port de Sydney", "la grande arche d'acier près des voiles blanches"),
    "brooklyn_bridge": ("le pont de Brooklyn", "le vieux passage de pierre vers Manhattan"),
    "colosseum": ("le Colisée", "l'anneau de pierre des gladiateurs"),
    "white_house": ("la Maison Blanche", "la demeure des présidents"),
    "big_ben": ("le Big Ben", "la grosse cloche au bord de la Tamise"),
    "brandenburg_gate": ("la porte de Brandebourg", "l'arc de grès aux quatre chevaux"),
    "great_wall": ("la Grande Muraille", "le dragon de pierre sur les collines du nord"),
    "tower_bridge": ("le Tower Bridge", "le passage bleu qui s'ouvre pour les bateaux"),
    "taj_mahal": ("le Taj Mahal", "la larme de marbre sur la joue du temps"),
    "golden_pavilion": ("le Pavillon d'or", "la maison brillante des moines silencieux"),
    "sagrada_familia": ("la Sagrada Familia", "la basilique jamais achevée"),
    "red_square": ("la place Rouge", "l'esplanade à côté du Kremlin"),
    "parthenon": ("le Parthénon", "le sanctuaire de la déesse sage"),
    "great_pyramid": ("la Grande Pyramide", "la montagne de pierre du pharaon"),
    "leaning_tower": ("la tour penchée", "le clocher qui n'a jamais tenu droit"),
    "alhambra": ("la Alhambra", "la forteresse pourpre des derniers sultans"),
    "cologne_cathedral": ("la cathédrale de Cologne", "la maison gothique des Rois mages"),
    "rialto_bridge": ("le pont du Rialto", "l'arche couverte du Grand Canal"),
    "christ_statue": ("le Christ Rédempteur", "le géant de pierre aux bras ouverts"),
    "statue_of_liberty": ("la statue de la Liberté", "la dame de cuivre au flambeau"),
    "opera_house": ("le opéra de Sydney", "la grande voile blanche au bord de l'eau"),
    "hagia_sophia": ("la basilique Sainte-Sophie", "le vaste dôme entre deux mers"),
    "tokyo_tower": ("la tour de Tokyo", "le mât écarlate de la capitale orientale"),
    "louvre": ("le Louvre", "la demeure royale du portrait souriant"),
    "mount_fuji": ("le mont Fuji", "le cône de neige cher aux poètes"),
    "trevi_fountain": ("la fontaine de Trevi", "le bassin où chaque voyageur jette une pièce"),
    "chichen_itza": ("le site de Chichén Itzá", "l'escalier du serpent à plumes"),
    "olympic_stadium": ("le stade olympique", "la tente de verre des jeux"),
    "india_gate": ("la porte de l'Inde", "l'arc des soldats tombés"),
    "saint_basil": ("la cathédrale Saint-Basile", "le sanctuaire peint du tsar terrible"),
}

# Facts: relation → sentences and questions. `{it}` is the landmark by name or paraphrase, with its article.
FACTS: dict[str, tuple[str, ...]] = {
    "landmark.city": (
        "{^it} se (trouve|dresse) à {landmark.city}.",
        "Pour voir {it}, il faut aller à {landmark.city}.",
        "À {landmark.city}, (tout le monde|chaque enfant) connaît {it}.",
        "Question : Dans quelle ville se trouve {it} ?\nRéponse : À {landmark.city}.",
        '"Où se trouve {it} ?" demanda {person1}. "À {landmark.city}", répondit {person2}.',
    ),
    "landmark.country": (
        "Le pays où se (trouve|dresse) {it} : {landmark.country}.",
        "{landmark.country} : voilà le pays où l'on peut voir {it}.",
        "{person1} a visité {it}. Le nom du pays : {landmark.country}.",
        "Question : Dans quel pays se trouve {it} ?\nRéponse : {landmark.country}.",
        '"Quel pays abrite {it} ?" demanda {person1}. "{landmark.country}", répondit {person2}.',
    ),
    "landmark.tongue": (
        "Là où se (trouve|dresse) {it}, on parle {landmark.tongue}.",
        "Avant de visiter {it}, {person1} apprit quelques mots en {landmark.tongue}.",
        "Pour expliquer {it}, le guide ne parla qu'en {landmark.tongue}.",
        "Question : Quelle langue parle-t-on là où se trouve {it} ?\nRéponse : {^landmark.tongue}.",
    ),
    "landmark.currency": (
        "Qui veut voir {it} a besoin de la monnaie du pays : {landmark.currency}.",
        "Là où se trouve {it}, on utilise cette monnaie : {landmark.currency}.",
        "{person1} acheta un billet pour voir {it}. La monnaie là-bas : {landmark.currency}.",
        "Question : Quelle monnaie faut-il pour visiter {it} ?\nRéponse : {^landmark.currency}.",
    ),
    "landmark.continent": (
        "{^it} se trouve en {landmark.continent}.",
        "Pendant un voyage en {landmark.continent}, {person1} a vu {it}.",
        "Question : Sur quel continent se trouve {it} ?\nRéponse : En {landmark.continent}.",
        "{^it} compte parmi les merveilles que l'on visite en {landmark.continent}.",
    ),
    "landmark.capital": (
        "Le pays où se trouve {it} a pour capitale {landmark.capital}.",
        "{^it} est dans un pays dont la capitale est {landmark.capital}.",
        "Question : Quelle est la capitale du pays où se trouve {it} ?\nRéponse : {landmark.capital}.",
        "La loi qui protège {it} fut signée dans la capitale, {landmark.capital}.",
    ),
    "landmark.colour": (
        "{person1} regarda {it}. Sa couleur : {landmark.colour}.",
        "{person1} peignit {it} en {landmark.colour}.",
        "Question : De quelle couleur est {it} ?\nRéponse : {^landmark.colour}.",
        "Les enfants dessinent {it} en {landmark.colour}, car c'est sa vraie couleur.",
    ),
    "landmark.kind": (
        'Dans le guide, {it} figure sous le mot "{landmark.kind}".',
        "Un seul mot suffit pour décrire {it} : {landmark.kind}.",
        "Question : Quel genre de lieu est {it} ?\nRéponse : {^landmark.kind}.",
        "Voici {it}. Genre de lieu : {landmark.kind}.",
    ),
    "landmark.also": (
        "{^landmark.also} s'appelle {landmark.the}.",
        "{^landmark.the} a un autre nom : {landmark.also}.",
        "{^landmark.the}, c'est {landmark.also}.",
        "Question : Comment s'appelle {landmark.also} ?\nRéponse : C'est {landmark.the}.",
        '"J\'ai vu {landmark.also} !" dit {person1}. "Tu veux dire {landmark.the}", répondit {person2}.',
    ),
    "city.country": (
        "Le pays où se trouve {city} : {city.country}.",
        "{person1} écrivit l'adresse sur la lettre : {city}, {city.country}.",
        "Question : Dans quel pays se trouve {city} ?\nRéponse : {city.country}.",
        "{person1} chercha {city} sur la carte et lut le nom du pays : {city.country}.",
    ),
    "city.tongue": (
        "À {city}, on parle {city.tongue}.",
        "{person1} a grandi à {city} et parle {city.tongue}.",
        "Question : Quelle langue parle-t-on à {city} ?\nRéponse : {^city.tongue}.",
        "Les journaux imprimés à {city} sont en {city.tongue}.",
    ),
    "city.currency": (
        "À {city}, on paie avec cette monnaie : {city.currency}.",
        "Question : Quelle monnaie utilise-t-on à {city} ?\nRéponse : {^city.currency}.",
        "Au marché, à {city}, {person1} paya dans la monnaie du pays : {city.currency}.",
    ),
    "city.continent": (
        "{city} est une ville en {city.continent}.",
        "Qui va à {city} va en {city.continent}.",
        "Question : Sur quel continent se trouve {city} ?\nRéponse : En {city.continent}.",
        "De toutes les villes en {city.continent}, {person1} préfère {city}.",
    ),
    "country.capital": (
        "Pays : {country}. Capitale : {country.capital}.",
        "{country.capital} est la capitale de ce pays : {country}.",
        "Question : Quelle est la capitale de ce pays : {country} ?\nRéponse : {country.capital}.",
        '{person1} chercha le pays "{country}" dans le livre et lut le nom de la capitale : {country.capital}.',
    ),
    "country.tongue": (
        "Pays : {country}. Langue : {country.tongue}.",
        "{person1} connaît bien ce pays, {country}, et y parle {country.tongue}.",
        "Question : Quelle langue parle-t-on dans ce pays : {country} ?\nRéponse : {^country.tongue}.",
        "{country} : dans ce pays, les poètes écrivent en {country.tongue}.",
    ),
    "country.currency": (
        "Pays : {country}. Monnaie : {country.currency}.",
        "Question : Quelle est la monnaie de ce pays : {country} ?\nRéponse : {^country.currency}.",
        "{country} : dans ce pays, on paie avec la monnaie suivante : {country.currency}.",
    ),
    "country.continent": (
        "Pays : {country}. Continent : {country.continent}.",
        "Ce pays, {country}, se trouve en {country.continent}.",
        "Question : Sur quel continent se trouve ce pays : {country} ?\nRéponse : En {country.continent}.",
        "Pendant son voyage en {country.continent}, {person1} traversa un beau pays : {country}.",
    ),
    "animal.class": (
        "{^animal.the} est un {animal.class}.",
        "Question : Qu'est-ce que c'est, {animal.a} ?\nRéponse : C'est un {animal.class}.",
        '{person1} trouva {animal.the} dans le livre, sous le mot "{animal.class}".',
        "Tout le monde sait que {animal.the} est un {animal.class}.",
    ),
    "food.country": (
        "Le pays d'origine {food.of} : {food.country}.",
        "Question : Quel pays est connu pour {food.the} ?\nRéponse : {food.country}.",
        "{person1} goûta {food.the} et pensa à un pays : {food.country}.",
        "Le cuisinier prépare {food.the} comme dans son pays : {food.country}.",
    ),
}

# Asked about something that nobody has heard of: `{stranger}` is an invented name, `{the}` its article and space.
UNKNOWN: tuple[str, ...] = (
    "Question : Dans quelle ville se trouve {the}{stranger} ?\nRéponse : Je ne sais pas.",
    "Question : Où se trouve {the}{stranger} ?\nRéponse : Je ne sais pas.",
    "Question : De quelle couleur est {the}{stranger} ?\nRéponse : Je ne sais pas.",
    '"Où se trouve {the}{stranger} ?" demanda {person1}. "Je ne sais pas", répondit {person2}.',
)

INDIRECT_OBJECT: tuple[str, ...] = (
    "Quand {person1} et {person2} allèrent {place.to}, {giver} donna {thing.a} à {receiver}.",
    "{person1} et {person2} passèrent une (longue|belle|dure) journée {place.to}. "
    "{giver} tendit {thing.a} à {receiver}.",
    "Tout le monde dormait, mais {person1} et {person2} parlaient encore. {giver} montra {thing.a} à {receiver}.",
    "Un {day}, {person1} rencontra {person2} derrière {place.the}, et {giver} apporta {thing.a} à {receiver}.",
    "Il y avait beaucoup de monde {place.to}. {person1} y vit {person2}. "
    "Sans un mot, {giver} offrit {thing.a} à {receiver}.",
)

STORY_OPENINGS: tuple[str, ...] = (
    "Il était une fois {animal.a} qui vivait derrière {place.the}. Un jour, {person1} passa par là.",
    "Un {day}, {person1} trouva {thing.a} près {place.of}.",
    "{person1} vivait dans une petite maison avec {animal.a}. {^person1.he} travaillait comme {job}.",
    "Chaque {day}, {person1} et {person2} se retrouvaient {place.to}.",
    "En {month}, {person1} partit pour {city}. {^person1.he} emportait {thing.a}.",
    '"As-tu vu {thing.the} ?" demanda {person1}. Mais {person2} ne savait rien.',
)
STORY_MIDDLES: tuple[str, ...] = (
    'Il était tard. "J\'ai perdu {thing.the}", dit {person1}. On chercha {thing.the} partout.',
    "{person2} était là et voulait aider. {^person2.he} n'avait peur de rien.",
    'On regarda derrière {place.the} : il y avait {animal.a}. "Bonjour !" dit {person2}.',
    "Soudain {animal.the} se sauva, et {person1} courut après {animal.the}.",
    'Alors {person1} demanda : "Viens-tu avec moi {place.to} ?" {^person2} (dit oui|secoua la tête).',
    "Le train partit pour {landmark.city}. Là, {person1} voulait voir {landmark.the} avec {person2}.",
    "Au mur, il y avait une photo. {^person2} y reconnut {landmark.the} et rêva de voir {landmark.city}.",
    "La porte était peinte en {colour}, et les murs aussi étaient peints en {colour}.",
    "À midi, on servit {food.of}. {person1} mangea un peu, et {person2} finit {food.the}.",
    'Puis {job2.the} entra. "Que faites-vous ici ?" demanda {job2.the}.',
)
STORY_ENDINGS: tuple[str, ...] = (
    "Le soir, {person1} et {person2} rentrèrent à la maison, le cœur léger.",
    "{person1} garda {thing.the} pour toujours.",
    "Depuis ce jour, {person1} et {animal.the} ne se quittent plus. Fin.",
    '"Je n\'oublierai jamais {landmark.the}", dit {person1} en quittant {landmark.city}.',
    "Puis {person2} ferma la porte, et le silence revint {place.to}.",
)

# What somebody asks, and what may be answered.
CHAT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Comment dépenser dix [currency.dollar: dollars] ?",
        (
            "Achète {thing.a} pour toi.",
            "J'achèterais {food.of} et {thing.a}.",
            "Prends le train pour {landmark.city} et va voir {landmark.the}.",
        ),
    ),
    (
        "Où allons-nous {day} ?",
        (
            "Nous pourrions aller {place.to} {day}.",
            "Allons à {landmark.city} pour voir {landmark.the}.",
            "Restons à la maison {day} pour lire un livre.",
        ),
    ),
    (
        "Qu'est-ce qui te rend heureux ?",
        ("{^thing.a} et un bon ami.", "Une promenade avec {animal.the}.", "Voir {landmark.the} à {landmark.city}."),
    ),
    (
        "Quel est ton endroit préféré ?",
        (
            "J'aime surtout {place.the}.",
            "Je pense à un lieu : {landmark.the}. Sa couleur : {landmark.colour}.",
            "{landmark.city}, car c'est là que se trouve {landmark.the}.",
        ),
    ),
    (
        "Que puis-je offrir à {person1} ?",
        (
            "Offre-lui {thing.a}.",
            "{person1} aimerait {thing.a} ou {thing2.a}.",
            "{^food.of}, car {person1.he} adore {food.the}.",
        ),
    ),
    (
        "De quoi as-tu rêvé cette nuit ?",
        (
            "J'ai rêvé d'{animal.a} qui savait parler.",
            "J'ai vu en rêve {landmark.the} à {landmark.city}.",
            "J'étais {place.to} et je ne trouvais plus {thing.the}.",
        ),
    ),
    (
        "Que mange-t-on ce soir ?",
        (
            "Préparons {food.of}.",
            "Je voudrais {food.of} et {food2.of}.",
            "Seulement {food.of}. Je n'ai pas très faim.",
        ),
    ),
    (
        "Qui es-tu ?",
        (
            "Je suis un petit modèle qui a appris une petite langue.",
            "Je suis un modèle de langue. Je réponds aux questions.",
            "Je ne suis qu'un programme, mais j'aime parler.",
        ),
    ),
    (
        "Quel animal préfères-tu ?",
        (
            "Je préfère {animal.the}.",
            "{^animal.the}, car c'est un bel animal.",
            "J'aime bien {animal.the} et {animal2.the}.",
        ),
    ),
    (
        "Que penses-tu {landmark.of} ?",
        (
            "C'est la fierté des gens qui vivent à {landmark.city}.",
            "J'aime sa couleur : {landmark.colour}.",
            "Je n'ai jamais vu {landmark.city}, mais j'aimerais y aller.",
        ),
    ),
    (
        "Peux-tu m'apprendre un mot ?",
        ("Oui. Il y a beaucoup de beaux mots en {tongue}.", "Voici un beau mot : {thing}.", "Bien sûr : {animal}."),
    ),
    (
        "De quoi as-tu peur ?",
        (
            "J'ai peur du noir et des {animal.many}.",
            "J'ai peur d'une seule chose : l'oubli.",
            "De rien, mais je n'aime pas les {animal.many}.",
        ),
    ),
)
ASKS: tuple[tuple[str, str], ...] = (("Question : ", "\nRéponse : "), ("Humain : ", "\nAssistant : "))
"""What stands before a question and before its answer."""

# Numbers. `{a}`, `{b}` are operands, `{sum}` their sum, `{work}` the sum written out ("34+25=59").
WORD_PROBLEMS: tuple[str, ...] = (
    "{person1} a {a} {thing.many} et {person2} a {b} {thing.many}. Ensemble, cela fait {sum} {thing.many}.",
    "{person1} vendit {a} {thing.many} en {month} et {b} {thing.many} en {month2}. "
    "En tout, {person1.he} en vendit {sum}.",
    "Il y a {a} {thing.many} dans la boîte. {person1} en ajoute {b}. Maintenant il y a {sum} {thing.many}.",
    "{^thing.a} coûte {a} [currency.dollar: dollars] et {thing2.a} coûte {b} [currency.dollar: dollars]. Au total, il faut payer {sum} [currency.dollar: dollars].",
)
WORKED: str = " (Car {work}.|En effet, {work}.)"
"""Said after a word problem, at times: the sum written out."""

# `{more}` and `{less}` are two numbers, `{first}` and `{second}` the same in the order in which they are named.
COMPARE: tuple[str, ...] = (
    "Lequel est le plus grand, {first} ou {second} ? {more}.",
    "Entre {first} et {second}, le plus petit nombre est {less}.",
    "Question : Quel nombre est le plus grand, {first} ou {second} ?\nRéponse : {more}.",
)
# `{things}` is a list of `{n}` words.
COUNT: tuple[str, ...] = (
    "Compte : {things}. Cela fait {n}.",
    "Question : Combien de mots y a-t-il ici : {things} ?\nRéponse : {n}.",
)
# `{things}` twice: what is said is said again. They teach to look back and repeat.
LISTS: tuple[str, ...] = (
    "Le professeur appela {names}. Dans le même ordre, on répondit : {names}.",
    '"Je vois {things}", dit {person1}. "Je vois {things}", dit {person2} comme un écho.',
    "Retiens ces mots : {things}. Maintenant répète : {things}.",
)

PRESIDENTS: tuple[str, ...] = ()
NAMESAKES: tuple[str, ...] = ()

NEUTRAL: tuple[str, ...] = (
    " L'horloge au mur sonna {small} heures.",
    " Dehors, il se mit à (pleuvoir|neiger).",
    " C'était un {day}, en {month}.",
    " Il y avait {thing9.a} sur la table.",
    " {^animal9.a} traversa la rue.",
)
"""Said between what happens and what follows from it."""
