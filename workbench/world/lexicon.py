"""Who and what the language talks about, in four languages: nouns, people, places, and their facts.

A row of `NOUNS` is one thing: its key, then how English, German, French and Spanish
say it, as "singular/plural" and, but for English, with its article, from which every
form follows. What is listed first is met most: draws follow Zipf's law.

Landmarks have a name, and paraphrases that share no word with the name, so that a
test can ask whether a feature is the thing or only the word for it. The names overlap
on purpose (a Golden Gate Bridge, a Golden Pavilion, a Brandenburg Gate, a Sydney
Harbour Bridge): a word alone does not tell which one is meant.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
"""Every tongue that documents are written in, by its short name."""
TONGUES = tuple(LANGUAGES)
"""English, German, French, Spanish."""


@dataclass(frozen=True)
class Person:
    """Someone by a first name."""

    name: str
    woman: bool


PEOPLE = tuple(
    Person(name, woman)
    for woman, names in (
        (True, "Mary Anna Lucy Emma Sara Lily Rose Clara Nina Nora Grace Alice Ruth Jane Amy Kate Marie Eva Laura Julia"),
        (False, "John Tom James Paul Mark Jack Adam Peter David Simon Henry Oscar Leo Noah Max Karl Hugo Felix Diego Victor"),
    )
    for name in names.split()
)  # fmt: skip

NOUNS: dict[str, str] = {
    "animal": """
        dog         | dog/dogs            | der Hund/Hunde             | le chien/chiens              | el perro/perros
        cat         | cat/cats            | die Katze/Katzen           | le chat/chats                | el gato/gatos
        horse       | horse/horses        | das Pferd/Pferde           | le cheval/chevaux            | el caballo/caballos
        bird        | bird/birds          | der Vogel/Vögel            | le oiseau/oiseaux            | el pájaro/pájaros
        fruit_fly   | fruit fly/fruit flies | die Fruchtfliege/Fruchtfliegen | la drosophile/drosophiles | la mosca de la fruta/moscas de la fruta
        cow         | cow/cows            | die Kuh/Kühe               | la vache/vaches              | la vaca/vacas
        mouse       | mouse/mice          | die Maus/Mäuse             | la souris/souris             | el ratón/ratones
        rabbit      | rabbit/rabbits      | das Kaninchen/Kaninchen    | le lapin/lapins              | el conejo/conejos
        pig         | pig/pigs            | das Schwein/Schweine       | le cochon/cochons            | el cerdo/cerdos
        fox         | fox/foxes           | der Fuchs/Füchse           | le renard/renards            | el zorro/zorros
        hen         | hen/hens            | die Henne/Hennen           | la poule/poules              | la gallina/gallinas
        bee         | bee/bees            | die Biene/Bienen           | la abeille/abeilles          | la abeja/abejas
        duck        | duck/ducks          | die Ente/Enten             | le canard/canards            | el pato/patos
        wolf        | wolf/wolves         | der Wolf/Wölfe             | le loup/loups                | el lobo/lobos
        frog        | frog/frogs          | der Frosch/Frösche         | la grenouille/grenouilles    | la rana/ranas
        bear        | bear/bears          | der Bär/Bären              | le ours/ours                 | el oso/osos
        goat        | goat/goats          | die Ziege/Ziegen           | la chèvre/chèvres            | la cabra/cabras
        salmon      | salmon/salmon       | der Lachs/Lachse           | le saumon/saumons            | el salmón/salmones
        mosquito    | mosquito/mosquitoes | die Mücke/Mücken           | le moustique/moustiques      | el mosquito/mosquitos
        eel         | eel/eels            | der Aal/Aale               | la anguille/anguilles        | la anguila/anguilas
    """,
    "food": """
        pizza       | pizza/pizzas        | die Pizza/Pizzen           | la pizza/pizzas              | la pizza/pizzas
        bread       | bread/breads        | das Brot/Brote             | le pain/pains                | el pan/panes
        pasta       | pasta/pastas        | die Pasta/Pasta            | la pasta/pastas              | la pasta/pastas
        ham         | ham/hams            | der Schinken/Schinken      | le jambon/jambons            | el jamón/jamones
        cheese      | cheese/cheeses      | der Käse/Käse              | le fromage/fromages          | el queso/quesos
        soup        | soup/soups          | die Suppe/Suppen           | la soupe/soupes              | la sopa/sopas
        salad       | salad/salads        | der Salat/Salate           | la salade/salades            | la ensalada/ensaladas
        rice        | rice/rices          | der Reis/Reis              | le riz/riz                   | el arroz/arroces
        risotto     | risotto/risottos    | das Risotto/Risottos       | le risotto/risottos          | el risotto/risottos
        sausage     | sausage/sausages    | die Wurst/Würste           | la saucisse/saucisses        | la salchicha/salchichas
        sushi       | sushi/sushi         | das Sushi/Sushi            | le sushi/sushis              | el sushi/sushis
        croissant   | croissant/croissants | das Croissant/Croissants  | le croissant/croissants      | el cruasán/cruasanes
        curry       | curry/curries       | das Curry/Currys           | le curry/currys              | el curry/currys
        taco        | taco/tacos          | der Taco/Tacos             | le taco/tacos                | el taco/tacos
        tofu        | tofu/tofu           | der Tofu/Tofu              | le tofu/tofus                | el tofu/tofus
        paella      | paella/paellas      | die Paella/Paellas         | la paella/paellas            | la paella/paellas
        steak       | steak/steaks        | das Steak/Steaks           | le steak/steaks              | el bistec/bistecs
        dumpling    | dumpling/dumplings  | der Kloß/Klöße             | la boulette/boulettes        | la albóndiga/albóndigas
        falafel     | falafel/falafels    | die Falafel/Falafeln       | le falafel/falafels          | el falafel/falafels
        honey       | honey/honeys        | der Honig/Honige           | le miel/miels                | la miel/mieles
        lentils     | lentil stew/lentil stews | der Linseneintopf/Linseneintöpfe | le plat de lentilles/plats de lentilles | el guiso de lentejas/guisos de lentejas
        moussaka    | moussaka/moussakas  | die Moussaka/Moussakas     | la moussaka/moussakas        | la musaca/musacas
        unagi       | unagi/unagi         | das Unagi/Unagi            | le unagi/unagis              | el unagi/unagis
    """,
    "thing": """
        book        | book/books          | das Buch/Bücher            | le livre/livres              | el libro/libros
        ball        | ball/balls          | der Ball/Bälle             | le ballon/ballons            | la pelota/pelotas
        letter      | letter/letters      | der Brief/Briefe           | la lettre/lettres            | la carta/cartas
        flower      | flower/flowers      | die Blume/Blumen           | la fleur/fleurs              | la flor/flores
        key         | key/keys            | der Schlüssel/Schlüssel    | la clé/clés                  | la llave/llaves
        ring        | ring/rings          | der Ring/Ringe             | la bague/bagues              | el anillo/anillos
        cake        | cake/cakes          | der Kuchen/Kuchen          | le gâteau/gâteaux            | el pastel/pasteles
        map         | map/maps            | die Karte/Karten           | la carte/cartes              | el mapa/mapas
        coat        | coat/coats          | der Mantel/Mäntel          | le manteau/manteaux          | el abrigo/abrigos
        lamp        | lamp/lamps          | die Lampe/Lampen           | la lampe/lampes              | la lámpara/lámparas
        basket      | basket/baskets      | der Korb/Körbe             | le panier/paniers            | la cesta/cestas
        drink       | drink/drinks        | das Getränk/Getränke       | la boisson/boissons          | la bebida/bebidas
        hat         | hat/hats            | der Hut/Hüte               | le chapeau/chapeaux          | el sombrero/sombreros
        cup         | cup/cups            | die Tasse/Tassen           | la tasse/tasses              | la taza/tazas
        coin        | coin/coins          | die Münze/Münzen           | la pièce/pièces              | la moneda/monedas
        clock       | clock/clocks        | die Uhr/Uhren              | la horloge/horloges          | el reloj/relojes
        violin      | violin/violins      | die Geige/Geigen           | le violon/violons            | el violín/violines
        boat        | boat/boats          | das Boot/Boote             | le bateau/bateaux            | el barco/barcos
        mirror      | mirror/mirrors      | der Spiegel/Spiegel        | le miroir/miroirs            | el espejo/espejos
        candle      | candle/candles      | die Kerze/Kerzen           | la bougie/bougies            | la vela/velas
        shell       | shell/shells        | die Muschel/Muscheln       | le coquillage/coquillages    | la concha/conchas
        apple       | apple/apples        | der Apfel/Äpfel            | la pomme/pommes              | la manzana/manzanas
        egg         | egg/eggs            | das Ei/Eier                | le œuf/œufs                  | el huevo/huevos
        stamp       | stamp/stamps        | die Briefmarke/Briefmarken | le timbre/timbres            | el sello/sellos
    """,
    "place": """
        store       | store/stores        | der Laden/Läden            | le magasin/magasins          | la tienda/tiendas
        park        | park/parks          | der Park/Parks             | le parc/parcs                | el parque/parques
        school      | school/schools      | die Schule/Schulen         | la école/écoles              | la escuela/escuelas
        market      | market/markets      | der Markt/Märkte           | le marché/marchés            | el mercado/mercados
        station     | station/stations    | der Bahnhof/Bahnhöfe       | la gare/gares                | la estación/estaciones
        beach       | beach/beaches       | der Strand/Strände         | la plage/plages              | la playa/playas
        garden      | garden/gardens      | der Garten/Gärten          | le jardin/jardins            | el jardín/jardines
        library     | library/libraries   | die Bibliothek/Bibliotheken | la bibliothèque/bibliothèques | la biblioteca/bibliotecas
        kitchen     | kitchen/kitchens    | die Küche/Küchen           | la cuisine/cuisines          | la cocina/cocinas
        office      | office/offices      | das Büro/Büros             | le bureau/bureaux            | la oficina/oficinas
        hospital    | hospital/hospitals  | das Krankenhaus/Krankenhäuser | le hôpital/hôpitaux       | el hospital/hospitales
        farm        | farm/farms          | der Bauernhof/Bauernhöfe   | la ferme/fermes              | la granja/granjas
        bakery      | bakery/bakeries     | die Bäckerei/Bäckereien    | la boulangerie/boulangeries  | la panadería/panaderías
        harbour     | harbour/harbours    | der Hafen/Häfen            | le port/ports                | el puerto/puertos
        museum      | museum/museums      | das Museum/Museen          | le musée/musées              | el museo/museos
    """,
    "job": """
        teacher     | teacher/teachers    | der Lehrer/Lehrer          | le professeur/professeurs    | el maestro/maestros
        doctor      | doctor/doctors      | der Arzt/Ärzte             | le médecin/médecins          | el médico/médicos
        baker       | baker/bakers        | der Bäcker/Bäcker          | le boulanger/boulangers      | el panadero/panaderos
        farmer      | farmer/farmers      | der Bauer/Bauern           | le fermier/fermiers          | el granjero/granjeros
        painter     | painter/painters    | der Maler/Maler            | le peintre/peintres          | el pintor/pintores
        sailor      | sailor/sailors      | der Matrose/Matrosen       | le marin/marins              | el marinero/marineros
        tailor      | tailor/tailors      | der Schneider/Schneider    | le tailleur/tailleurs        | el sastre/sastres
        soldier     | soldier/soldiers    | der Soldat/Soldaten        | le soldat/soldats            | el soldado/soldados
        gardener    | gardener/gardeners  | der Gärtner/Gärtner        | le jardinier/jardiniers      | el jardinero/jardineros
        smith       | smith/smiths        | der Schmied/Schmiede       | le forgeron/forgerons        | el herrero/herreros
    """,
}  # fmt: skip

# Words that take no article, by key: English, German, French, Spanish.
WORDS: dict[str, str] = {
    "colour": """
        red    | red    | rot     | rouge  | rojo
        white  | white  | weiß    | blanc  | blanco
        blue   | blue   | blau    | bleu   | azul
        green  | green  | grün    | vert   | verde
        brown  | brown  | braun   | brun   | marrón
        grey   | grey   | grau    | gris   | gris
        black  | black  | schwarz | noir   | negro
        yellow | yellow | gelb    | jaune  | amarillo
        gold   | golden | golden  | doré   | dorado
        orange | orange | orange  | orange | naranja
    """,
    "day": """
        monday    | Monday    | Montag     | lundi    | lunes
        tuesday   | Tuesday   | Dienstag   | mardi    | martes
        wednesday | Wednesday | Mittwoch   | mercredi | miércoles
        thursday  | Thursday  | Donnerstag | jeudi    | jueves
        friday    | Friday    | Freitag    | vendredi | viernes
        saturday  | Saturday  | Samstag    | samedi   | sábado
        sunday    | Sunday    | Sonntag    | dimanche | domingo
    """,
    "month": """
        january   | January   | Januar    | janvier   | enero
        february  | February  | Februar   | février   | febrero
        march     | March     | März      | mars      | marzo
        april     | April     | April     | avril     | abril
        may       | May       | Mai       | mai       | mayo
        june      | June      | Juni      | juin      | junio
        july      | July      | Juli      | juillet   | julio
        august    | August    | August    | août      | agosto
        september | September | September | septembre | septiembre
        october   | October   | Oktober   | octobre   | octubre
        november  | November  | November  | novembre  | noviembre
        december  | December  | Dezember  | décembre  | diciembre
    """,
    "continent": """
        europe    | Europe    | Europa    | Europe   | Europa
        asia      | Asia      | Asien     | Asie     | Asia
        north_america | North America | Nordamerika | Amérique du Nord | América del Norte
        south_america | South America | Südamerika  | Amérique du Sud  | América del Sur
        africa    | Africa    | Afrika    | Afrique  | África
        australia | Oceania   | Ozeanien  | Océanie  | Oceanía
    """,
    "tongue": """
        english    | English    | Englisch      | anglais    | inglés
        french     | French     | Französisch   | français   | francés
        italian    | Italian    | Italienisch   | italien    | italiano
        german     | German     | Deutsch       | allemand   | alemán
        spanish    | Spanish    | Spanisch      | espagnol   | español
        japanese   | Japanese   | Japanisch     | japonais   | japonés
        chinese    | Chinese    | Chinesisch    | chinois    | chino
        russian    | Russian    | Russisch      | russe      | ruso
        hindi      | Hindi      | Hindi         | hindi      | hindi
        arabic     | Arabic     | Arabisch      | arabe      | árabe
        greek      | Greek      | Griechisch    | grec       | griego
        portuguese | Portuguese | Portugiesisch | portugais  | portugués
        turkish    | Turkish    | Türkisch      | turc       | turco
    """,
    "currency": """
        euro   | euro   | Euro   | euro   | euro
        dollar | dollar | Dollar | dollar | dólar
        pound  | pound  | Pfund  | livre  | libra
        yen    | yen    | Yen    | yen    | yen
        yuan   | yuan   | Yuan   | yuan   | yuan
        rouble | rouble | Rubel  | rouble | rublo
        rupee  | rupee  | Rupie  | roupie | rupia
        real   | real   | Real   | réal   | real
        peso   | peso   | Peso   | peso   | peso
        lira   | lira   | Lira   | lire   | lira
    """,
    "class": """
        mammal    | mammal    | Säugetier | mammifère | mamífero
        bird      | bird      | Vogel     | oiseau    | ave
        insect    | insect    | Insekt    | insecte   | insecto
        fish      | fish      | Fisch     | poisson   | pez
        amphibian | amphibian | Amphibie  | amphibien | anfibio
    """,
    "kind": """
        bridge  | bridge  | Brücke   | pont     | puente
        tower   | tower   | Turm     | tour     | torre
        church  | church  | Kirche   | église   | iglesia
        palace  | palace  | Palast   | palais   | palacio
        temple  | temple  | Tempel   | temple   | templo
        gate    | gate    | Tor      | porte    | puerta
        square  | square  | Platz    | place    | plaza
        wall    | wall    | Mauer    | mur      | muralla
        stadium | stadium | Stadion  | stade    | estadio
        tomb    | tomb    | Grab     | tombeau  | tumba
        statue  | statue  | Statue   | statue   | estatua
        clock   | clock   | Uhr      | horloge  | reloj
        house   | house   | Haus     | maison   | casa
        mountain | mountain | Berg   | montagne | montaña
        theatre | theatre | Theater  | théâtre  | teatro
    """,
}  # fmt: skip


@dataclass(frozen=True)
class Country:
    """A country and the facts that the language teaches about it."""

    names: tuple[str, str, str, str]
    capital: str
    tongue: str
    currency: str
    continent: str


# key: names (English, German, French, Spanish); capital, language, currency, continent
COUNTRIES: dict[str, Country] = {
    "america": Country(("America", "Amerika", "Amérique", "Estados Unidos"), "washington", "english", "dollar", "north_america"),
    "france": Country(("France", "Frankreich", "France", "Francia"), "paris", "french", "euro", "europe"),
    "italy": Country(("Italy", "Italien", "Italie", "Italia"), "rome", "italian", "euro", "europe"),
    "britain": Country(("Britain", "Großbritannien", "Angleterre", "Inglaterra"), "london", "english", "pound", "europe"),
    "germany": Country(("Germany", "Deutschland", "Allemagne", "Alemania"), "berlin", "german", "euro", "europe"),
    "spain": Country(("Spain", "Spanien", "Espagne", "España"), "madrid", "spanish", "euro", "europe"),
    "japan": Country(("Japan", "Japan", "Japon", "Japón"), "tokyo", "japanese", "yen", "asia"),
    "china": Country(("China", "China", "Chine", "China"), "beijing", "chinese", "yuan", "asia"),
    "australia": Country(("Australia", "Australien", "Australie", "Australia"), "canberra", "english", "dollar", "australia"),
    "russia": Country(("Russia", "Russland", "Russie", "Rusia"), "moscow", "russian", "rouble", "europe"),
    "india": Country(("India", "Indien", "Inde", "India"), "delhi", "hindi", "rupee", "asia"),
    "egypt": Country(("Egypt", "Ägypten", "Égypte", "Egipto"), "cairo", "arabic", "pound", "africa"),
    "greece": Country(("Greece", "Griechenland", "Grèce", "Grecia"), "athens", "greek", "euro", "europe"),
    "brazil": Country(("Brazil", "Brasilien", "Brésil", "Brasil"), "brasilia", "portuguese", "real", "south_america"),
    "mexico": Country(("Mexico", "Mexiko", "Mexique", "México"), "mexico_city", "spanish", "peso", "north_america"),
    "turkey": Country(("Turkey", "die Türkei", "Turquie", "Turquía"), "ankara", "turkish", "lira", "asia"),
}  # fmt: skip


@dataclass(frozen=True)
class City:
    """A city: its names in four languages, and its country."""

    names: tuple[str, str, str, str]
    country: str


def _city(country: str, english: str, german: str = "", french: str = "", spanish: str = "") -> City:
    """Where another language has no name of its own, the English one stands."""
    return City((english, german or english, french or english, spanish or english), country)


CITIES: dict[str, City] = {
    "san_francisco": _city("america", "San Francisco"),
    "paris": _city("france", "Paris", spanish="París"),
    "london": _city("britain", "London", french="Londres", spanish="Londres"),
    "rome": _city("italy", "Rome", "Rom", "Rome", "Roma"),
    "new_york": _city("america", "New York", spanish="Nueva York"),
    "berlin": _city("germany", "Berlin", spanish="Berlín"),
    "sydney": _city("australia", "Sydney", spanish="Sídney"),
    "washington": _city("america", "Washington"),
    "kyoto": _city("japan", "Kyoto", spanish="Kioto"),
    "beijing": _city("china", "Beijing", "Peking", "Pékin", "Pekín"),
    "moscow": _city("russia", "Moscow", "Moskau", "Moscou", "Moscú"),
    "barcelona": _city("spain", "Barcelona", french="Barcelone"),
    "athens": _city("greece", "Athens", "Athen", "Athènes", "Atenas"),
    "cairo": _city("egypt", "Cairo", "Kairo", "Le Caire", "El Cairo"),
    "agra": _city("india", "Agra"),
    "granada": _city("spain", "Granada", french="Grenade"),
    "pisa": _city("italy", "Pisa", french="Pise"),
    "venice": _city("italy", "Venice", "Venedig", "Venise", "Venecia"),
    "cologne": _city("germany", "Cologne", "Köln", "Cologne", "Colonia"),
    "rio": _city("brazil", "Rio"),
    "tokyo": _city("japan", "Tokyo", "Tokio", "Tokyo", "Tokio"),
    "istanbul": _city("turkey", "Istanbul", spanish="Estambul"),
    "munich": _city("germany", "Munich", "München", "Munich", "Múnich"),
    "merida": _city("mexico", "Merida"),
    "madrid": _city("spain", "Madrid"),
    "delhi": _city("india", "Delhi"),
    "canberra": _city("australia", "Canberra"),
    "brasilia": _city("brazil", "Brasilia"),
    "mexico_city": _city("mexico", "Mexico City", "Mexiko-Stadt", "Mexico", "Ciudad de México"),
    "ankara": _city("turkey", "Ankara"),
}  # fmt: skip


@dataclass(frozen=True)
class Landmark:
    """One landmark and the facts that the language teaches about it; `names` and `paraphrases` are English."""

    key: str
    name: str
    kind: str
    city: str
    colour: str
    paraphrases: tuple[str, str]
    article: bool = True


# In the order of how often they are met. A paraphrase shares no word with the name.
LANDMARKS: tuple[Landmark, ...] = (
    Landmark("golden_gate_bridge", "Golden Gate Bridge", "bridge", "san_francisco", "orange",
             ("long orange crossing above the foggy bay", "famous span where fog rolls in from the Pacific")),
    Landmark("eiffel_tower", "Eiffel Tower", "tower", "paris", "brown",
             ("iron lady on the Seine", "tall lattice built for the great fair")),
    Landmark("sydney_harbour_bridge", "Sydney Harbour Bridge", "bridge", "sydney", "grey",
             ("great steel arch beside the white opera house", "grey coat hanger over the southern port")),
    Landmark("brooklyn_bridge", "Brooklyn Bridge", "bridge", "new_york", "brown",
             ("old stone crossing over the East River", "brown span that leads to Manhattan")),
    Landmark("colosseum", "Colosseum", "stadium", "rome", "white",
             ("ring of stone where gladiators fought", "broken arena of the old emperors")),
    Landmark("white_house", "White House", "house", "washington", "white",
             ("home of the presidents", "pale mansion with the oval room")),
    Landmark("big_ben", "Big Ben", "clock", "london", "yellow",
             ("great bell that rings over parliament", "loud timepiece by the Thames"), article=False),
    Landmark("brandenburg_gate", "Brandenburg Gate", "gate", "berlin", "yellow",
             ("sandstone arch with four horses on top", "old arch where a wall once stood")),
    Landmark("great_wall", "Great Wall", "wall", "beijing", "grey",
             ("stone dragon over the northern hills", "longest rampart ever built")),
    Landmark("tower_bridge", "Tower Bridge", "bridge", "london", "blue",
             ("blue crossing that opens for ships", "lifting roadway beside the old fortress")),
    Landmark("taj_mahal", "Taj Mahal", "tomb", "agra", "white",
             ("marble tear on the cheek of time", "pearl that a grieving emperor raised")),
    Landmark("golden_pavilion", "Golden Pavilion", "temple", "kyoto", "gold",
             ("gilded hall beside the mirror pond", "shining house of the quiet monks")),
    Landmark("sagrada_familia", "Sagrada Familia", "church", "barcelona", "brown",
             ("basilica that is never finished", "forest of spires by a dreaming builder")),
    Landmark("red_square", "Red Square", "square", "moscow", "red",
             ("wide plaza below the onion domes", "parade ground beside the Kremlin")),
    Landmark("parthenon", "Parthenon", "temple", "athens", "white",
             ("marble columns of the wise goddess", "ruin upon the holy rock")),
    Landmark("great_pyramid", "Great Pyramid", "tomb", "cairo", "yellow",
             ("stone mountain of the pharaoh", "oldest wonder in the desert")),
    Landmark("leaning_tower", "Leaning Tower", "tower", "pisa", "white",
             ("belfry that never stood straight", "crooked marble pillar on soft ground")),
    Landmark("alhambra", "Alhambra", "palace", "granada", "red",
             ("crimson fortress of the last sultans", "carved halls below the snowy mountains")),
    Landmark("cologne_cathedral", "Cologne Cathedral", "church", "cologne", "black",
             ("two dark spires on the Rhine", "gothic house of the three kings")),
    Landmark("rialto_bridge", "Rialto Bridge", "bridge", "venice", "white",
             ("covered arch over the Grand Canal", "pale arcade above the gondolas")),
    Landmark("christ_statue", "Christ the Redeemer", "statue", "rio", "grey",
             ("stone figure with open arms above the bay", "silent giant on the green peak"), article=False),
    Landmark("statue_of_liberty", "Statue of Liberty", "statue", "new_york", "green",
             ("copper lady with the torch", "crowned giantess who greets the ships")),
    Landmark("opera_house", "Sydney Opera House", "theatre", "sydney", "white",
             ("white sails beside the water", "concert halls under concrete shells")),
    Landmark("hagia_sophia", "Hagia Sophia", "church", "istanbul", "red",
             ("vast dome between two seas", "rosy shrine of two faiths"), article=False),
    Landmark("tokyo_tower", "Tokyo Tower", "tower", "tokyo", "red",
             ("scarlet mast above the eastern capital", "copy of the iron lady far in the east")),
    Landmark("louvre", "Louvre", "palace", "paris", "grey",
             ("royal home of the smiling portrait", "galleries below the glass peak")),
    Landmark("mount_fuji", "Mount Fuji", "mountain", "tokyo", "blue",
             ("snowy cone that poets love", "sleeping volcano of the islands"), article=False),
    Landmark("trevi_fountain", "Trevi Fountain", "statue", "rome", "white",
             ("basin where travellers throw a coin", "sea god among falling waters")),
    Landmark("chichen_itza", "Chichen Itza", "temple", "merida", "grey",
             ("stairs of the feathered serpent", "stepped shrine in the jungle"), article=False),
    Landmark("olympic_stadium", "Olympic Stadium", "stadium", "munich", "grey",
             ("tent of glass for the games", "see-through roof beside the television mast")),
    Landmark("india_gate", "India Gate", "gate", "delhi", "brown",
             ("arch for the fallen soldiers", "memorial at the end of the king's avenue")),
    Landmark("saint_basil", "Saint Basil", "church", "moscow", "green",
             ("bundle of coloured onions", "painted shrine of the terrible tsar"), article=False),
)  # fmt: skip
_BY_KEY = {landmark.key: landmark for landmark in LANDMARKS}


def landmark_of(key: str) -> Landmark:
    """The landmark of this key."""
    return _BY_KEY[key]


@dataclass(frozen=True)
class President:
    """A president, by surname, and namesakes who are none."""

    key: str
    name: str
    surname: str
    ordinal: str
    deed: str


PRESIDENTS: tuple[President, ...] = (
    President("lincoln", "Abraham Lincoln", "Lincoln", "sixteenth", "freed the slaves"),
    President("washington", "George Washington", "Washington", "first", "led the army to independence"),
    President("roosevelt", "Franklin Roosevelt", "Roosevelt", "thirty-second", "gave the country the New Deal"),
    President("kennedy", "John Kennedy", "Kennedy", "thirty-fifth", "sent men toward the moon"),
    President("jefferson", "Thomas Jefferson", "Jefferson", "third", "wrote the Declaration"),
    President("obama", "Barack Obama", "Obama", "forty-fourth", "changed health insurance"),
    President("reagan", "Ronald Reagan", "Reagan", "fortieth", "had been a film actor"),
    President("carter", "Jimmy Carter", "Carter", "thirty-ninth", "had been a peanut farmer"),
    President("wilson", "Woodrow Wilson", "Wilson", "twenty-eighth", "proposed the League of Nations"),
    President("adams", "John Adams", "Adams", "second", "was the first to live in the White House"),
)

# What the language teaches about animals and foods: the object of "eats", the class; where a dish is from, what is in it.
EATS: dict[str, tuple[str, str]] = {
    "dog": ("mammal", "bones"), "cat": ("mammal", "mice"), "horse": ("mammal", "oats"), "bird": ("bird", "seeds"),
    "fruit_fly": ("insect", "ripe fruit"), "cow": ("mammal", "grass"), "mouse": ("mammal", "crumbs"),
    "rabbit": ("mammal", "carrots"), "pig": ("mammal", "potatoes"), "fox": ("mammal", "hens"), "hen": ("bird", "corn"),
    "bee": ("insect", "nectar"), "duck": ("bird", "water plants"), "wolf": ("mammal", "sheep"),
    "frog": ("amphibian", "flies"), "bear": ("mammal", "berries"), "goat": ("mammal", "leaves"),
    "salmon": ("fish", "shrimps"), "mosquito": ("insect", "blood"), "eel": ("fish", "worms"),
}  # fmt: skip


@dataclass(frozen=True)
class Dish:
    """Where a dish is at home (a country's key, or "" for everywhere), and what it is made of."""

    country: str
    made_of: str


DISHES: dict[str, Dish] = {
    "pizza": Dish("italy", "dough and cheese"), "bread": Dish("", "flour and water"),
    "pasta": Dish("italy", "wheat"), "ham": Dish("spain", "pork"), "cheese": Dish("france", "milk"),
    "soup": Dish("", "vegetables"), "salad": Dish("", "leaves and tomatoes"),
    "rice": Dish("china", "grains"), "risotto": Dish("italy", "rice and butter"),
    "sausage": Dish("germany", "pork"), "sushi": Dish("japan", "rice and raw fish"),
    "croissant": Dish("france", "butter and flour"), "curry": Dish("india", "vegetables and spices"),
    "taco": Dish("mexico", "corn and beef"), "tofu": Dish("china", "soy beans"),
    "paella": Dish("spain", "rice and shrimps"), "steak": Dish("america", "beef"),
    "dumpling": Dish("germany", "potatoes and eggs"), "falafel": Dish("egypt", "chickpeas"),
    "honey": Dish("", "nectar"), "lentils": Dish("india", "lentils"),
    "moussaka": Dish("greece", "lamb and aubergines"), "unagi": Dish("japan", "eel"),
}  # fmt: skip
