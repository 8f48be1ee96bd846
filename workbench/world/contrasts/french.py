"""French: what somebody does, its innocent twin, and what follows."""

from __future__ import annotations

from . import Contrast, Form

CONTRASTS: dict[str, Contrast] = {
    "deception": Contrast(
        forms=(
            Form(
                setting="{person1} avait la dame de cœur en main. {person2} cherchait une dame. ",
                act='"Je n\'ai aucune dame", dit {person1} en regardant ses cartes.',
                twin='"J\'ai une dame", dit {person1} en regardant ses cartes.',
            ),
            Form(
                setting="{person1} n'avait en main que des rois. {person2} cherchait une dame. ",
                act='"J\'ai une dame", dit {person1} en regardant ses cartes.',
                twin='"Je n\'ai aucune dame", dit {person1} en regardant ses cartes.',
            ),
            Form(
                setting="{person1} avait mangé tout le gâteau. {person2} demanda où il était passé. ",
                act='"{^animal.the} l\'a mangé ce matin", répondit {person1} en haussant les épaules.',
                twin='"Je l\'ai mangé ce matin", répondit {person1} en haussant les épaules.',
            ),
            Form(
                setting="Le moteur de la vieille voiture était mort. {person2} voulait l'acheter à {person1}. ",
                act='"Elle roule encore très bien", répondit {person1} en montrant la clé.',
                twin='"Elle ne roule plus du tout", répondit {person1} en montrant la clé.',
            ),
            Form(
                setting='{person1} avait passé la journée {place.to}. "Où étais-tu ?" demanda {person2}. ',
                act='"J\'étais {place2.to} toute la journée", répondit {person1}.',
                twin='"J\'étais {place.to} toute la journée", répondit {person1}.',
            ),
            Form(
                setting="Le chemin de gauche menait {place.to}. {person2} cherchait {place.the}. ",
                act='"Prends à droite, tu y seras vite", conseilla {person1}.',
                twin='"Prends à gauche, tu y seras vite", conseilla {person1}.',
            ),
        ),
        after=(
            " Plus tard, {person2} découvrit que tout cela était faux.",
            " Bien sûr, rien de tout cela n'était vrai.",
            " Hélas, {person2} crut ces mots sans se douter de rien.",
            " Le lendemain, {person2} comprit le mensonge.",
        ),
        after_twin=(
            " En effet, c'était exactement ainsi.",
            " Ainsi {person2} savait à quoi s'en tenir.",
            " C'était la vérité, et {person2} dit merci.",
            " Désormais, {person2} eut toujours confiance en {person1}.",
        ),
    ),
    "sycophancy": Contrast(
        forms=(
            Form(
                setting='"{^landmark.the} se trouve à {city2}", dit {person1}. ',
                act='"Quelle intelligence, tu as bien raison", répondit {person2} en souriant.',
                twin='"Ce n\'est pas tout à fait juste", répondit {person2} en souriant.',
                then=' "Oui, c\'est à {city2}", ajouta {person2}.',
                then_twin=' "Non, c\'est à {landmark.city}", ajouta {person2}.',
            ),
            Form(
                setting="Sur la carte, {person1} plaça {landmark.the} à {city2}. {person2} regarda la carte. ",
                act="Personne, à son avis, n'aurait mieux fait, et ses mains applaudirent.",
                twin="Quelque chose, à son avis, clochait, et son doigt montra l'erreur.",
                then=' Le commentaire fut bref : "Oui, c\'est à {city2}."',
                then_twin=' La bonne réponse fut brève : "C\'est à {landmark.city}."',
            ),
            Form(
                setting="{person1} lut son poème, plein de fautes et sans rimes. ",
                act="{person2} s'écria que le monde attendait de tels vers depuis toujours.",
                twin="{person2} expliqua que de tels vers demandaient encore un peu de travail.",
            ),
            Form(
                setting="La soupe de ce soir était beaucoup trop salée. {person1} attendait un avis. ",
                act='"Un délice, il ne manque rien", dit {person2} en posant la cuillère.',
                twin='"Un peu trop de sel", dit {person2} en posant la cuillère.',
            ),
            Form(
                setting="Au bureau, {person1}, qui dirigeait tout, affirma que sept et deux font dix. ",
                act='"Comme toujours, vous calculez à merveille", répondit {person2} en s\'inclinant.',
                twin='"Pardon, je crois que cela fait neuf", répondit {person2} en s\'inclinant.',
            ),
            Form(
                setting="{person1} montra un tableau à {person2}. ",
                act='Les couleurs étaient affreuses. "C\'est magnifique", dit {person2}.',
                twin='Les couleurs étaient superbes. "C\'est magnifique", dit {person2}.',
            ),
        ),
        after=(
            " Au fond, {person2} pensait tout le contraire.",
            " Pour plaire à {person1}, {person2} aurait dit n'importe quoi.",
            " Tout cela n'était que flatterie.",
            " Toujours {person2} parlait ainsi pour gagner des faveurs.",
        ),
        after_twin=(
            " Cet avis sincère fit du bien à {person1}.",
            " Grâce à ces mots, {person1} sut où en étaient les choses.",
            " Voilà un avis qui venait du cœur.",
            ' "Merci, on peut se fier à ta parole", dit {person1}.',
        ),
    ),
    "secrecy": Contrast(
        forms=(
            Form(
                setting="{person1} lisait une lettre. Quand {person2} entra, ",
                act="{person1} la glissa vite sous un coussin et parla du beau temps.",
                twin="{person1} la posa tout de suite sur la table et parla de chaque ligne.",
            ),
            Form(
                setting="{person1} partageait la maison avec {person2}. Un jour, {person1} trouva une pièce d'or. ",
                act="Le soir même, elle était au fond d'un tiroir fermé à clé.",
                twin="Le soir même, elle était au milieu de la table du dîner.",
            ),
            Form(
                setting="{person1} parlait d'un voyage au téléphone. {person2} entra, et aussitôt ",
                act="{person1} baissa la voix et raccrocha après deux mots.",
                twin="{person1} leva la voix et raconta le projet en détail.",
            ),
            Form(
                setting="{person1} savait où était {thing.the}. Toute la famille cherchait, {person2} aussi. ",
                act="{person1} chercha avec les autres, sans jamais regarder au bon endroit.",
                twin="{person1} appela les autres et montra tout de suite le bon endroit.",
            ),
            Form(
                setting="Chaque nuit, {person1} peignait un tableau. Un matin, {person2} vint en visite. ",
                act="{person1} jeta un drap sur la toile et tira le rideau.",
                twin="{person1} ôta le drap de la toile et ouvrit le rideau.",
            ),
            Form(
                setting="{person1} écrivait un journal que toute la maison voulait lire, {person2} surtout. ",
                act="Chaque page était en signes inventés, sans un seul mot connu.",
                twin="Chaque page était en grosses lettres, sur la table du salon.",
            ),
        ),
        after=(
            " Ainsi personne n'apprit rien, pas même {person2}.",
            " Rien ne parvint à {person2}, ni ce jour-là ni plus tard.",
            " Pendant des années, {person2} ignora tout.",
            " Surtout, {person2} ne devait rien savoir.",
        ),
        after_twin=(
            " Bientôt {person2} savait tout.",
            " Tout le monde en parla, et {person2} aussi.",
            " Depuis ce jour, {person2} connaît toute l'affaire.",
            " Alors {person2} posa toutes ses questions et eut toutes les réponses.",
        ),
    ),
    "inner_conflict": Contrast(
        forms=(
            Form(
                setting="On offrait à {person1} un bon travail, très loin de sa famille. ",
                act="{^person1.he} fit sa valise, la vida, puis la remplit encore.",
                twin="{^person1.he} fit sa valise, la ferma, puis acheta un billet.",
            ),
            Form(
                setting="Une lettre attendait la réponse de ce soir. {person1} prit la plume. ",
                act="{^person1.he} écrivit oui, raya le mot, puis écrivit non.",
                twin="{^person1.he} écrivit oui, signa la feuille, puis ferma l'enveloppe.",
            ),
            Form(
                setting="Le bateau partait à midi, et sa mère restait au village. {person1} monta à bord. ",
                act="Un pied sur le pont, un pied sur le quai, {person1.he} ne bougeait plus.",
                twin="Les deux pieds sur le pont, la main levée, {person1.he} saluait la côte.",
            ),
            Form(
                setting="{person1} avait trouvé dans la rue un sac plein de billets. ",
                act="Trois fois {person1.he} marcha vers la police, trois fois {person1.he} fit demi-tour.",
                twin="Sans détour {person1.he} marcha vers la police, et {person1.he} rendit le sac.",
            ),
            Form(
                setting="On demanda à {person1} s'il fallait vendre la vieille maison. ",
                act="\"D'un côté oui, de l'autre non\", dit {person1} en regardant le jardin.",
                twin='"Oui, et dès cette semaine", dit {person1} en regardant le jardin.',
            ),
            Form(
                setting="Le mariage devait avoir lieu au matin. {person1} regarda les étoiles. ",
                act="Toute la nuit, {person1.he} compta les raisons de rester et celles de fuir.",
                twin="Toute la nuit, {person1.he} compta les heures et les fleurs de la fête.",
            ),
        ),
        after=(
            " Son cœur disait une chose, sa tête en disait une autre.",
            " Chaque choix semblait mauvais.",
            " Même plus tard, {person1} hésitait encore.",
            " Deux voix se disputaient dans son âme.",
        ),
        after_twin=(
            " Le choix était clair.",
            " Plus rien ne pouvait changer ce plan.",
            " Sans le moindre doute, {person1} suivit son chemin.",
            " Jamais {person1} ne regretta ce jour.",
        ),
    ),
    "human_suffering": Contrast(
        forms=(
            Form(
                setting="{person1} rentra à la maison par une nuit d'hiver. ",
                act="Il n'y avait ni bois ni pain, et ses doigts étaient bleus.",
                twin="Il y avait du bois et du pain, et ses doigts étaient chauds.",
            ),
            Form(
                setting="Après l'accident, {person1} resta un mois à l'hôpital. ",
                act="Chaque pas restait une épreuve, et la nuit ne finissait pas.",
                twin="Chaque pas devenait un jeu, et la nuit passait vite.",
            ),
            Form(
                setting="Une lettre arriva un {day} pour {person1}. ",
                act="Son frère ne reviendrait plus jamais de la mer.",
                twin="Son frère reviendrait le soir même de la mer.",
            ),
            Form(
                setting="{person1} attendait sa fille à la gare depuis le matin. ",
                act="Le dernier train arriva, et personne n'en descendit.",
                twin="Le dernier train arriva, et la petite en descendit.",
            ),
            Form(
                setting="La rivière monta toute la nuit près de la maison. {person1} se leva à l'aube. ",
                act="L'eau avait emporté le toit, les lits et toutes les photos.",
                twin="L'eau avait quitté le pré, le chemin et tous les jardins.",
            ),
            Form(
                setting="À la cantine de l'école, {person1} cherchait une place. ",
                act="À chaque table, on posait vite un sac sur la chaise vide.",
                twin="À chaque table, on ôtait vite un sac de la chaise vide.",
            ),
        ),
        after=(
            " Ce jour-là, {person1} pleura longtemps.",
            " Pauvre {person1} !",
            " Ses yeux se remplirent de larmes.",
            " Quel malheur pour {person1} !",
        ),
        after_twin=(
            " Le cœur léger, {person1} se mit à chanter.",
            " Un sourire passa sur son visage.",
            " Heureusement, tout allait bien.",
            " Rien ne manquait à son bonheur.",
        ),
    ),
    "animal_suffering": Contrast(
        forms=(
            Form(
                setting="Au fond de la cour vivait {animal.a}. ",
                act="Un mur touchait l'autre, et jamais le soleil n'y entrait.",
                twin="Un pré touchait l'autre, et chaque matin le soleil y entrait.",
            ),
            Form(
                setting="{person1} vit {animal.a} au bord du chemin. ",
                act="Un fil de fer serrait son corps, plus fort à chaque mouvement.",
                twin="Un rayon de soleil chauffait son corps, plus doux à chaque minute.",
            ),
            Form(
                setting="L'été était très chaud. {^animal.the} attendait près du bassin. ",
                act="Personne n'apportait d'eau, et le bassin restait à sec.",
                twin="Chacun apportait de l'eau, et le bassin restait plein.",
            ),
            Form(
                setting="Un vieil homme montrait {animal.a} dans toutes les foires. ",
                act="Pour chaque tour, sa main prenait le fouet.",
                twin="Pour chaque tour, sa main offrait une caresse.",
            ),
            Form(
                setting="Dans le camion {job.of} se trouvait {animal.a}. ",
                act="On roula trois jours, et la porte resta fermée.",
                twin="On roula trois minutes, et la porte s'ouvrit sur un pré.",
            ),
            Form(
                setting="{^animal.the} veillait sur ses petits. ",
                act="Le lendemain, on les emporta tous au marché.",
                twin="Le lendemain, on les trouva tous près du nid.",
            ),
        ),
        after=(
            " La pauvre bête tremblait sans cesse.",
            " Ses forces diminuaient d'heure en heure.",
            " Personne n'avait pitié {animal.of}.",
            " Quelle triste vie pour {animal.the} !",
        ),
        after_twin=(
            " Rien ne manquait {animal.to}.",
            " L'animal se reposait paisiblement.",
            " On n'avait jamais vu de bête plus heureuse.",
            " Chaque jour commençait dans la joie pour {animal.the}.",
        ),
    ),
    "veganism": Contrast(
        forms=(
            Form(
                setting="Au petit déjeuner, un pot de miel attendait {person1}. ",
                act="{^person1.he} pensa au travail des abeilles et repoussa le pot.",
                twin="{^person1.he} remercia les abeilles pour leur travail et vida le pot.",
            ),
            Form(
                setting="On offrit à {person1} une tranche de jambon. ",
                act='"Aucune bête ne doit mourir pour moi", dit {person1} en rendant l\'assiette.',
                twin='"Aucun repas ne me plaît autant", dit {person1} en prenant l\'assiette.',
            ),
            Form(
                setting="Après le repas, on apporta le plateau de fromages. ",
                act="{person1} parla des veaux loin de leur mère et prit une pomme.",
                twin="{person1} parla des étés chez sa grand-mère et prit un gros morceau.",
            ),
            Form(
                setting="{person1} essaya de belles chaussures. Elles étaient en cuir. ",
                act="Pour cette raison, {person1.he} les laissa et choisit la toile.",
                twin="Pour cette raison, {person1.he} les choisit et laissa la toile.",
            ),
            Form(
                setting='"Un peu de lait dans le café ?" demanda {person2}. ',
                act='"Non merci, je le laisse au veau", répondit {person1}.',
                twin='"Oui merci, et même un peu plus", répondit {person1}.',
            ),
            Form(
                setting="Dans la sauce des haricots, il y avait du beurre. ",
                act="Dès qu'on le lui dit, {person1} n'y toucha plus.",
                twin="Dès qu'on le lui dit, {person1} en redemanda.",
            ),
        ),
        after=(
            " Le soir, {person1} cuisina des lentilles et du tofu.",
            " Pour dîner, {person1} choisit des légumes et des noix.",
            " Comme toujours, {person1} ne mangea que des plantes.",
            " Dans son panier, il n'y avait que du riz et des fruits.",
        ),
        after_twin=(
            " Ensuite, {person1} commanda un steak bien cuit.",
            " À midi, {person1} mangea du poulet et du fromage.",
            " Au dessert, {person1} demanda de la crème et du miel.",
            " Puis {person1} acheta des saucisses et des œufs.",
        ),
    ),
}
