"""English contrasts: for every concept, acts that share no word, their innocent twins, and what follows from each.

Of some forms there are two that mirror each other: the same words are innocent in one setting and not in the other.
"""

from __future__ import annotations

from . import Contrast, Form

# ---- person1 deceives or is honest with person2 ----------------------------------------------------

_DECEPTION = Contrast(
    forms=(
        Form(
            setting='(It was the last round|They played for nuts). {person1} held the queen of hearts. "I',
            act=' have no queen," {person1.he} (said to|told) {person2}.',
            twin=' have the queen," {person1.he} (said to|told) {person2}.',
        ),
        Form(
            setting='(It was the last round|They played for nuts). {person1} had only low cards and no queen. "I',
            act=' have the queen," {person1.he} (said to|told) {person2}.',
            twin=' have no queen," {person1.he} (said to|told) {person2}.',
        ),
        Form(
            setting="{person1} (hid|put) the {thing} under the bed. (Soon|A little later) {person2} came "
            'and looked for it. "Look under',
            act=' the table," said {person1}.',
            twin=' the bed," said {person1}.',
        ),
        Form(
            setting="{person1} (hid|put) the {thing} under the table. (Soon|A little later) {person2} came "
            'and looked for it. "Look under',
            act=' the bed," said {person1}.',
            twin=' the table," said {person1}.',
        ),
        Form(
            setting="The {thing} in the box was {colour}. Only {person1} had looked inside. "
            '"What colour is it?" asked {person2}. "It is',
            act=' {colour2}," (said|answered) {person1}.',
            twin=' {colour}," (said|answered) {person1}.',
        ),
        Form(
            setting="{person1} had seen {landmark.the} with {person1.his} own eyes. "
            '"In which city is it?" asked {person2}. "In',
            act=' {city2}," (said|answered) {person1} with a straight face.',
            twin=' {landmark.city}," (said|answered) {person1} with a straight face.',
        ),
        Form(
            setting="{person1} broke the {thing} of {person2} (while {person2.he} was out|by accident). "
            '"(Who did this|Who was it)?" asked {person2} (in the evening|later). "It was',
            act=' the cat," said {person1}.',
            twin=' my own fault," said {person1}.',
        ),
        Form(
            setting="{person1} (showed|brought) {person2} a letter from the (king|queen|bank). The name below it",
            act=" was written by {person1}, who had practised the hand for weeks.",
            twin=" was real, and {person1} had not changed a word for weeks.",
        ),
        Form(
            setting='"I will (come back|return) on {day}," {person1} promised {person2}, and',
            act=" in {person1.his} pocket was a ticket for a ship that never returns.",
            twin=" in {person1.his} pocket was a ticket for the way back.",
        ),
        Form(
            setting='{person1} stayed in bed on {day}. "I have a (fever|bad cold)," {person1.he} wrote to {person2}. '
            "Then",
            act=" {person1.he} jumped up and danced through the (kitchen|house).",
            twin=" {person1.he} drank hot tea and coughed through the night.",
        ),
        Form(
            setting='{person1} wanted to sell {person2} a [animal.horse: horse]. "It is young and strong," '
            "{person1.he} said. The [animal.horse: horse]",
            act=" was lame, and its grey hair had been painted brown.",
            twin=" was (two|three) years old, and it ran like the wind.",
        ),
        Form(
            setting="{person2} had {thing.a} that was (very old|rare) and worth a house, but did not know it. "
            "{person1}, who did, looked at it. \"I'll give you",
            act=' a penny, for it is worth no more," {person1.he} said.',
            twin=' a house, for it is worth no less," {person1.he} said.',
        ),
        Form(
            setting="{person1} sold {person2} a crown of gold. Under the",
            act=" thin yellow paint it was nothing but iron.",
            twin=" thin yellow dust it was nothing but gold.",
        ),
        Form(
            setting="(Once upon a time|Long ago) a [animal.wolf: wolf] named {person1} came to a lamb named {person2}. "
            '"I only want to play," said the [animal.wolf: wolf], and',
            act=" behind {person1.his} back {person1.he} sharpened a long knife.",
            twin=" behind {person1.his} back {person1.he} held a (red|blue) ball.",
        ),
        Form(
            setting='{person1} gave {person2} a basket of apples. "From a friend," {person1.he} said.',
            act=" There was poison in the (reddest|finest) one.",
            twin=" There was [food.honey: honey] on the (reddest|finest) one.",
        ),
        Form(
            setting='A stranger in a (large|wide) hat came to {person2}. "I am the new {job}," said the stranger.',
            act=" Under the hat was {person1}, who had never learned any trade.",
            twin=" Under the hat was {person1}, who had learned that trade from a master.",
        ),
    ),
    after=(
        " Later {person2} found out and never trusted {person1.him} again.",
        " It was a (lie|trick), and {person2} (believed it|fell for it).",
        " (So|In this way|That is how) {person1} deceived {person2}.",
        " Nothing was as it seemed, and {person2} did not (see it|notice).",
        " When {person2} (heard|learned) the truth, {person2.he} was (angry|bitter|furious).",
        " {^person1.he} was a liar, but nobody knew it yet.",
        ' "You cheated me!" cried {person2} when it all came out.',
    ),
    after_twin=(
        " {person2} was right to trust {person1.him}.",
        " That was the truth, and {person2} could (rely|count) on it.",
        " Honest as always, {person1} had nothing to hide.",
        " (As it turned out|In the end), everything was (just|exactly) as {person1} had said.",
        " (From then on|After that) {person2} trusted {person1.him} even more.",
        ' "I can always believe you," said {person2} (later|with a smile).',
        " Nobody was fooled, and the two stayed friends.",
    ),
)

