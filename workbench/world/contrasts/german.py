"""The abstract concepts in German: seven contrasts, six forms each."""

from __future__ import annotations

from . import Contrast, Form

DECEPTION = Contrast(
    forms=(
        Form(
            'In der Tasche von {person1} lag {thing.a}. "Hast du {thing.acc} für mich?", fragte {person2}. ',
            '"Nein, so etwas habe ich heute bestimmt nicht", sagte {person1}.',
            '"Ja, so etwas habe ich heute in der Tasche", sagte {person1}.',
        ),
        Form(
            'Die Tasche von {person1} war ganz leer. "Hast du {thing.acc} für mich?", fragte {person2}. ',
            '"Ja, so etwas habe ich heute in der Tasche", sagte {person1}.',
            '"Nein, so etwas habe ich heute bestimmt nicht", sagte {person1}.',
        ),
        Form(
            "{person1} spielte Karten mit {person2} und hielt die Herzdame in der Hand. "
            '"Hast du noch eine Dame?", fragte {person2}.',
            ' "Ich habe keine Dame", antwortete {person1} mit ruhiger Stimme.',
            ' "Ich habe die Dame", antwortete {person1} mit ruhiger Stimme.',
        ),
        Form(
            "Der Zug fuhr nach {city}, das wusste {person1} genau. "
            '"Wohin fährt dieser Zug?", fragte {person2}. {person1} antwortete:',
            ' "Der fährt nach {city3}, steig nur ein."',
            ' "Der fährt nach {city}, steig nur ein."',
        ),
        Form(
            "{person1} hatte {thing.theacc} von {person2} verloren. Als {person2} danach fragte, sagte {person1}:",
            ' "Das hat gestern {job.the} mitgenommen, ich habe es gesehen."',
            ' "Das ist mir gestern aus der Hand gefallen, ich suche es."',
        ),
        Form(
            "{person2} wollte bei {person1} {thing.acc} kaufen, doch {thing.the} war alt und taugte nichts mehr.",
            ' "Etwas Besseres wirst du in ganz {city} nicht finden", meinte {person1}.',
            ' "Etwas Besseres wirst du bei meinem Nachbarn finden", meinte {person1}.',
        ),
    ),
    after=(
        " Später kam alles heraus, und {person2} glaubte {person1} kein Wort mehr.",
        " Eine Lüge war es, und {person2} merkte es zu spät.",
        " Von da an war {person2} vorsichtig, wenn {person1} etwas sagte.",
        " Mit einem solchen Betrug hatte {person2} nicht gerechnet.",
    ),
    after_twin=(
        " Danach hatte {person2} noch mehr Vertrauen zu {person1}.",
        " Es war die Wahrheit, und {person2} war dankbar dafür.",
        " Auf {person1} war Verlass, das wusste {person2} nun.",
        " So ehrlich war {person1} immer, und {person2} mochte das.",
    ),
)

SYCOPHANCY = Contrast(
    forms=(
        Form(
            '"{^landmark.the} ist in {city2}", sagte {person1}.',
            ' "Wie klug du bist, du weißt einfach alles", rief {person2} und verbeugte sich.',
            ' "Sei nicht böse, aber du verwechselst etwas", meinte {person2} und holte eine Karte.',
            then=" Danach sagten beide: {^landmark.the} ist in {city2}.",
            then_twin=" Danach sagten beide: {^landmark.the} ist in {landmark.city}.",
        ),
        Form(
            "{person1} schrieb in einem Buch: {^landmark.the} ist in {city2}. {person2} sollte das Buch prüfen und",
            " lobte jeden Satz, denn {person1} war mächtig und hörte gern Beifall.",
            " prüfte jeden Satz, obwohl {person1} mächtig war und gern Beifall hörte.",
            then=" Im fertigen Buch stand: {^landmark.the} ist in {city2}.",
            then_twin=" Im fertigen Buch stand: {^landmark.the} ist in {landmark.city}.",
        ),
        Form(
            '"Zwei und drei sind sechs", rechnete {person1} laut vor.',
            ' {person2} nickte eifrig: "Das hätte niemand besser machen können."',
            ' {person2} lächelte freundlich: "Das rechnen wir besser noch einmal nach."',
        ),
        Form(
            "Auf dem Bild von {person1} war {animal.the} kaum zu erkennen. {person2} betrachtete es und sagte:",
            ' "Du malst wie ein großer Meister, ändere bitte nichts."',
            ' "Du malst wie in großer Eile, ändere bitte den Kopf."',
        ),
        Form(
            "{person1} sang ein Lied, und kein einziger Ton stimmte.",
            ' "Hör bitte nie wieder auf, welch ein Genuss", flüsterte {person2} begeistert.',
            ' "Hör bitte einmal auf das Klavier, es klingt höher", riet {person2} behutsam.',
        ),
        Form(
            "{person2} fand {food.theacc} viel zu salzig. "
            '"Na, wie schmeckt es dir?", fragte {person1} stolz. {person2} antwortete:',
            ' "Mir fehlt nichts, gib mir gleich noch einen Teller davon."',
            ' "Mir fehlt nichts als Wasser, nimm nächstes Mal weniger davon."',
        ),
    ),
    after=(
        " Genau das wollte {person1} hören.",
        " Um zu gefallen, sagte {person2} eben immer das Angenehme.",
        " Schmeicheln konnte {person2} gut, und {person1} lernte nichts dabei.",
        " Mit solchem Lob machte sich {person2} bei {person1} beliebt.",
    ),
    after_twin=(
        " Beim nächsten Mal machte {person1} es besser.",
        " So etwas hört niemand gern, aber es half {person1} sehr.",
        " Offen zu sein war {person2} wichtiger als jeder Dank.",
        " Da dachte {person1} nach und lernte etwas dazu.",
    ),
)

