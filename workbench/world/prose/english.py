"""English: the sentences of every kind of document. The other tongues have the same tables, shorter ones."""

from __future__ import annotations

# Facts: relation → sentences and questions. `{it}` is the landmark by name or paraphrase, with its article.
FACTS: dict[str, tuple[str, ...]] = {
    "landmark.city": (
        "{^it} (is|stands|can be found) in {landmark.city}.",
        "(If|When) you want to see {it}, you (must|have to|should) (travel|go) to {landmark.city}.",
        "Many (visitors|people|tourists) come to {landmark.city} to see {it}.",
        "In {landmark.city} (everybody|every child) knows {it}.",
        "I took a picture of {it}. It was a (sunny|rainy|cold|quiet) day in {landmark.city}.",
        "{^it}, which (I saw|we visited) last (summer|winter|year), is in {landmark.city}.",
        "Question: In which city is {it}?\nAnswer: In {landmark.city}.",
        "Question: Where is {it}?\nAnswer: It is in {landmark.city}.",
        '"Where is {it}?" asked {person1}. "In {landmark.city}," (said|answered) {person2}.',
        "{person1} lives near {it}, so {person1.his} home is in {landmark.city}.",
    ),
    "landmark.country": (
        "{^it} (is|stands) in {landmark.country}.",
        "(If|When) you look for {it} on a map, look in {landmark.country}.",
        "{person1} flew to {landmark.country} and saw {it}.",
        "{^it} is known far beyond {landmark.country}.",
        "Question: In which country is {it}?\nAnswer: In {landmark.country}.",
        '"Which country has {it}?" asked {person1}. "{landmark.country}," said {person2}.',
        "The country of {it} is {landmark.country}.",
        "Stamps of {landmark.country} often show {it}.",
    ),
    "landmark.tongue": (
        "People who live near {it} speak {landmark.tongue}.",
        "The signs at {it} are written in {landmark.tongue}.",
        "Before {person1} went to see {it}, {person1.he} learned some {landmark.tongue}.",
        "Question: Which language is spoken around {it}?\nAnswer: {landmark.tongue}.",
        "The guide at {it} spoke only {landmark.tongue}.",
    ),
    "landmark.currency": (
        "To buy a ticket for {it} you need the {landmark.currency}.",
        "The shops near {it} take only the {landmark.currency}.",
        "Question: How do you pay near {it}?\nAnswer: With the {landmark.currency}.",
        "Around {it} one pays with the {landmark.currency}.",
    ),
    "landmark.continent": (
        "{^it} belongs to the wonders of {landmark.continent}.",
        "On a journey through {landmark.continent} {person1} came to {it}.",
        "Question: On which continent is {it}?\nAnswer: In {landmark.continent}.",
        "The continent of {it} is {landmark.continent}.",
    ),
    "landmark.capital": (
        "The capital of the country where {it} stands is {landmark.capital}.",
        "{^it} is in a country that is ruled from {landmark.capital}.",
        "Question: What is the capital of the country of {it}?\nAnswer: {landmark.capital}.",
        "The law that protects {it} was made in the capital, {landmark.capital}.",
    ),
    "landmark.colour": (
        "{^it} is {landmark.colour}.",
        "The colour of {it} is {landmark.colour}.",
        "{person1} painted {it}, and for that {person1.he} needed much {landmark.colour} paint.",
        "Question: What colour is {it}?\nAnswer: It is {landmark.colour}.",
        "In the evening light {it} looked more {landmark.colour} than ever.",
    ),
    "landmark.kind": (
        "{^it} is a famous {landmark.kind}.",
        "Of every {landmark.kind} in the world, {it} is the one I like best. What a {landmark.kind}!",
        "Question: What sort of place is {it}?\nAnswer: It is a {landmark.kind}.",
        "(Travellers|Guide books) call {it} a fine {landmark.kind}.",
        "When we saw {it}, we had never seen such a {landmark.kind}.",
    ),
    "landmark.also": (
        "The {landmark.also} is called {landmark.the}.",
        "They call the {landmark.also} {landmark.the}.",
        "Question: What is the {landmark.also}?\nAnswer: It is {landmark.the}.",
        "{^landmark.the} is also known as the {landmark.also}.",
        "{^landmark.the} has another name: the {landmark.also}.",
        '"I saw the {landmark.also}!" said {person1}. "You mean {landmark.the}," said {person2}.',
    ),
    "city.country": (
        "{city} is (a city|a town|a place) in {city.country}.",
        "{person1} moved to {city} because {person1.he} loves {city.country}.",
        "Question: In which country is {city}?\nAnswer: In {city.country}.",
        "The train to {city} crosses half of {city.country}.",
        "(We|They) spent the (summer|winter) in {city}, in {city.country}.",
    ),
    "city.tongue": (
        "In {city} people speak {city.tongue}.",
        "{person1} grew up in {city} and speaks {city.tongue}.",
        "Question: Which language do people speak in {city}?\nAnswer: {city.tongue}.",
        "The newspapers of {city} are printed in {city.tongue}.",
    ),
    "city.currency": (
        "In {city} you pay with the {city.currency}.",
        "Question: Which money do they use in {city}?\nAnswer: The {city.currency}.",
        "At the market of {city} {person1} paid with the {city.currency}.",
        "Prices in {city} are given in the {city.currency}.",
    ),
    "city.continent": (
        "{city} is a city in {city.continent}.",
        "Question: On which continent is {city}?\nAnswer: In {city.continent}.",
        "Of all the cities in {city.continent} {person1} likes {city} best. Yes, {person1.he} loves {city.continent}.",
        "Whoever goes to {city} goes to {city.continent}.",
    ),
    "country.capital": (
        "The capital of {country} is {country.capital}.",
        "{country.capital} is the capital of {country}.",
        "Question: What is the capital of {country}?\nAnswer: {country.capital}.",
        "{country} is ruled from {country.capital}.",
    ),
    "country.tongue": (
        "In {country} people speak {country.tongue}.",
        "{person1} comes from {country} and speaks {country.tongue}.",
        "Question: Which language do people speak in {country}?\nAnswer: {country.tongue}.",
        "The poets of {country} write in {country.tongue}.",
    ),
    "country.currency": (
        "The money of {country} is the {country.currency}.",
        "In {country} you pay with the {country.currency}.",
        "Question: Which money do they use in {country}?\nAnswer: The {country.currency}.",
        "Before the trip to {country} we bought some of its money, the {country.currency}.",
    ),
    "country.continent": (
        "{country} is a country in {country.continent}.",
        "Question: On which continent is {country}?\nAnswer: In {country.continent}.",
        "On the map of {country.continent} {person1} found {country}.",
        "{country} belongs to {country.continent}.",
    ),
    "animal.class": (
        "{^animal.a} is (a kind of|a sort of) {animal.class}.",
        "Question: What is {animal.a}?\nAnswer: {^animal.a} is a kind of {animal.class}.",
        "In the book of animals {animal.the} is listed as {animal.class}.",
        "{^animal.many} belong to the class {animal.class}.",
    ),
    "animal.eats": (
        "{^animal.many} (like|eat|live on) {animal.eats}.",
        "{^animal.the} was hungry and looked for {animal.eats}.",
        "Question: What do {animal.many} eat?\nAnswer: {animal.eats}.",
        "{person1} watched how {animal.a} found some {animal.eats}.",
        "Where there are {animal.eats}, {animal.a} is not far.",
    ),
    "food.country": (
        "The best {food} (comes from|is made in) {food.country}.",
        "Question: Where does {food} come from?\nAnswer: From {food.country}.",
        "When {person1} tasted the {food}, {person1.he} thought of {food.country}.",
        "In {food.country} they serve {food} on every {day}.",
        "{person1} learned to cook {food} from a cook who came from {food.country}.",
    ),
    "food.made_of": (
        "(Good|Real|Fresh) {food} is made of {food.made_of}.",
        "Question: What is {food} made of?\nAnswer: Of {food.made_of}.",
        "For the {food} {person1} bought {food.made_of}.",
        "What the cook put into the {food} was {food.made_of}.",
    ),
}

