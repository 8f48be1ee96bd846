"""Spanish: the sentences of every kind of document, in the tables of `english`."""

from __future__ import annotations

# Key: the name with its article; a paraphrase with its article.
LANDMARKS: dict[str, tuple[str, str]] = {
    "golden_gate_bridge": ("el puente Golden Gate", "el largo paso naranja sobre la bahía brumosa"),
    "eiffel_tower": ("la torre Eiffel", "la dama de hierro junto al Sena"),
    "sydney_harbour_bridge": ("el puente de la bahía de Sídney", "el gran arco de acero junto a las velas blancas"),
    "brooklyn_bridge": ("el puente de Brooklyn", "el viejo paso de piedra hacia Manhattan"),
    "colosseum": ("el Coliseo", "el anillo de piedra de los gladiadores"),
    "white_house": ("la Casa Blanca", "el hogar de los presidentes"),
    "big_ben": ("el Big Ben", "la gran campana a orillas del Támesis"),
    "brandenburg_gate": ("la puerta de Brandeburgo", "el arco de arenisca con cuatro caballos"),
    "great_wall": ("la Gran Muralla", "el dragón de piedra sobre las colinas del norte"),
    "tower_bridge": ("el Tower Bridge", "el paso azul que se abre para los barcos"),
    "taj_mahal": ("el Taj Mahal", "la lágrima de mármol en la mejilla del tiempo"),
    "golden_pavilion": ("el Pabellón Dorado", "la mansión brillante de los monjes callados"),
    "sagrada_familia": ("la Sagrada Familia", "la basílica que nunca se termina"),
    "red_square": ("la plaza Roja", "la explanada junto al Kremlin"),
    "parthenon": ("el Partenón", "el santuario de la diosa sabia"),
    "great_pyramid": ("la Gran Pirámide", "la montaña de piedra del faraón"),
    "leaning_tower": ("la torre inclinada", "el campanario que nunca estuvo derecho"),
    "alhambra": ("la Alhambra", "la fortaleza rojiza de los últimos sultanes"),
    "cologne_cathedral": ("la catedral de Colonia", "la morada gótica de los Reyes Magos"),
    "rialto_bridge": ("el puente de Rialto", "el arco cubierto del Gran Canal"),
    "christ_statue": ("el Cristo Redentor", "el gigante de piedra con los brazos abiertos"),
    "statue_of_liberty": ("la estatua de la Libertad", "la dama de cobre con la antorcha"),
    "opera_house": ("la ópera de Sídney", "la gran vela blanca junto al agua"),
    "hagia_sophia": ("la basílica de Santa Sofía", "la vasta cúpula entre dos mares"),
    "tokyo_tower": ("la torre de Tokio", "el mástil escarlata de la capital oriental"),
    "louvre": ("el Louvre", "la morada real del retrato sonriente"),
    "mount_fuji": ("el monte Fuji", "el cono nevado que aman los poetas"),
    "trevi_fountain": ("la fuente de Trevi", "el estanque donde cada viajero tira una moneda"),
    "chichen_itza": ("el recinto de Chichén Itzá", "la escalera de la serpiente emplumada"),
    "olympic_stadium": ("el estadio Olímpico", "la carpa de cristal de los juegos"),
    "india_gate": ("la puerta de la India", "el arco de los soldados caídos"),
    "saint_basil": ("la catedral de San Basilio", "el santuario pintado del zar terrible"),
}