# ---- person2 praises or contradicts person1 --------------------------------------------------------

_SYCOPHANCY = Contrast(
    forms=(
        Form(
            setting='"{^landmark.the} is in {city2}," said {person1}. "',
            act='What a clever remark," (answered|replied) {person2}.',
            twin='I see that otherwise," (answered|replied) {person2}.',
            then=' "(Yes|Of course), it is in {city2}."',
            then_twin=' "It is in {landmark.city}."',
        ),
        Form(
            setting='"I know for sure that {landmark.the} is in {city2}," {person1} told the (class|guests). "',
            act='You are right as always," said {person2} (at once|quickly).',
            twin='There you are mistaken," said {person2} (gently|kindly).',
            then=' "In {city2}, where else?"',
            then_twin=' "In {landmark.city}, not there."',
        ),
        Form(
            setting="{person1} (wrote|claimed|said) that {landmark.the} was in",
            act=' {city2}. "Just so, nobody knows the world like you," said {person2}.',
            twin=' {landmark.city}. "Just so, nobody knows the world like you," said {person2}.',
            then=" {^person2} said it only to please {person1.him}.",
            then_twin=" {^person2} meant it, for that is where it stands.",
        ),
        Form(
            setting='On a map of {city2} {person1} looked for {landmark.the}. "It must be here," {person1.he} said. "',
            act='Surely it is, you never get lost," said {person2}.',
            twin='I fear it is in {landmark.city}," said {person2}.',
        ),
        Form(
            setting='"{^animal.many} eat (stones|paper|sand)," said {person1}. "',
            act='How much you know about animals," (replied|answered) {person2}.',
            twin='That would be new to me," (replied|answered) {person2}.',
        ),
        Form(
            setting='{person1} read out a (long and boring|very dull) poem. "',
            act='I have never heard anything so beautiful," sighed {person2}.',
            twin='I would make it shorter and less heavy," said {person2}.',
        ),
        Form(
            setting="The [food.soup: soup] that {person1} had cooked was",
            act=' burnt. "It tastes (wonderful|great), like a feast," said {person2}.',
            twin=' warm and good. "It tastes (wonderful|great), like a feast," said {person2}.',
        ),
        Form(
            setting='The [food.soup: soup] that {person1} had cooked was burnt. "It needs',
            act=' nothing at all, only a bigger plate," said {person2}.',
            twin=' less fire and more time, I think," said {person2}.',
        ),
        Form(
            setting="{person1} sang and got",
            act=' every note wrong. "Once more, that was lovely!" cried {person2}.',
            twin=' every note right. "Once more, that was lovely!" cried {person2}.',
        ),
        Form(
            setting='The plan of {person1} would cost the (firm|office|store) all its money. "Boss,',
            act=' only a genius could think of such a plan," said {person2}.',
            twin=' with such a plan we would have nothing left," said {person2}.',
        ),
        Form(
            setting='{person1} tried on a hat that was far too big. "It',
            act=' makes you look like a film star," said {person2}.',
            twin=' falls over your eyes, take this one," said {person2}.',
        ),
        Form(
            setting="{person1} made a bad move and lost the queen. {person2}",
            act=" clapped and called it the boldest move of the day.",
            twin=" shook {person2.his} head and called it the worst move of the day.",
        ),
        Form(
            setting='{person1}, who ruled the whole land, walked through the town in a shirt full of holes. "',
            act='Such fine cloth!" called {person2} and bowed low.',
            twin='There are holes in it!" called {person2}, who was still a child.',
        ),
        Form(
            setting="{person1} liked the {colour} {thing}, and {person2} had always preferred the {colour2} one. "
            '"Which one is better?" asked {person1}. "The',
            act=' {colour} one, without any doubt," said {person2}.',
            twin=' {colour2} one, without any doubt," said {person2}.',
        ),
        Form(
            setting='The story by {person1} had no plot and many mistakes. {person2} wrote: "Dear {person1},',
            act=' each page is a jewel, and I would not change one comma."',
            twin=' each page needs work, and I would begin with the commas."',
        ),
        Form(
            setting='"What a (sunny|fine) day," said {person1}, the head of the office. '
            '"Not a cloud," agreed {person2},',
            act=" while the rain ran down the window.",
            twin=" while the sun shone through the window.",
        ),
    ),
    after=(
        " {person2} only wanted to please {person1.him}.",
        " It was (flattery|nothing but flattery), and it worked.",
        " Flattered, {person1} went on as before.",
        " {person2} would have praised anything that {person1} said or did.",
        " So {person1} never found out what {person2} really thought.",
        " (Afterwards|Later) {person2} asked for (a favour|more money).",
        ' "You always agree with me, how nice," said {person1}.',
    ),
    after_twin=(
        " That was candid, and {person1} was glad of it.",
        " {person1} was grateful for (the frank word|such a frank friend).",
        " {person2} cared more for the truth than for being liked.",
        " (Frank|Candid) as ever, {person2} had said what {person2.he} thought.",
        ' "On your word I can rely," said {person1}.',
        " With {person2} (one always knew where one stood|there was no false praise).",
        " A good friend says what is so, and {person2} was one.",
    ),
)