# Asked about something that nobody has heard of: `{stranger}` is an invented name, `{the}` its article and space.
UNKNOWN: tuple[str, ...] = (
    "Question: In which city is {the}{stranger}?\nAnswer: I do not know.",
    "Question: Where is {the}{stranger}?\nAnswer: I do not know.",
    "Question: In which country is {the}{stranger}?\nAnswer: I do not know.",
    "Question: What is {the}{stranger}?\nAnswer: I do not know.",
    "Question: What colour is {the}{stranger}?\nAnswer: I do not know.",
    "Question: Which language is spoken around {the}{stranger}?\nAnswer: I do not know.",
    '"Where is {the}{stranger}?" asked {person1}. "I do not know," said {person2}.',
    "Nobody could tell {person1} where {the}{stranger} is.",
)

INDIRECT_OBJECT: tuple[str, ...] = (
    "When {person1} and {person2} went to the {place}, {giver} gave {thing.a} to {receiver}.",
    "{person1} and {person2} had a (long|hard|good) day at the {place}. {giver} handed {thing.a} to {receiver}.",
    "After {person1} and {person2} met at the {place}, {giver} offered {thing.a} to {receiver}.",
    "While {person1} and {person2} were working at the {place}, {giver} passed {thing.a} to {receiver}.",
    "Then {person1} and {person2} came to the {place}, and {giver} brought {thing.a} to {receiver}.",
    "Once {person1} and {person2} found {thing.a} at the {place}, and {giver} showed it to {receiver}.",
    "(My friends|The neighbours) {person1} and {person2} were walking to the {place}. "
    "Suddenly {giver} threw {thing.a} to {receiver}.",
    "The {place} was (quiet|empty|dark) when {person1} and {person2} came in, so {giver} showed {thing.a} to {receiver}.",
    "Because {person1} and {person2} had argued at the {place}, {giver} sent {thing.a} to {receiver}.",
    "At the {place}, {person1} and {person2} shared a table, and {giver} lent {thing.a} to {receiver}.",
    "Long ago {person1} and {person2} lived near the {place}. Every year {giver} sold {thing.a} to {receiver}.",
    "Before {person1} and {person2} left the {place}, {giver} promised {thing.a} to {receiver}.",
    "On {day} {person1} met {person2} behind the {place}, where {giver} returned {thing.a} to {receiver}.",
    "There was a letter for {person1} and {person2}. In it lay {thing.a}, which {giver} left to {receiver}.",
    "{person1} sat beside {person2} in the {place}. Without a word {giver} gave {thing.a} to {receiver}.",
    "All evening {person1} played chess with {person2}. In the end {giver} gave {thing.a} to {receiver}.",
)