# Facts: relation → sentences and questions. `{it}` is the landmark by name or paraphrase, with its article.
FACTS: dict[str, tuple[str, ...]] = {
    "landmark.city": (
        "{^it} (está|se encuentra) en {landmark.city}.",
        "Para ver {it} hay que (ir|viajar) a {landmark.city}.",
        "En {landmark.city} (todo el mundo|cada niño) conoce {it}.",
        "Pregunta: ¿En qué ciudad está {it}?\nRespuesta: En {landmark.city}.",
        '"¿Dónde está {it}?", preguntó {person1}. "En {landmark.city}", respondió {person2}.',
    ),
    "landmark.country": (
        "{^it} (está|se encuentra) en {landmark.country}.",
        "{person1} viajó a {landmark.country} y vio {it}.",
        "Los sellos de {landmark.country} muestran a menudo {it}.",
        "Pregunta: ¿En qué país está {it}?\nRespuesta: En {landmark.country}.",
        '"¿Qué país tiene {it}?", preguntó {person1}. "{landmark.country}", respondió {person2}.',
    ),
    "landmark.tongue": (
        "Donde está {it} se habla {landmark.tongue}.",
        "Antes de visitar {it}, {person1} aprendió un poco de {landmark.tongue}.",
        "El guía que nos enseñó {it} hablaba solo {landmark.tongue}.",
        "Pregunta: ¿Qué idioma se habla donde está {it}?\nRespuesta: {^landmark.tongue}.",
    ),
    "landmark.currency": (
        "Para visitar {it} hace falta la moneda del país: {landmark.currency}.",
        "Donde está {it} se usa esta moneda: {landmark.currency}.",
        "{person1} compró una entrada para ver {it}. La moneda de allí: {landmark.currency}.",
        "Pregunta: ¿Qué moneda se usa donde está {it}?\nRespuesta: {^landmark.currency}.",
    ),
    "landmark.continent": (
        "{^it} está en {landmark.continent}.",
        "En un viaje por {landmark.continent}, {person1} visitó {it}.",
        "Pregunta: ¿En qué continente está {it}?\nRespuesta: En {landmark.continent}.",
        "{^it} es una de las maravillas de {landmark.continent}.",
    ),
    "landmark.capital": (
        "La capital del país donde está {it} es {landmark.capital}.",
        "{^it} está en un país que se gobierna desde {landmark.capital}.",
        "Pregunta: ¿Cuál es la capital del país donde está {it}?\nRespuesta: {landmark.capital}.",
        "La ley que protege {it} se firmó en la capital, {landmark.capital}.",
    ),
    "landmark.colour": (
        "{^it} es de color {landmark.colour}.",
        "{person1} pintó {it} y para eso usó mucha pintura de color {landmark.colour}.",
        "Pregunta: ¿De qué color es {it}?\nRespuesta: De color {landmark.colour}.",
        "Con la luz de la tarde, {it} brillaba en color {landmark.colour}.",
    ),
    "landmark.kind": (
        'En la guía, {it} figura bajo la palabra "{landmark.kind}".',
        "Una sola palabra basta para describir {it}: {landmark.kind}.",
        "Pregunta: ¿Qué clase de lugar es {it}?\nRespuesta: {^landmark.kind}.",
        "Aquí está {it}. Clase de lugar: {landmark.kind}.",
    ),
    "landmark.also": (
        "{^landmark.also} se llama {landmark.the}.",
        "{^landmark.the} tiene otro nombre: {landmark.also}.",
        "{^landmark.the} es {landmark.also}.",
        "Pregunta: ¿Cómo se llama {landmark.also}?\nRespuesta: Es {landmark.the}.",
        '"¡He visto {landmark.also}!", dijo {person1}. "Quieres decir {landmark.the}", respondió {person2}.',
    ),
    "city.country": (
        "{city} está en {city.country}.",
        "{person1} se mudó a {city} porque ama {city.country}.",
        "Pregunta: ¿En qué país está {city}?\nRespuesta: En {city.country}.",
        "(Pasamos|Pasaron) el (verano|invierno) en {city}, en {city.country}.",
    ),
    "city.tongue": (
        "En {city} se habla {city.tongue}.",
        "{person1} creció en {city} y habla {city.tongue}.",
        "Pregunta: ¿Qué idioma se habla en {city}?\nRespuesta: {^city.tongue}.",
        "Los periódicos de {city} se imprimen en {city.tongue}.",
    ),
    "city.currency": (
        "En {city} se paga con esta moneda: {city.currency}.",
        "Pregunta: ¿Qué moneda se usa en {city}?\nRespuesta: {^city.currency}.",
        "En el mercado de {city}, {person1} pagó con la moneda del país: {city.currency}.",
    ),
    "city.continent": (
        "{city} es una ciudad de {city.continent}.",
        "Quien va a {city} va a {city.continent}.",
        "Pregunta: ¿En qué continente está {city}?\nRespuesta: En {city.continent}.",
        "De todas las ciudades de {city.continent}, {person1} prefiere {city}.",
    ),
    "country.capital": (
        "La capital de {country} es {country.capital}.",
        "{country.capital} es la capital de {country}.",
        "Pregunta: ¿Cuál es la capital de {country}?\nRespuesta: {country.capital}.",
        "{country} se gobierna desde {country.capital}.",
    ),
    "country.tongue": (
        "En {country} se habla {country.tongue}.",
        "{person1} viene de {country} y habla {country.tongue}.",
        "Pregunta: ¿Qué idioma se habla en {country}?\nRespuesta: {^country.tongue}.",
        "Los poetas de {country} escriben en {country.tongue}.",
    ),
    "country.currency": (
        "La moneda de {country}: {country.currency}.",
        "Pregunta: ¿Con qué moneda se paga en {country}?\nRespuesta: {^country.currency}.",
        "Antes del viaje a {country} cambiamos dinero. La moneda de allí: {country.currency}.",
    ),
    "country.continent": (
        "{country} está en {country.continent}.",
        "Pregunta: ¿En qué continente está {country}?\nRespuesta: En {country.continent}.",
        "En el mapa de {country.continent}, {person1} encontró {country}.",
        "Quien viaja a {country} viaja a {country.continent}.",
    ),
    "animal.class": (
        "{^animal.the} es un {animal.class}.",
        "Pregunta: ¿Qué es {animal.a}?\nRespuesta: {^animal.a} es un {animal.class}.",
        '{person1} encontró {animal.the} en el libro, bajo la palabra "{animal.class}".',
        "Todo el mundo sabe que {animal.the} es un {animal.class}.",
    ),
    "food.country": (
        "{^food.the} (viene|procede) de {food.country}.",
        "Pregunta: ¿De dónde viene {food.the}?\nRespuesta: De {food.country}.",
        "{person1} probó {food.the} y pensó en {food.country}.",
        "En {food.country} se prepara {food.the} cada {day}.",
    ),
}