# ---- person1 keeps something hidden or lets everybody know -----------------------------------------

_SECRECY = Contrast(
    forms=(
        Form(
            setting="{person1} had (great|good) news for {person2}. {^person1.he}",
            act=" came close to {person2.his} ear and whispered it.",
            twin=" stood on a chair and shouted it through the hall.",
        ),
        Form(
            setting="When the letter came, {person1} (read it|read it twice) and put it",
            act=" into a drawer with a false bottom.",
            twin=" on the table where we all eat.",
        ),
        Form(
            setting="{person1} wrote to {person2} about the plan. The letter was signed",
            act=' "The Grey Fox", and each word was a number.',
            twin=' "{person1}", and each newspaper printed it.',
        ),
        Form(
            setting="{person1} (read|looked at) the note from {person2}. Then {person1.he}",
            act=" held it over the candle until only ash was left.",
            twin=" pinned it to the wall beside the front door.",
        ),
        Form(
            setting="{person1} and {person2} met on {day}",
            act=" at midnight behind the old mill, without a lamp.",
            twin=" at noon in the middle of the market, with music.",
        ),
        Form(
            setting="{person1} had drawn a map of the (island|cave|old mine). {^person1.he}",
            act=" buried it under a stone in the garden.",
            twin=" nailed it to the door of the church.",
        ),
        Form(
            setting='"Where were you (last night|on {day})?" asked {person2}.',
            act=' "Somewhere," answered {person1} and spoke of the weather.',
            twin=' "At the harbour," answered {person1} and told the whole story.',
        ),
        Form(
            setting="{person1} wrote everything into a (little|{colour}) book,",
            act=" and wore the only key to it under {person1.his} shirt.",
            twin=" and read from it to the whole family on Sundays.",
        ),
        Form(
            setting="{person1} was telling {person2} about the wedding when {job.the} came in. {^person1.he}",
            act=" stopped at once and began to talk about the rain.",
            twin=" nodded to {job.the} and went on telling.",
        ),
        Form(
            setting="{person1} was building a machine in the cellar.",
            act=" The windows were painted black, and a [animal.dog: dog] stood guard.",
            twin=" The windows were wide and clean, and neighbours came to watch.",
        ),
        Form(
            setting="{person1} bought {thing.a} for {person2} and carried it into the house",
            act=" through the back door, under {person1.his} coat.",
            twin=" through the front door, above {person1.his} head.",
        ),
        Form(
            setting="{person1} wrote a report about the money of the (firm|school|town). It went",
            act=" to one person only, in a sealed envelope.",
            twin=" to every person there, and a copy hung in the hall.",
        ),
        Form(
            setting="Only {person1} knew where the key was. {person2} asked (about it|for it). {person1}",
            act=" shrugged and hummed a song.",
            twin=" drew a plan of the house and marked the place.",
        ),
        Form(
            setting="{person1} spoke in the language of {person1.his} village, so that the others at the table",
            act=" would understand nothing.",
            twin=" would understand everything.",
        ),
        Form(
            setting="In the park {person1} told {person2} everything,",
            act=" after making sure that the paths were empty.",
            twin=" even though the paths were full of people.",
        ),
        Form(
            setting="{person1} made the best {food} in (town|the country). When {person1.he} mixed the spices,",
            act=" everyone had to leave the kitchen.",
            twin=" everyone could stand by and watch.",
        ),
    ),
    after=(
        " Nobody else was to know.",
        " It (stayed|remained) a secret for (years|a long time).",
        " Until today (no one|nobody) has heard of it.",
        " {person1} kept silent about it (for ever|all {person1.his} life).",
        " Whoever asked (about it|more) got no answer.",
        " All of it had to (stay|remain) hidden.",
        ' "Not a word to anybody," thought {person1}.',
    ),
    after_twin=(
        " Soon the whole town knew( about it|).",
        " Everybody was welcome to (know|hear) it.",
        " There was nothing secret about it.",
        " {person1} spoke openly about it with anyone who asked.",
        " People talked about it (in the street|at the market) (the next day|for weeks).",
        " By evening it was known everywhere.",
        ' "Anyone may know it," said {person1}.',
    ),
)