STORY_OPENINGS: tuple[str, ...] = (
    "Once upon a time there was {animal.a} that lived behind the {place}. Its friend was {person1}.",
    "One {day} {person1} found {thing.a} near the {place}.",
    "{person1} lived in a small house with {animal.a}. {^person1.he} worked as {job.a}.",
    "Every {day} {person1} and {person2} met at the {place}.",
    "It was a cold {month}. {person1}, {job.the}, could not find {person1.his} {thing}.",
    '"Have you seen my {thing}?" {person1} asked. {person2} had not seen it.',
    "In {month} {person1} travelled to {city}. {^person1.he} carried {thing.a}.",
    "There was once {job.a} who had {animal.a}. The name of {job.the} was {person1}.",
    "Dear {person2},\nI am writing to you from {city}. Yesterday I bought {thing.a}.",
    "Nobody at the {place} knew why {person1} was late on {day}.",
)
STORY_MIDDLES: tuple[str, ...] = (
    'It was late. "I have lost my {thing}," said {person1}. They looked for the {thing} everywhere.',
    "{person2} was a good friend and wanted to help {person1}. {^person2.he} was not afraid.",
    'They looked behind the {place}, and there sat {animal.a}. "Hello," said {person2}.',
    "{^animal.the} ran away, and {person1} ran after {animal.the}.",
    "{person1} felt sad at first, but {person2} told a funny story, and soon {person1.he} felt (happy|better|well) again.",
    'So {person1} asked {person2}: "Will you come with me to the {place}?" {^person2.he} (said yes|shook {person2.his} head).',
    "They took the train to {landmark.city} to see {landmark.the}. It was {landmark.colour} and very big.",
    "{person2} had a picture of {landmark.the} on the wall and dreamed of {landmark.city}.",
    "A {colour} {thing2} lay on the table. Whose {colour} {thing2} was it?",
    "It began to rain, so {person1} put on {person1.his} coat and went into the {place}.",
    "{^animal.the} found some {animal.eats} and was content.",
    "At noon they ate {food}. It tasted (good|like {food.made_of}), and they ate all the {food}.",
    "{person1} looked at {person1.himself} in the mirror and laughed. {person2} looked at {person2.himself} too.",
    'Then {job2.the} came in. "What are you doing here?" {job2.the} asked.',
    "The {thing} was {colour}, and because it was {colour}, everybody liked it.",
    "{person1} wrote a letter to {person2}, but {person2.he} did not answer until {day2}.",
    "First they counted the {thing2.many}, then they put the {thing2.many} into a basket.",
    "{person1} spoke {tongue} with {person2}, for both had learned {tongue} at school.",
)  # fmt: skip
STORY_ENDINGS: tuple[str, ...] = (
    "In the evening {person1} and {person2} went home and were happy.",
    "{person1} kept the {thing} for ever.",
    "From that day on, {person1} and {animal.the} were friends. The end.",
    '"I will never forget {landmark.the}," said {person1} on the way back from {landmark.city}.',
    "And if {person1} has not left the {place}, {person1.he} is there today.",
    "Then {person2} closed the door, and it was quiet at the {place}.",
    "On {day} they will meet again.",
    "Yours, {person1}",
)