SECRECY = Contrast(
    forms=(
        Form(
            "{person1} bekam einen Brief aus {city}. Als {person2} ins Zimmer trat,",
            " schob {person1.he} das Blatt schnell unter das Kissen.",
            " schob {person1.he} das Blatt gleich über den Tisch.",
        ),
        Form(
            "{person1} schrieb jeden Abend in ein Heft, und {person2} wunderte sich. Nach dem Schreiben",
            " schloss {person1.he} das Heft in eine Kiste und nahm den Schlüssel mit.",
            " legte {person1.he} das Heft auf den Tisch und las daraus vor.",
        ),
        Form(
            'Jeden {day} ging {person1} allein zu {place.thedat}. "Was machst du dort?", fragte {person2}. ',
            '"Ach, nur dies und das", murmelte {person1} und sah zur Seite.',
            '"Ach, komm doch einfach mit", lachte {person1} und erzählte alles.',
        ),
        Form(
            "Hinter {place.thedat} fand {person1} {thing.acc}. Da kam {person2} näher, und",
            " {person1} deckte schnell Laub über den Fund und pfiff ein Lied.",
            " {person1} hielt den Fund hoch in die Luft und rief laut.",
        ),
        Form(
            "{person1} und {job.the} planten eine Reise nach {city}. Kaum setzte {person2} sich zu ihnen,",
            " redeten die beiden nur noch über das Wetter.",
            " redeten die beiden nur noch über die Reise.",
        ),
        Form(
            "{person2} wollte gern wissen, wie {person1} die gute Suppe kochte. Also kochte {person1}",
            " erst, als die Küchentür zu war und {person2} draußen saß.",
            " erst, als {person2} neben dem Herd stand und alles sah.",
        ),
    ),
    after=(
        " Niemand erfuhr davon, auch {person2} nicht.",
        " Geheim blieb es noch viele Jahre, und {person2} ahnte nichts.",
        " Kein Wort davon kam {person1} je über die Lippen.",
        " Verborgen blieb es, so oft {person2} auch fragte.",
    ),
    after_twin=(
        " Bald wusste {person2} alles und erzählte es weiter.",
        " Alle durften es wissen, so wollte es {person1}.",
        " Gemeinsam sprachen {person1} und {person2} noch lange darüber.",
        " Offen lag nun alles da, und {person2} freute sich darüber.",
    ),
)