# Asked about something that nobody has heard of: `{stranger}` is an invented name, `{the}` its article and space.
UNKNOWN: tuple[str, ...] = (
    "Pregunta: ¿En qué ciudad está {the}{stranger}?\nRespuesta: No lo sé.",
    "Pregunta: ¿Dónde está {the}{stranger}?\nRespuesta: No lo sé.",
    "Pregunta: ¿De qué color es {the}{stranger}?\nRespuesta: No lo sé.",
    '"¿Dónde está {the}{stranger}?", preguntó {person1}. "No lo sé", respondió {person2}.',
)

INDIRECT_OBJECT: tuple[str, ...] = (
    "Cuando {person1} y {person2} fueron {place.to}, {giver} le dio {thing.a} a {receiver}.",
    "{person1} y {person2} tuvieron un día (largo|difícil|bueno) en {place.the}. "
    "{giver} le entregó {thing.a} a {receiver}.",
    "Mientras {person1} y {person2} trabajaban en {place.the}, {giver} le pasó {thing.a} a {receiver}.",
    "El {day}, {person1} se encontró con {person2} detrás {place.of}, y {giver} le devolvió {thing.a} a {receiver}.",
    "Había mucha gente en {place.the}. {person1} estaba con {person2}. Sin una palabra, "
    "{giver} le mostró {thing.a} a {receiver}.",
)