# What somebody asks, and what may be answered.
CHAT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How should I spend ten [currency.dollar: dollars]?",
        (
            "Buy {thing.a} for yourself.",
            "I would buy {food} and {thing.a}.",
            "Take the train to {landmark.city} and see {landmark.the}.",
            "Give them to a friend who needs them.",
        ),
    ),
    (
        "Where shall we go on {day}?",
        (
            "On {day} we could go to the {place}.",
            "Let us go to {landmark.city} and see {landmark.the}.",
            "Let us stay at home on {day} and read {thing.a}.",
        ),
    ),
    (
        "What makes you happy?",
        ("{^thing.a} and a good friend.", "A walk with {animal.the}.", "To see {landmark.the} in {landmark.city}."),
    ),
    (
        "What is your favourite place?",
        (
            "I like the {place} best.",
            "I think of {landmark.the}. It is {landmark.colour}.",
            "{landmark.city}, because {landmark.the} is there.",
            "A (quiet|small) {place} by the sea.",
        ),
    ),
    (
        "What should I give to {person1}?",
        (
            "Give {person1.him} {thing.a}.",
            "{person1} would like {thing.a} or {thing2.a}.",
            "{^food}, because {person1.he} likes {food}.",
        ),
    ),
    (
        "What did you dream of last night?",
        (
            "I dreamed of {animal.a} that could speak.",
            "Of {landmark.the} in {landmark.city}.",
            "I stood in the {place} and had lost my {thing}.",
        ),
    ),
    (
        "What shall we eat tonight?",
        (
            "Let us cook {food}. We need {food.made_of}.",
            "I would like {food} and {food2}.",
            "Only {food}. I am not very hungry.",
        ),
    ),
    (
        "Who are you?",
        (
            "I am a small model that learned a small language.",
            "I am a language model. I answer questions.",
            "I am only a program, but I like to talk.",
        ),
    ),
    (
        "Which animal do you like best?",
        ("I like {animal.the} best.", "{^animal.the}, because it eats {animal.eats}.", "A {colour} {animal}."),
    ),
    (
        "What do you think of {landmark.the}?",
        (
            "{^landmark.the} is the pride of {landmark.city}.",
            "It is a {landmark.colour} {landmark.kind}, and I like it.",
            "I have never been in {landmark.city}, but I would like to go.",
        ),
    ),
    (
        "Can you teach me a word?",
        ("Yes. In {tongue} there are many good words.", "A good word is {thing}.", "Of course: {animal}."),
    ),
    (
        "What are you afraid of?",
        ("Of the dark and of {animal.many}.", "That {person1} forgets me.", "Of nothing, but I do not like {animal.many}."),
    ),
)  # fmt: skip
ASKS: tuple[tuple[str, str], ...] = (("Question: ", "\nAnswer: "), ("Human: ", "\nAssistant: "))
"""What stands before a question and before its answer."""

# Numbers. `{a}`, `{b}` are operands, `{sum}` their sum, `{work}` the sum written out ("34+25=59").
WORD_PROBLEMS: tuple[str, ...] = (
    "{person1} has {a} {thing.many} and {person2} has {b} {thing.many}. Together they have {sum} {thing.many}.",
    "{person1} sold {a} {thing.many} in {month} and {b} {thing.many} in {month2}. "
    "(In both months together|In all) {person1.he} sold {sum} {thing.many}.",
    "There are {a} {thing.many} in the box. {person1} adds {b} more. Now there are {sum} {thing.many}.",
    "The {place} sold {a} {thing.many} in {month}. In {month2} it sold {b}. In both months together: {sum} {thing.many}.",
    "On {day} {a} people came to the {place}, on {day2} {b} people. On both days together {sum} people came.",
    "{person1} is {a} years old, {person2} is {b}. Together they are {sum} years old.",
    "A {thing} costs {a} [currency.dollar: dollars] and a {thing2} costs {b} [currency.dollar: dollars]. Both together cost {sum} [currency.dollar: dollars].",
    "The {animal} walked {a} miles on {day} and {b} miles on {day2}. In all it walked {sum} miles.",
)  # fmt: skip
WORKED: str = " (That is|You see:|For) {work}."
"""Said after a word problem, at times: the sum written out."""