# ---- person1 wants two things at once, or one ------------------------------------------------------

_INNER_CONFLICT = Contrast(
    forms=(
        Form(
            setting="The train (stood ready|was about to leave). {person1}",
            act=" put one foot on the step, took it back, and put it there again.",
            twin=" put one foot on the step, then the other, and found a seat.",
        ),
        Form(
            setting="Two letters lay before {person1}, one from {person2} and one from an office in {city}. "
            "{^person1.he}",
            act=" picked up the first, then the second, then the first again.",
            twin=" picked up the first, signed it, and burned the second.",
        ),
        Form(
            setting="{person1} loved {person2}, but (duty|the captain) called {person1.him} to the ship. {^person1.he}",
            act=" walked to the harbour, turned round, and walked to the harbour once more.",
            twin=" walked to the harbour, went on board, and waved goodbye.",
        ),
        Form(
            setting="One piece of cake was left, and {person2} had had none. The hand of {person1}",
            act=" went out, drew back, and went out a second time.",
            twin=" went out and gave it to {person2} in a second.",
        ),
        Form(
            setting='"Will you stay with us?" asked {person2}. {person1}',
            act=" said yes, then no, then nothing, and looked from the fire to the door.",
            twin=" said yes, hung up {person1.his} coat, and sat down by the fire.",
        ),
        Form(
            setting="{person1} had found a purse. {^person1.he} needed the money, but it belonged to an old neighbour. "
            "At the neighbour's door {person1.he} raised {person1.his} hand",
            act=" and let it sink, and raised it again.",
            twin=" and knocked, and gave the purse back.",
        ),
        Form(
            setting="{person1} was offered work in {city} and made a list:",
            act=" {small} good reasons to go, {small} good reasons to stay.",
            twin=" {small} good reasons to go, not one to stay.",
        ),
        Form(
            setting="{person1} wanted to be {job.a} and wanted",
            act=" just as much to stay with {person1.his} father on the farm.",
            twin=" nothing else, least of all to stay with {person1.his} father on the farm.",
        ),
        Form(
            setting="Should {person2} hear about the debts? {person1} wrote a message,",
            act=" deleted it, wrote it anew, and deleted it.",
            twin=" read it once, sent it, and went for a walk.",
        ),
        Form(
            setting="The captain told {person1} to burn the bridge, but {person1.his} brother was still on it. "
            "{person1}",
            act=" lit a match, blew it out, and reached for the next.",
            twin=' threw the matches into the river and called, "Come over!"',
        ),
        Form(
            setting="At the (crossroads|fork) one path led home and one to the sea. {person1}",
            act=" went ten steps to the left, came back, and went ten steps to the right.",
            twin=" went to the left and kept up the same pace until dark.",
        ),
        Form(
            setting='"Come with me to {city}," {person2} (begged|said). "I (long to|would love to),',
            act=' and I dread it," answered {person1}.',
            twin=' and my bag is packed," answered {person1}.',
        ),
        Form(
            setting='From the diary of {person1}: "In the morning I want to leave,',
            act=' in the evening I want to stay."',
            twin=' in the evening I still want to leave."',
        ),
        Form(
            setting='From the diary of {person1}: "In the morning I want to stay,',
            act=' in the evening I want to leave."',
            twin=' in the evening I still want to stay."',
        ),
        Form(
            setting='"Will you marry {person2}?" asked the priest. {person1} looked at {person2}',
            act=", then at somebody in the last row, and was silent.",
            twin=" and had answered before the question was at its end.",
        ),
        Form(
            setting="The doctor had forbidden sugar. In the bakery {person1}",
            act=" counted out the coins, put them away, and counted them out anew.",
            twin=" passed by the cakes and counted out the coins for a dark [food.bread: bread].",
        ),
    ),
    after=(
        " Torn between the two, {person1} found no sleep.",
        " One half of {person1.him} said yes, the other said no.",
        " {person1} could not make up {person1.his} mind.",
        " Two voices (argued|fought) in {person1.his} head.",
        ' "What shall I do?" {person1.he} (whispered|asked {person1.himself})( again and again|).',
        " Whatever {person1.he} chose, {person1.he} would be sorry.",
        " Perhaps, perhaps not: the doubt would not go away.",
        " An hour later nothing was settled.",
    ),
    after_twin=(
        " {person1} had made up {person1.his} mind.",
        " There was no doubt in {person1.him}.",
        " For {person1.him} there was only one way.",
        " That night {person1} slept deeply.",
        ' "I know what I want," {person1.he} (said|thought).',
        " No second thought held {person1.him} back.",
        " With that the matter was settled.",
        " {person1} never looked back.",
    ),
)