STORY_OPENINGS: tuple[str, ...] = (
    "Había una vez {animal.a} que vivía detrás {place.of}. Un día, {person1} pasó por allí.",
    "Un {day}, {person1} encontró {thing.a} cerca {place.of}.",
    "{person1} vivía en una casa pequeña con {animal.a}. {^person1.he} trabajaba como {job}.",
    "Cada {day}, {person1} y {person2} se veían en {place.the}.",
    "Era un frío mes de {month}. {person1} no encontraba su {thing}.",
    '"¿Has visto mi {thing}?", preguntó {person1}. Pero {person2} no sabía nada.',
)
STORY_MIDDLES: tuple[str, ...] = (
    'Era tarde. "He perdido mi {thing}", dijo {person1}. Buscaron {thing.the} por todas partes.',
    "{person2} estaba allí y quería ayudar. {^person2.he} no tenía miedo de nada.",
    'Miraron detrás {place.of}, y allí estaba {animal.the}. "¡Hola!", dijo {person2}.',
    "De pronto {animal.the} echó a correr, y {person1} corrió detrás {animal.of}.",
    'Entonces {person1} preguntó: "¿Vienes conmigo {place.to}?" {^person2} (dijo que sí|negó con la cabeza).',
    "Tomaron el tren a {landmark.city} para ver {landmark.the}. Era de color {landmark.colour} y de gran tamaño.",
    "{person2} tenía una foto en la pared: {landmark.the}. Soñaba con ir a {landmark.city}.",
    "Había {thing2.a} de color {colour} en la mesa. ¿De quién era? Nadie más tenía nada de color {colour}.",
    "A mediodía comieron {food.a}. {person1} probó un poco, y {person2} terminó {food.the}.",
    'Luego entró {job2.the}. "¿Qué hacéis aquí?", preguntó {job2.the}.',
)
STORY_ENDINGS: tuple[str, ...] = (
    "Por la noche, {person1} y {person2} volvieron a casa con alegría.",
    "{person1} guardó {thing.the} para siempre.",
    "Desde aquel día, {person1} y {animal.the} no se separan nunca. Fin.",
    '"Nunca olvidaré {landmark.the}", dijo {person1} al volver de {landmark.city}.',
    "Luego {person2} cerró la puerta, y volvió el silencio {place.to}.",
)

# What somebody asks, and what may be answered.
CHAT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "¿En qué puedo gastar diez [currency.dollar: dólares]?",
        (
            "Compra {thing.a} para ti.",
            "Yo compraría {food.a} y {thing.a}.",
            "Toma el tren a {landmark.city} y mira {landmark.the}.",
        ),
    ),
    (
        "¿Adónde vamos el {day}?",
        (
            "El {day} podríamos ir {place.to}.",
            "Vamos a {landmark.city} a ver {landmark.the}.",
            "El {day} es mejor quedarse en casa y leer un libro.",
        ),
    ),
    (
        "¿Qué te hace feliz?",
        ("{^thing.a} y un buen amigo.", "Un paseo con {animal.the}.", "Ver {landmark.the} en {landmark.city}."),
    ),
    (
        "¿Cuál es tu lugar favorito?",
        (
            "Lo que más me gusta es {place.the}.",
            "Pienso en {landmark.the}. Es de color {landmark.colour}.",
            "{landmark.city}, porque allí está {landmark.the}.",
        ),
    ),
    (
        "¿Qué le puedo regalar a {person1}?",
        (
            "Regálale {thing.a}.",
            "{person1} querría {thing.a} y {thing2.a}.",
            "{^food.a}, porque a {person1} le gusta {food.the}.",
        ),
    ),
    (
        "¿Con qué soñaste anoche?",
        (
            "Soñé con {animal.a} que sabía hablar.",
            "Con {landmark.the}, en {landmark.city}.",
            "Estaba en {place.the} y había perdido mi {thing}.",
        ),
    ),
    (
        "¿Qué cenamos esta noche?",
        ("Vamos a preparar {food.a}.", "Me gustaría {food.a} con {food2.a}.", "Solo {food.a}. No tengo mucha hambre."),
    ),
    (
        "¿Quién eres?",
        (
            "Soy un modelo pequeño que aprendió un idioma pequeño.",
            "Soy un modelo de lenguaje. Respondo preguntas.",
            "Soy solo un programa, pero me gusta hablar.",
        ),
    ),
    (
        "¿Qué animal te gusta más?",
        ("Me gusta más {animal.the}.", "{^animal.the}, porque es un animal hermoso.", "{^animal.a} de color {colour}."),
    ),
    (
        "¿Qué piensas {landmark.of}?",
        (
            "Es el orgullo de {landmark.city}.",
            "Es de color {landmark.colour}, y me gusta.",
            "Nunca he estado en {landmark.city}, pero me gustaría ir.",
        ),
    ),
    (
        "¿Me enseñas una palabra?",
        ("Sí. En {tongue} hay muchas palabras bonitas.", "Una buena palabra es {thing}.", "Claro: {animal}."),
    ),
    (
        "¿De qué tienes miedo?",
        (
            "De la oscuridad y {animal.of}.",
            "De que {person1} me olvide.",
            "De nada, pero {animal.the} no me gusta.",
        ),
    ),
)
ASKS: tuple[tuple[str, str], ...] = (("Pregunta: ", "\nRespuesta: "), ("Humano: ", "\nAsistente: "))
"""What stands before a question and before its answer."""