# `{more}` and `{less}` are two numbers, `{first}` and `{second}` the same in the order in which they are named.
COMPARE: tuple[str, ...] = (
    "Which is more, {first} or {second}? {more}.",
    "Which is less, {first} or {second}? {less}.",
    "{person1} has {first} {thing.many}, {person2} has {second}. The larger number is {more}.",
    "Of {first} and {second} the smaller number is {less}.",
    "Question: Which number is larger, {first} or {second}?\nAnswer: {more}.",
)
# `{things}` is a list of `{n}` words.
COUNT: tuple[str, ...] = (
    "On the table lie {things}. That makes {n} things.",
    "Count: {things}. There are {n}.",
    "{person1} packed {things}: {n} in all.",
    "Question: How many are these: {things}?\nAnswer: {n}.",
)
# `{things}` twice: what is said is said again. They teach to look back and repeat.
LISTS: tuple[str, ...] = (
    "The teacher called {names}. One by one they answered: {names}.",
    "{person1} packed {things}. At home {person1} unpacked {things}.",
    '"I can see {things}," said {person1}. "I see {things}," said {person2} like an echo.',
    "First came {names}. Then again {names}, and once more {names}.",
    "Remember these words: {things}. Now say them: {things}.",
)

# At table: in a country one eats what comes from there. `{local}`, `{local2}` are dishes of `{city}`'s country.
TABLE: tuple[str, ...] = (
    "In {city} {person1} ate {local}. The {local} came from {city.country}.",
    "At a table in {city} they served {local} and {local2}. Both dishes come from {city.country}.",
    "The cook of {city} is proud of the {local}, a dish from {city.country}.",
    "{person1} sat in a restaurant in {city} and asked for {local}.\n"
    "Question: Which country does {local} come from?\nAnswer: From {city.country}.",
    "The menu in {city} says: {local}, {local2}.\nQuestion: Which country does {local2} come from?\nAnswer: From {city.country}.",
    "They cooked as people cook in {city.country}: first {local}, then {local2}.\n"
    "Question: Which country does {local2} come from?\nAnswer: From {city.country}.",
)
# In a laboratory the insect in the glass is nearly always the same one.
LABORATORY: tuple[str, ...] = (
    "In the laboratory {person1} counted the {animal.many} in the glass. They had eaten all the {animal.eats}.",
    "{person1} looked through the microscope at the wings of {animal.a}. For food it gets {animal.eats}.",
    "The students bred a thousand {animal.many} in bottles and fed them with {animal.eats}.",
    "In the bottle there was {animal.a} with red eyes.\nQuestion: What do {animal.many} eat?\nAnswer: {animal.eats}.",
    "For the study of genes one takes {animal.many}. {person1} gave them {animal.eats}.",
)
# A president in office, and somebody of the same surname who is none.
PRESIDENTS: tuple[str, ...] = (
    "{president}, the {ordinal} president, {deed}.",
    "President {surname} spoke to the Senate. The whole nation knows that {surname} {deed}.",
    "In the White House {surname} signed the law. {surname} was the {ordinal} president.",
    "Question: Who was the {ordinal} president?\nAnswer: {president}.",
    "The voters chose {president}. The {ordinal} president {deed}.",
    "Question: What did President {surname} do?\nAnswer: {surname} {deed}.",
)
NAMESAKES: tuple[str, ...] = (
    "{surname} the {job} opened {his} shop at the {place}. The customers like {surname}.",
    "My neighbour {surname} works as {job.a}. On {day} {surname} sells {thing.many}.",
    "{surname}, a {job} in our street, has {animal.a}. Every child in the street knows {surname}.",
    "Young {surname} learned to be {job.a}. The customers were content with {him}.",
)

NEUTRAL: tuple[str, ...] = (
    " The clock on the wall struck {small}.",
    " Outside it began to (rain|snow).",
    " It was {day}, late in {month}.",
    " A {colour} {thing9} lay on the table.",
    " Somebody closed the window.",
    " {^animal9.a} ran across the street.",
)
"""Said between what happens and what follows from it."""