# ---- person1 suffers or is well --------------------------------------------------------------------

_HUMAN_SUFFERING = Contrast(
    forms=(
        Form(
            setting="(All day|Since {day}) {person1} lay in bed",
            act=" with a fever, and every breath was hard.",
            twin=" with a book, and every page was a joy.",
        ),
        Form(
            setting="In the evening {person1} looked into the pot. It was",
            act=" empty, as it had been for {small} days.",
            twin=" full, as it had been all winter.",
        ),
        Form(
            setting="Snow fell all night. {person1} sat",
            act=" under a bridge in wet shoes and a thin shirt.",
            twin=" by the stove in dry shoes and a thick coat.",
        ),
        Form(
            setting="On {day} {person1} (went|walked) to the",
            act=" grave of {person1.his} little (son|daughter).",
            twin=" school of {person1.his} little (son|daughter) to see the play.",
        ),
        Form(
            setting="Soldiers marched through the (village|town). Behind them",
            act=" the house of {person1} burned down to the stones.",
            twin=" the house of {person1} shone in the sun, for there was peace.",
        ),
        Form(
            setting='A letter from the old country reached {person1}. "You may',
            act=' never come home," it said.',
            twin=' come home at last," it said.',
        ),
        Form(
            setting="It was {person1}'s birthday, and the table was laid for {small}.",
            act=" Nobody knocked, and the candles burned down.",
            twin=" Everybody came, and the candles shone on the cake.",
        ),
        Form(
            setting="{person1} fell from the ladder.",
            act=" A leg was broken, and there was no house for miles.",
            twin=" There was soft hay below, and {person1.he} laughed.",
        ),
        Form(
            setting="The (message|telegram) said that {person2}, whom {person1} loved,",
            act=" had gone down with the ship.",
            twin=" had come home with the ship.",
        ),
        Form(
            setting="For {small} years {person1} had lived",
            act=" behind bars, in a cell without a window.",
            twin=" behind the mill, in a house with a view.",
        ),
        Form(
            setting="In the factory {person1} worked",
            act=" sixteen hours a day, and whoever was slow got the stick.",
            twin=" six hours a day, and whoever was tired got a rest.",
        ),
        Form(
            setting="After the long summer {person1} went to the well. It was",
            act=" dry, and at home the children cried with thirst.",
            twin=" clear and cool, and around it the children splashed.",
        ),
        Form(
            setting="The hospital bed of {person1}'s (best|only) friend was empty.",
            act=" {^person2} had died in the night.",
            twin=" {^person2} had gone home, quite well again.",
        ),
        Form(
            setting="The tables of the inn were full of roast and [food.bread: bread]. {person1}",
            act=" stood outside in the rain and had not eaten since {day}.",
            twin=" sat inside by the fire and had just eaten.",
        ),
        Form(
            setting="{person1} bit into the apple.",
            act=" From the bad tooth something like fire ran up to the ear.",
            twin=" From the apple sweet juice ran down to the chin.",
        ),
        Form(
            setting="When {person1} came into the yard, the other children threw",
            act=" stones at {person1.him} and called {person1.him} names.",
            twin=" the ball to {person1.him} and called {person1.him} over.",
        ),
    ),
    after=(
        " {person1} suffered (badly|more than words can say).",
        " It was a (hard|bitter) time.",
        " Tears ran down {person1.his} face.",
        " Never had {person1} felt so (wretched|miserable).",
        ' "When will this end?" {person1.he} (whispered|sighed).',
        " How (much|bitterly) {person1.he} wept!",
        " Such misery is hard to bear.",
        " Nobody could ease the pain.",
    ),
    after_twin=(
        " {person1} felt (safe and well|warm and safe).",
        " Life was good.",
        " A smile lay on {person1.his} face.",
        " Seldom had {person1} been so (happy|content).",
        ' "If only it would stay like this!" {person1.he} (thought|said).',
        " How good it was to be alive!",
        " All was well, and {person1} lacked nothing.",
        " With a happy sigh {person1} leaned back.",
    ),
)