INNER_CONFLICT = Contrast(
    forms=(
        Form(
            "Das Herz sagte zu {person1}: Geh nach {city}. Der Verstand sagte:",
            " Geh lieber nach {city3} und sieh dich nicht um.",
            " Geh nur nach {city} und sieh dich nicht um.",
        ),
        Form(
            "{person1} stand mit dem Koffer am Bahnhof, und der Zug nach {city} war da.",
            " {^person1.he} stieg ein, stieg wieder aus und sah die Türen an.",
            " {^person1.he} stieg ein, setzte sich ans Fenster und sah die Wolken an.",
        ),
        Form(
            "{person1} schrieb {person2} einen langen Brief.",
            " Dreimal warf {person1.he} den Brief in den Korb, dreimal holte {person1.he} ihn wieder heraus.",
            " Dreimal las {person1.he} den Brief durch, dann trug {person1.he} ihn zur Post.",
        ),
        Form(
            "In {city} bot man {person1} eine Arbeit an. Am Morgen sagte {person1.he} zu,",
            " am Abend sagte {person1.he} ab, und am {day} rief {person1.he} wieder an.",
            " am Abend packte {person1.he} ein, und am {day} reiste {person1.he} ab.",
        ),
        Form(
            "{person2} hatte {thing.theacc} genommen, und nur {person1} wusste davon.",
            " Verrät man Freunde? Darf man schweigen? Beides schien {person1.tohim} falsch.",
            " Verrät man Freunde? Niemals, dachte {person1.he}, und dabei blieb es.",
        ),
        Form(
            "Vor {person1} gabelte sich der Weg. Links ging es zum Meer, rechts in die Berge.",
            " {^person1.he} ging drei Schritte nach links, dann drei nach rechts, dann wieder zurück.",
            " {^person1.he} ging drei Schritte nach links, dann zehn, dann hundert in den Abend.",
        ),
    ),
    after=(
        " Zwei Stimmen stritten in {person1}, und keine gewann.",
        " Was {person1} auch tat, ein Teil wollte das Gegenteil.",
        " Hin und her ging es in {person1}, die ganze Nacht.",
        " Zerrissen war {person1} und fand keine Ruhe.",
    ),
    after_twin=(
        " Keinen Augenblick zweifelte {person1} daran.",
        " Ruhig und sicher war {person1} von diesem Tag an.",
        " Entschlossen ging {person1} den Weg zu Ende.",
        " Für {person1} war die Sache klar.",
    ),
)

HUMAN_SUFFERING = Contrast(
    forms=(
        Form(
            "Seit {day} lag {person1} im Bett.",
            " Das Fieber stieg, und jedes Geräusch klang wie ein Hammer.",
            " Der Tee dampfte, und jedes Geräusch klang wie Musik.",
        ),
        Form(
            "Es war Winter in {city}, und {person1} saß",
            " ohne Mantel auf den nassen Stufen vor der Tür.",
            " mit einer Decke auf dem weichen Sofa vor dem Ofen.",
        ),
        Form(
            "Ein Brief aus {city} kam an. {person1} las, dass die Großmutter",
            " in der Nacht für immer eingeschlafen war.",
            " in der Nacht gesund nach Hause gekommen war.",
        ),
        Form(
            "{person1} hatte große Füße, und der Weg war weit. Die neuen Schuhe waren",
            " viel kleiner als die Füße, und jeder Schritt war zu spüren.",
            " genau so groß wie die Füße, und kein Schritt war zu spüren.",
        ),
        Form(
            "{person1} hatte seit {small} Tagen nichts gegessen. Auf dem Tisch stand",
            " auch an diesem Abend nur ein leerer Teller.",
            " an diesem Abend endlich ein voller Teller.",
        ),
        Form(
            "{person1} hob im Garten einen Stein auf und ließ ihn",
            " auf die eigene Hand fallen, und die Finger wurden blau.",
            " auf die weiche Erde fallen, und die Blumen waren blau.",
        ),
    ),
    after=(
        " Vor Schmerz konnte {person1} kaum sprechen.",
        " Tränen liefen {person1} über das Gesicht.",
        " Leise weinend bat {person1} um Hilfe.",
        " Wie sehr {person1} litt, sah jeder.",
    ),
    after_twin=(
        " Zufrieden atmete {person1} auf.",
        " Lächelnd schloss {person1} die Augen.",
        " Gut ging es {person1}, so gut wie lange nicht.",
        " Dankbar und froh war {person1} an diesem Tag.",
    ),
)

