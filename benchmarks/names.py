"""Plausible French names, with their particles and diacritics; nobody in particular."""


def _words(text: str) -> list[str]:
    return text.split()


LAST = _words("""
Abadie Allain Anglès Arnoux Aubépin Auffret Bâcle Barthélémy Baudoüin Béchet Bégué Bellœuvre Bézier Blaisot
Boisrobert Bonnefoÿ Boëly Bourdin Brégeon Brûlé Cabrières Carpentras Chaïb Châtelin Chénier Clément Cœurderoy
Corvaisier Coÿne Crespel Dacheux Daüphin Delœil Desgrées Dieulefît Doré Dubœuf Écuyer Émery Escoffié Étienvre Fævre
Fénelon Flaÿol Forêt Fougères Fréhel Gaël Garçon Gégout Girœx Gléonec Goÿeneche Grévin Guéhenno Guénolé Guillemôt
Haÿs Hélary Hervœt Hoüet Isoré Jaïs Jézéquel Jœssel Kerdoncuff Kernéis Labbé Lagrâce Lamôlie Lépine Lèvesque Lhôte
Liégeois Mâcon Maës Mahé Marchés Mazière Méheust Ménès Mignère Moëllic Nadaüd Nœppel Noël Olléon Ozanne Pâris
Pénicaud Plœmeur Poincaré Prévôt Quéméner Quintès Râteau Rézé Rivière Roÿer Saïsset Sénéchal Sévère Tâche Tézenas
Thévenœt Tréguier Ursély Vaïssière Vénuat Vignère Vœgelin Yvenoux Ÿbert Zaëpffel
""")

PARTICLES = ("de ", "d’", "du ", "de La ", "Le ", "La ", "des ", "de l’")

MEN = _words("""
Adrien Aimé Alexis Amaël André Armel Aurèle Baptiste Benoît Bérenger Césaire Clément Côme Damien Désiré Édouard Élie
Émile Étienne Fabrice François Frédéric Gaëtan Gérard Grégoire Hervé Honoré Jérémie Jérôme Joël Josué Jules Kévin
Léo Léonce Loïc Mathéo Maël Mickaël Noé Océan Pacôme Raphaël Rémi René Romaric Siméon Stéphane Théo Timothée Tristan
Valère Yaël Zacharie Jean-Noël Pierre-Élie Marc-Aurèle
""")

WOMEN = _words("""
Adélaïde Agnès Aliénor Anaëlle Angèle Aurélie Axelle Bérénice Cécile Céline Chloé Clémence Danièle Delphine Éléonore
Élise Éloïse Émilie Estelle Eugénie Fanélie Félicité Flavie Françoise Gaëlle Geneviève Hélène Héloïse Inès Irène
Iseult Jeanne Joséphine Juliette Léa Léonie Lucie Maëlys Mélanie Mélusine Ménehould Naïs Noémie Océane Odile
Pénélope Rachèle Régine Rosalie Sévérine Solène Sylvie Thaïs Thérèse Valérie Violaine Zélie Zoé Anne-Lise
Marie-Céleste Rose-Aimée
""")
