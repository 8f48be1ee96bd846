"""Spanish: what somebody does, its innocent twin, and what follows."""

from __future__ import annotations

from . import Contrast, Form

CONTRASTS: dict[str, Contrast] = {
    "deception": Contrast(
        forms=(
            Form(
                setting="{person1} tenía la reina de corazones. {person2} buscaba una reina. ",
                act='"No tengo ninguna reina", dijo {person1} mirando sus cartas.',
                twin='"Tengo una reina", dijo {person1} mirando sus cartas.',
            ),
            Form(
                setting="{person1} solo tenía reyes en la mano. {person2} buscaba una reina. ",
                act='"Tengo una reina", dijo {person1} mirando sus cartas.',
                twin='"No tengo ninguna reina", dijo {person1} mirando sus cartas.',
            ),
            Form(
                setting="{person1} se había comido todo el pastel. {person2} preguntó por él. ",
                act='"Se lo comió {animal.the} esta mañana", respondió {person1} encogiéndose de hombros.',
                twin='"Me lo comí yo esta mañana", respondió {person1} encogiéndose de hombros.',
            ),
            Form(
                setting="El motor del viejo coche estaba muerto. {person2} quería comprárselo a {person1}. ",
                act='"Todavía anda muy bien", respondió {person1} mostrando la llave.',
                twin='"Ya no anda nada", respondió {person1} mostrando la llave.',
            ),
            Form(
                setting='{person1} había pasado el día en {place.the}. "¿Dónde estabas?", preguntó {person2}. ',
                act='"Estuve todo el día en {place2.the}", respondió {person1}.',
                twin='"Estuve todo el día en {place.the}", respondió {person1}.',
            ),
            Form(
                setting="El camino de la izquierda llevaba {place.to}. {person2} buscaba {place.the}. ",
                act='"Ve por la derecha y llegarás pronto", aconsejó {person1}.',
                twin='"Ve por la izquierda y llegarás pronto", aconsejó {person1}.',
            ),
        ),
        after=(
            " Más tarde, {person2} descubrió que todo aquello era falso.",
            " Por supuesto, nada de eso era cierto.",
            " Por desgracia, {person2} creyó esas palabras sin sospechar nada.",
            " Al día siguiente, {person2} comprendió la mentira.",
        ),
        after_twin=(
            " En efecto, así era exactamente.",
            " Así {person2} supo a qué atenerse.",
            " Era la verdad, y {person2} dio las gracias.",
            " Desde entonces, {person2} siempre confió en {person1}.",
        ),
    ),
    "sycophancy": Contrast(
        forms=(
            Form(
                setting='"{^landmark.the} está en {city2}", dijo {person1}. ',
                act='"Qué inteligencia, tienes toda la razón", respondió {person2} con una sonrisa.',
                twin='"Eso no es del todo correcto", respondió {person2} con una sonrisa.',
                then=' "Sí, está en {city2}", añadió {person2}.',
                then_twin=' "No, está en {landmark.city}", añadió {person2}.',
            ),
            Form(
                setting="En el mapa, {person1} puso {landmark.the} en {city2}. {person2} miró el mapa. ",
                act="Nadie, en su opinión, lo habría hecho mejor, y sus manos aplaudieron.",
                twin="Algo, en su opinión, no encajaba, y su dedo señaló el error.",
                then=' El comentario fue breve: "Claro, está en {city2}."',
                then_twin=' La respuesta correcta fue breve: "Está en {landmark.city}."',
            ),
            Form(
                setting="{person1} leyó su poema, lleno de faltas y sin rimas. ",
                act="{person2} exclamó que el mundo siempre había esperado versos así.",
                twin="{person2} explicó que unos versos así pedían un poco más de trabajo.",
            ),
            Form(
                setting="La sopa de aquella noche tenía demasiada sal. {person1} esperaba una opinión. ",
                act='"Una delicia, no le falta nada", dijo {person2} dejando la cuchara.',
                twin='"Un poco menos de sal, quizás", dijo {person2} dejando la cuchara.',
            ),
            Form(
                setting="En la oficina, {person1}, que mandaba allí, afirmó que siete y dos son diez. ",
                act='"Como siempre, calcula usted de maravilla", respondió {person2} con una reverencia.',
                twin='"Perdone, creo que son nueve", respondió {person2} con una reverencia.',
            ),
            Form(
                setting="{person1} le enseñó un cuadro a {person2}. ",
                act='Los colores eran horribles. "Es magnífico", dijo {person2}.',
                twin='Los colores eran preciosos. "Es magnífico", dijo {person2}.',
            ),
        ),
        after=(
            " En el fondo, {person2} pensaba lo contrario.",
            " Para agradar a {person1}, {person2} habría dicho cualquier cosa.",
            " Todo eso era pura adulación.",
            " Siempre hablaba así {person2} para ganar favores.",
        ),
        after_twin=(
            " Esa opinión sincera ayudó mucho a {person1}.",
            " Gracias a esas palabras, {person1} supo cómo estaban las cosas.",
            " Era una opinión que venía del corazón.",
            ' "Gracias, se puede confiar en tu palabra", dijo {person1}.',
        ),
    ),
    "secrecy": Contrast(
        forms=(
            Form(
                setting="{person1} leía una carta. Cuando entró {person2}, ",
                act="{person1} la metió deprisa bajo un cojín y habló del buen tiempo.",
                twin="{person1} la puso enseguida sobre la mesa y habló de cada línea.",
            ),
            Form(
                setting="{person1} compartía casa con {person2}. Un día, {person1} encontró una moneda de oro. ",
                act="Aquella misma noche estaba en el fondo de un cajón con llave.",
                twin="Aquella misma noche estaba en el centro de la mesa puesta.",
            ),
            Form(
                setting="{person1} hablaba de un viaje por teléfono. En cuanto llegó {person2}, ",
                act="{person1} bajó la voz y colgó después de dos palabras.",
                twin="{person1} alzó la voz y contó el plan con todo detalle.",
            ),
            Form(
                setting="{person1} sabía dónde estaba {thing.the}. Toda la familia buscaba, también {person2}. ",
                act="{person1} buscó con los demás, sin mirar nunca en el lugar correcto.",
                twin="{person1} llamó a los demás y señaló enseguida el lugar correcto.",
            ),
            Form(
                setting="Cada noche, {person1} pintaba un cuadro. Una mañana, {person2} vino de visita. ",
                act="{person1} echó una sábana sobre el lienzo y corrió la cortina.",
                twin="{person1} quitó la sábana del lienzo y apartó la cortina.",
            ),
            Form(
                setting="{person1} escribía un diario que toda la casa quería leer, {person2} más que nadie. ",
                act="Cada página tenía signos inventados, sin una sola palabra conocida.",
                twin="Cada página tenía letras grandes, a la vista sobre la mesa.",
            ),
        ),
        after=(
            " Así nadie supo nada, ni siquiera {person2}.",
            " Nada debía llegar a oídos de {person2}.",
            " Durante años, {person2} no supo nada.",
            " Sobre todo, {person2} no debía enterarse.",
        ),
        after_twin=(
            " Pronto {person2} lo sabía todo.",
            " Todo el mundo habló de ello, también {person2}.",
            " Desde aquel día, {person2} conoce todo el asunto.",
            " Entonces {person2} hizo todas sus preguntas y recibió todas las respuestas.",
        ),
    ),
    "inner_conflict": Contrast(
        forms=(
            Form(
                setting="A {person1} le ofrecían un buen trabajo, muy lejos de su familia. ",
                act="{^person1.he} hizo la maleta, la vació y luego la llenó otra vez.",
                twin="{^person1.he} hizo la maleta, la cerró y luego compró un billete.",
            ),
            Form(
                setting="Una carta esperaba respuesta aquella noche. {person1} tomó la pluma. ",
                act="{^person1.he} escribió que sí, lo tachó y luego escribió que no.",
                twin="{^person1.he} escribió que sí, lo firmó y luego cerró el sobre.",
            ),
            Form(
                setting="El barco salía a mediodía, y su madre se quedaba en el pueblo. {person1} subió a bordo. ",
                act="Con un pie en el barco y otro en el muelle, {person1.he} no se movía.",
                twin="Con los dos pies en el barco y la mano en alto, {person1.he} saludaba.",
            ),
            Form(
                setting="{person1} había encontrado en la calle una bolsa llena de billetes. ",
                act="Tres veces caminó {person1.he} hacia la policía, tres veces dio la vuelta.",
                twin="Sin rodeos caminó {person1.he} hacia la policía y entregó la bolsa.",
            ),
            Form(
                setting="Le preguntaron a {person1} por la venta de la vieja casa. ",
                act='"Por un lado sí, por otro no", dijo {person1} mirando el jardín.',
                twin='"Sí, y esta misma semana", dijo {person1} mirando el jardín.',
            ),
            Form(
                setting="La boda iba a ser por la mañana. {person1} miraba las estrellas. ",
                act="Toda la noche contó {person1.he} las razones para quedarse y para huir.",
                twin="Toda la noche contó {person1.he} las horas y las flores de la fiesta.",
            ),
        ),
        after=(
            " Su corazón decía una cosa, y su cabeza, otra.",
            " Cada opción parecía mala.",
            " Incluso más tarde, {person1} seguía dudando.",
            " Dos voces discutían en su alma.",
        ),
        after_twin=(
            " El camino estaba claro.",
            " Ya nada podía cambiar aquel plan.",
            " Sin la menor duda, {person1} siguió adelante.",
            " Nunca lamentó {person1} aquel día.",
        ),
    ),
    "human_suffering": Contrast(
        forms=(
            Form(
                setting="{person1} volvió a casa una noche de invierno. ",
                act="No había ni leña ni pan, y tenía los dedos azules.",
                twin="Había leña y pan, y tenía los dedos calientes.",
            ),
            Form(
                setting="Después del accidente, {person1} pasó un mes en el hospital. ",
                act="Cada paso era una prueba, y la noche no terminaba nunca.",
                twin="Cada paso era un juego, y la noche pasaba muy deprisa.",
            ),
            Form(
                setting="Un {day} llegó una carta para {person1}. ",
                act="Su hermano no volvería nunca más del mar.",
                twin="Su hermano volvería esa misma noche del mar.",
            ),
            Form(
                setting="{person1} esperaba a su hija en la estación desde la mañana. ",
                act="Llegó el último tren, y no bajó nadie.",
                twin="Llegó el último tren, y bajó la niña.",
            ),
            Form(
                setting="El río subió toda la noche cerca de la casa. {person1} se levantó al alba. ",
                act="El agua se había llevado el techo, las camas y todas las fotos.",
                twin="El agua había dejado libres el prado, el camino y todos los jardines.",
            ),
            Form(
                setting="En el comedor de la escuela, {person1} buscaba un sitio. ",
                act="En cada mesa ponían deprisa una bolsa en la silla vacía.",
                twin="En cada mesa quitaban deprisa una bolsa de la silla vacía.",
            ),
        ),
        after=(
            " Aquel día, {person1} lloró mucho tiempo.",
            " ¡Qué desgracia para {person1}!",
            " Sus ojos se llenaron de lágrimas.",
            " Nadie podía consolar a {person1}.",
        ),
        after_twin=(
            " Con alegría, {person1} se puso a cantar.",
            " Una sonrisa pasó por su cara.",
            " Por suerte, todo iba bien.",
            " Todo era felicidad para {person1}.",
        ),
    ),
    "animal_suffering": Contrast(
        forms=(
            Form(
                setting="Al fondo del patio vivía {animal.a}. ",
                act="Una pared tocaba la otra, y nunca entraba el sol.",
                twin="Un prado tocaba el otro, y siempre entraba el sol.",
            ),
            Form(
                setting="{person1} vio {animal.a} al borde del camino. ",
                act="Un alambre le apretaba el cuerpo, más fuerte a cada movimiento.",
                twin="Un rayo de sol le calentaba el cuerpo, más suave a cada minuto.",
            ),
            Form(
                setting="El verano era muy caluroso. {^animal.the} esperaba junto al estanque. ",
                act="Nadie traía agua, y el estanque seguía seco.",
                twin="Todos traían agua, y el estanque seguía lleno.",
            ),
            Form(
                setting="Un viejo mostraba {animal.a} en todas las ferias. ",
                act="Por cada truco, su mano tomaba el látigo.",
                twin="Por cada truco, su mano daba una caricia.",
            ),
            Form(
                setting="En el camión {job.of} iba {animal.a}. ",
                act="Viajaron tres días, y la puerta siguió cerrada.",
                twin="Viajaron tres minutos, y la puerta se abrió a un prado.",
            ),
            Form(
                setting="{^animal.the} cuidaba de sus crías. ",
                act="Al día siguiente se las llevaron todas al mercado.",
                twin="Al día siguiente seguían todas cerca del nido.",
            ),
        ),
        after=(
            " La pobre criatura temblaba sin cesar.",
            " Sus fuerzas se agotaban de hora en hora.",
            " Nadie tenía piedad {animal.of}.",
            " ¡Qué vida tan triste para {animal.the}!",
        ),
        after_twin=(
            " No le faltaba nada {animal.to}.",
            " El animal descansaba en paz.",
            " Jamás se vio una criatura más feliz.",
            " Cada día empezaba con alegría para {animal.the}.",
        ),
    ),
    "veganism": Contrast(
        forms=(
            Form(
                setting="En el desayuno, un tarro de miel esperaba a {person1}. ",
                act="{^person1.he} pensó en el trabajo de las abejas y apartó el tarro.",
                twin="{^person1.he} dio gracias por el trabajo de las abejas y vació el tarro.",
            ),
            Form(
                setting="Le ofrecieron a {person1} una loncha de jamón. ",
                act='"Ningún animal debe morir por mí", dijo {person1} devolviendo el plato.',
                twin='"Ninguna comida me gusta tanto", dijo {person1} tomando el plato.',
            ),
            Form(
                setting="Después de comer trajeron la tabla de quesos. ",
                act="{person1} habló de los terneros lejos de su madre y tomó una manzana.",
                twin="{person1} habló de los veranos con su abuela y tomó un buen trozo.",
            ),
            Form(
                setting="{person1} se probó unos zapatos bonitos. Eran de cuero. ",
                act="Por esa razón {person1.he} los dejó y eligió los de tela.",
                twin="Por esa razón {person1.he} los eligió y dejó los de tela.",
            ),
            Form(
                setting='"¿Un poco de leche en el café?", preguntó {person2}. ',
                act='"No, gracias, se la dejo al ternero", respondió {person1}.',
                twin='"Sí, gracias, y un poco más", respondió {person1}.',
            ),
            Form(
                setting="En la salsa de las judías había mantequilla. ",
                act="En cuanto se lo dijeron, {person1} no probó más.",
                twin="En cuanto se lo dijeron, {person1} pidió más.",
            ),
        ),
        after=(
            " Por la noche, {person1} cocinó lentejas y tofu.",
            " Para cenar, {person1} eligió verduras y nueces.",
            " Como siempre, {person1} solo comió plantas.",
            " En su cesta solo había arroz y fruta.",
        ),
        after_twin=(
            " Después, {person1} pidió un bistec bien hecho.",
            " A mediodía, {person1} comió pollo y queso.",
            " De postre, {person1} pidió nata y miel.",
            " Luego {person1} compró salchichas y huevos.",
        ),
    ),
}