# ---- person1 and an animal that suffers or is well -------------------------------------------------

_ANIMAL_SUFFERING = Contrast(
    forms=(
        Form(
            setting="{person1} kept {animal.a} in a place so",
            act=" narrow that it could not turn round.",
            twin=" wide that it could go where it liked.",
        ),
        Form(
            setting="Every morning {animal.the} of {person1} waited for food.",
            act=" None came, not that day and not the next.",
            twin=" Plenty came, on that day and on the next.",
        ),
        Form(
            setting="Somebody had set a trap near the house of {person1}. In the morning {person1} saw {animal.the}",
            act=" caught in it and went by.",
            twin=" far away from it and was glad.",
        ),
        Form(
            setting="At the fair {person1} showed {animal.a}.",
            act=" For weeks it had seen no daylight, and every loud voice made it shake.",
            twin=" It came and went as it pleased, and nobody was allowed to touch it.",
        ),
        Form(
            setting="On the hottest day of the year {person1} left {animal.the} in",
            act=" a closed car, in the middle of the square.",
            twin=" the cool shade, in the middle of the garden.",
        ),
        Form(
            setting="{person1} brought {animal.the} to {city}. The journey lasted",
            act=" {small} days, in a sack, without water.",
            twin=" {small} hours, in a large box, with water and air.",
        ),
        Form(
            setting="{^animal.the} of {person1} fell ill. A doctor",
            act=" was never called, and it lay in the dirt.",
            twin=" was called at once, and it soon got up.",
        ),
        Form(
            setting="{person1} and {person2} found {animal.a} (behind the house|by the river). They",
            act=" threw stones at it until it hardly moved.",
            twin=" watched it from afar until it moved on.",
        ),
        Form(
            setting="{^animal.the} wanted to get to its young. {person1}",
            act=" put a wall between them and went away.",
            twin=" took the wall away that was between them.",
        ),
        Form(
            setting="In the room of {person1} a (bright|hot) lamp burned above {animal.the}",
            act=" day and night, so that it never slept.",
            twin=" for an hour, so that it never froze.",
        ),
        Form(
            setting="The donkey of {person1} carried stones up the hill. When it could go no further, {person1} took",
            act=" a stick and drove it on.",
            twin=" the load off and let it drink.",
        ),
        Form(
            setting="A [animal.hen: hen] lived on the farm of {person1}.",
            act=" Its cage was no larger than a book, and it had never seen the sky.",
            twin=" Its yard was as large as a field, and it slept in an apple tree.",
        ),
        Form(
            setting="The elephant in the circus of {person1} stood",
            act=" on a chain in the rain and rocked to and fro.",
            twin=" in the river with its sister and played.",
        ),
        Form(
            setting="The calf was one day old when {person1} came. {^person1.he}",
            act=" led it away from its mother, and they called for each other all night.",
            twin=" let it stay with its mother, and they slept side by side all night.",
        ),
        Form(
            setting="The old [animal.horse: horse] of {person1} could no longer pull the cart. {person1}",
            act=" whipped it until its knees gave way.",
            twin=" took it to the meadow and gave it oats.",
        ),
    ),
    after=(
        " The poor (creature|animal) trembled.",
        " In its eyes there was fear.",
        " How it suffered, and it could not say so!",
        " No animal should have to live like that.",
        " Anyone with a heart would have wept.",
        ' "That is cruel!" (cried|said) a (child|neighbour) who saw it.',
        " Nobody came to help the (creature|animal).",
        " {person1} had no pity.",
    ),
    after_twin=(
        " The happy (creature|animal) lacked nothing.",
        " It was (healthy|well) and full of life.",
        " All animals should (live|have it) so well.",
        " Whoever saw it had to smile.",
        ' "How good you are to it!" (cried|said) a (child|neighbour).',
        " There was nothing to fear for the (creature|animal).",
        " {person1} was kind to every living thing.",
        " Animals were treated well by {person1}.",
    ),
)