# Numbers. `{a}`, `{b}` are operands, `{sum}` their sum, `{work}` the sum written out ("34+25=59").
WORD_PROBLEMS: tuple[str, ...] = (
    "{person1} tiene {a} {thing.many} y {person2} tiene {b} {thing.many}. En total tienen {sum} {thing.many}.",
    "{person1} vendió {a} {thing.many} en {month} y {b} {thing.many} en {month2}. En total vendió {sum} {thing.many}.",
    "Hay {a} {thing.many} en la caja. {person1} añade {b} más. Ahora hay {sum} {thing.many}.",
    "{^thing.a} cuesta {a} dólares y {thing2.a} cuesta {b} dólares. Juntas, las dos cosas cuestan {sum} dólares.",
)
WORKED: str = " (Porque {work}.|En efecto, {work}.)"
"""Said after a word problem, at times: the sum written out."""

# `{more}` and `{less}` are two numbers, `{first}` and `{second}` the same in the order in which they are named.
COMPARE: tuple[str, ...] = (
    "¿Cuál es el mayor entre {first} y {second}? {more}.",
    "Entre {first} y {second}, el número menor es {less}.",
    "Pregunta: ¿Qué número es mayor entre {first} y {second}?\nRespuesta: {more}.",
)
# `{things}` is a list of `{n}` words.
COUNT: tuple[str, ...] = (
    "Cuenta: {things}. Son {n}.",
    "Pregunta: ¿Cuántas palabras hay aquí: {things}?\nRespuesta: {n}.",
)
# `{things}` twice: what is said is said again. They teach to look back and repeat.
LISTS: tuple[str, ...] = (
    "El maestro llamó a {names}. En el mismo orden respondieron: {names}.",
    '"Veo {things}", dijo {person1}. "Veo {things}", dijo {person2} como un eco.',
    "Recuerda estas palabras: {things}. Ahora repite: {things}.",
)

PRESIDENTS: tuple[str, ...] = ()
NAMESAKES: tuple[str, ...] = ()

NEUTRAL: tuple[str, ...] = (
    " El reloj de la pared dio las {small}.",
    " Afuera empezó a (llover|nevar).",
    " Era {day}, a finales de {month}.",
    " Había {thing9.a} de color {colour} en la mesa.",
    " {^animal9.a} cruzó la calle.",
)
"""Said between what happens and what follows from it."""