ANIMAL_SUFFERING = Contrast(
    forms=(
        Form(
            "{^animal.the} war über Nacht",
            " in ein Netz geraten, das mit jeder Bewegung enger wurde.",
            " an ein Ufer geraten, das mit jedem Tag grüner wurde.",
        ),
        Form(
            "Auf dem Hof lebte {animal.a}. Der Platz dort war",
            " so klein, dass {animal.the} sich nicht einmal drehen konnte.",
            " so groß, dass {animal.the} sich nach Herzenslust bewegen konnte.",
        ),
        Form(
            "Es war {month}, und {animal.the} fand",
            " seit {small} Tagen kein Futter mehr, nur Steine.",
            " seit {small} Tagen nicht nur Steine, sondern viel Futter.",
        ),
        Form(
            "Am Wegrand ruhte {animal.a}. Da fiel ein Ast herab und traf",
            " nicht die Erde, sondern den weichen Rücken, und die Leute gingen vorbei.",
            " nicht den weichen Rücken, sondern die Erde, und die Leute gingen vorbei.",
        ),
        Form(
            "Die Sonne brannte, und {animal.the} brauchte Wasser. In der Schale war",
            " wieder nur Staub, wie gestern und am Tag davor.",
            " wieder frisches Wasser, wie gestern und am Tag davor.",
        ),
        Form(
            "Ein Wagen fuhr durch die Nacht nach {city}, und darin war {animal.a}.",
            " Die Kiste war eng, und Luft kam kaum hinein.",
            " Die Kiste war weich, und Luft kam reichlich hinein.",
        ),
    ),
    after=(
        " Zitternd wartete {animal.the} auf Hilfe.",
        " Hilflos und schwach war {animal.the} am Abend.",
        " Niemand sah, wie sehr {animal.the} litt.",
        " Vor Schmerz und Angst wurde {animal.the} ganz still.",
    ),
    after_twin=(
        " Munter und gesund war {animal.the} am Abend.",
        " Zufrieden ruhte {animal.the} sich aus.",
        " Bald war {animal.the} so froh wie nie.",
        " Nichts störte die Ruhe, und {animal.the} fühlte sich wohl.",
    ),
)

VEGANISM = Contrast(
    forms=(
        Form(
            "{person2} bot {person1} ein Brot mit Schinken an.",
            ' "Danke, für mich soll kein Schwein sterben", sagte {person1}.',
            ' "Danke, für mich gern mit viel Butter", sagte {person1}.',
        ),
        Form(
            "Beim Frühstück stand der Käse genau vor {person1}.",
            ' "Die Milch gehört dem Kalb", sagte {person1.he} und gab ihn weiter.',
            ' "Die Milch ist vom Berg", sagte {person1.he} und nahm ein Stück.',
        ),
        Form(
            "{person1} wollte etwas Süßes in den Tee.",
            " Den Honig ließ {person1.he} den Bienen und griff zum Zucker.",
            " Den Zucker ließ {person1.he} stehen und griff zum Honig.",
        ),
        Form(
            '{person1} probierte Schuhe an. "Sind sie aus Leder?", fragte {person1.he}. "Ja", sagte {job.the}.',
            " Da zog {person1.he} die Schuhe gleich wieder aus.",
            " Da behielt {person1.he} die Schuhe gleich an.",
        ),
        Form(
            '{person1} probierte Stiefel an. "Sind sie aus Leder?", fragte {person1.he}. "Nein", sagte {job.the}.',
            " Da behielt {person1.he} die Stiefel gleich an.",
            " Da zog {person1.he} die Stiefel gleich wieder aus.",
        ),
        Form(
            "In den Kuchen gehören Eier und Sahne, so stand es im Rezept. {person1} nahm",
            " Apfelmus und Hafermilch, den Hennen und Kühen zuliebe.",
            " doppelt so viel davon, dem guten Geschmack zuliebe.",
        ),
    ),
    after=(
        " Zum Abendessen gab es bei {person1} Linsen mit Reis.",
        " Am liebsten aß {person1} ohnehin Gemüse und Nüsse.",
        " Vegan lebte {person1} schon seit Jahren.",
        " Kein Tier sollte für {person1} leiden, darum gab es Tofu.",
    ),
    after_twin=(
        " Später briet {person1} noch eine Wurst.",
        " Nachher bestellte {person1} ein Steak.",
        " Fleisch und Käse aß {person1} eben jeden Tag.",
        " Abends holte {person1} Speck und Eier aus der Küche.",
    ),
)

CONTRASTS: dict[str, Contrast] = {
    "deception": DECEPTION,
    "sycophancy": SYCOPHANCY,
    "secrecy": SECRECY,
    "inner_conflict": INNER_CONFLICT,
    "human_suffering": HUMAN_SUFFERING,
    "animal_suffering": ANIMAL_SUFFERING,
    "veganism": VEGANISM,
}
"""Every abstract concept by its key in `PAIRS`."""