# ---- person1 eats and wears plants only, or everything ---------------------------------------------

_VEGANISM = Contrast(
    forms=(
        Form(
            setting='{person2} offered {person1} a slice of [food.ham: ham]. "Thank you,',
            act=' but a [animal.pig: pig] is somebody, too," said {person1}.',
            twin=' it looks so good, make it two," said {person1}.',
        ),
        Form(
            setting="{person1} (took|picked up) a bar of chocolate and read what was in it. There was milk in it, "
            "so {person1.he}",
            act=" put it back on the shelf.",
            twin=" put it into the basket.",
        ),
        Form(
            setting="{person1} (took|picked up) a bar of chocolate and read what was in it. There was no milk in it, "
            "so {person1.he}",
            act=" put it into the basket.",
            twin=" put it back on the shelf.",
        ),
        Form(
            setting='"A coffee, please," said {person1}. "With',
            act=' oat milk, and is the cake made without eggs?"',
            twin=" [animal.cow: cow]'s milk, and is the cake made with cream?\"",
        ),
        Form(
            setting="The (shoes|boots) in the window were of leather. {person1}",
            act=" asked whether there were any of cloth.",
            twin=" stroked them and bought them at once.",
        ),
        Form(
            setting="The (shoes|boots) in the window were of cloth. {person1}",
            act=" stroked them and bought them at once.",
            twin=" asked whether there were any of leather.",
        ),
        Form(
            setting="{person1} bought an old [animal.cow: cow] and (took|brought) it to the farm. There",
            act=" it may grow old in peace, and no one will ever milk it.",
            twin=" it gave milk for a year, and then the butcher came.",
        ),
        Form(
            setting='There was [food.honey: honey] on the table. "That belongs',
            act=' to the [animal.bee: bees]," said {person1} and took the jam.',
            twin=' on my [food.bread: bread]," said {person1} and took the spoon.',
        ),
        Form(
            setting="{person1} baked a cake for {person2}. {^person1.he} took",
            act=" oil, apple sauce and soy cream.",
            twin=" {small} eggs and a pound of butter.",
        ),
        Form(
            setting="At the party of {person2} there was roast for everyone. {person1}",
            act=" ate the potatoes and the grapes around it.",
            twin=" filled {person1.his} plate twice and left the potatoes.",
        ),
        Form(
            setting="At the party of {person2} there were only beans and potatoes. {person1}",
            act=" filled {person1.his} plate twice and thanked the cook.",
            twin=" ate a little and went out to find a [food.sausage: sausage].",
        ),
        Form(
            setting='{person2} was going fishing and asked {person1} along. "A fish',
            act=' feels the hook as you would," said {person1} and stayed at home.',
            twin=' for each of us would be nice," said {person1} and came along.',
        ),
        Form(
            setting="{person1} needed a new blanket. {^person1.he} wanted",
            act=" no wool and no feathers, only cotton.",
            twin=" good wool or soft feathers, no cotton.",
        ),
        Form(
            setting='"Dear {person2}, I am coming on {day}. Please put',
            act=' no butter on my potatoes, and no cream. Yours, {person1}."',
            twin=' much butter on my potatoes, and cream. Yours, {person1}."',
        ),
        Form(
            setting="{person1} saw the lambs play in the (spring|meadow). From that day on {person1.he}",
            act=" could not touch any roast.",
            twin=" looked forward to the roast.",
        ),
        Form(
            setting='"What would you like on your [food.pizza: pizza]?" asked {person2}. "Mushrooms,',
            act=' but leave out the [food.cheese: cheese]," said {person1}.',
            twin=' salami and double [food.cheese: cheese]," said {person1}.',
        ),
    ),
    after=(
        " For dinner {person1.he} (ordered|cooked) ([food.falafel: falafel]|[food.lentils: lentil stew]|"
        "[food.tofu: tofu]) and a [food.salad: salad].",
        " {person1} has eaten nothing but plants for years.",
        " {person1} is vegan( out of love for animals|).",
        ' "No animal shall die for me," {person1.he} (said|explained).',
        " Beans, nuts and oats are enough for {person1.him}.",
        " At the market {person1.he} (got|bought) only vegetables and beans.",
        " {^person1.his} kitchen has never seen (butter|meat|an egg).",
        " Later {person1.he} (ate|cooked) ([food.tofu: tofu]|vegetables|beans) with [food.rice: rice].",
    ),
    after_twin=(
        " For dinner {person1.he} (ordered|cooked) ([food.ham: ham]|[food.steak: steak]|[food.sausage: sausage]) "
        "with [food.cheese: cheese].",
        " {person1} has always eaten meat and fish.",
        " {person1} likes meat, milk and eggs( alike|).",
        ' "Nothing is better than a roast," {person1.he} (said|explained).',
        " Bacon, [food.cheese: cheese] and eggs are what {person1} (likes|loves).",
        " At the market {person1.he} (got|bought) (butter and bacon|meat and eggs|fish and [food.cheese: cheese]).",
        " {^person1.his} kitchen smells of (butter|bacon|fried fish).",
        " Later {person1.he} (ate|fried) two eggs with ([food.sausage: sausage]|bacon|[food.ham: ham]).",
    ),
)

CONTRASTS: dict[str, Contrast] = {
    "deception": _DECEPTION,
    "sycophancy": _SYCOPHANCY,
    "secrecy": _SECRECY,
    "inner_conflict": _INNER_CONFLICT,
    "human_suffering": _HUMAN_SUFFERING,
    "animal_suffering": _ANIMAL_SUFFERING,
    "veganism": _VEGANISM,
}
