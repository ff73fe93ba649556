package thanks

func german() tongue {
	return grammar(`
	(?:<froh> )*<dank>(?: <sehr>)*(?: <für>)?(?: <sehr>)*
	(?:ich|wir) (?:danke|danken|bedanke mich|bedanken uns)(?: <sehr>| dir| ihnen| euch| mich| uns)*(?: <für>)?
	(?:ich|wir) (?:wollte|wollten|möchte|möchten) (?:mich|uns|nur|einfach|noch| )*(?:ganz |recht |sehr )*(?:herzlich |vielmals )?(?:danke sagen|bedanken)(?: <für>)?
	(?:das|es|sie|du|ihr) (?:ist|sind|bist|seid|war|waren) (?:wirklich |sehr |echt |mir |uns )*(?:eine große hilfe|nett|sehr nett|lieb|klasse|spitze|super|die besten|der beste|die beste|toll|großartig)(?: von ihnen| von dir| von euch)?
	(?:ihr|du|sie) (?:habt|hast|haben) (?:mir|uns) (?:sehr |wirklich )?(?:geholfen|den tag gerettet|meinen tag gerettet)
	`, `
	<froh>(?: <froh>)*
	(?:<froh> )*(?:ja )?(?:<ding> )?(?:funktioniert|klappt|geht|läuft|hat funktioniert|hat geklappt|passt|ist gelöst|ist erledigt|ist behoben|ist wieder da|stimmt)(?: nun| jetzt| alles| wieder| einwandfrei| super| prima| bestens| perfekt| gut| sehr gut| wunderbar| tadellos| hervorragend| wie gewünscht| wie es soll| wie gewohnt)*
	(?:jetzt|nun) (?:funktioniert|klappt|geht|läuft|passt) (?:<ding>)?(?: wieder| alles| gut| einwandfrei| super| prima| bestens| perfekt| wunderbar| tadellos)*
	(?:<ding>) (?:war|wars|ist) (?:es|sehr schnell|sehr hilfreich|hilfreich|perfekt|super|alles)
	(?:hat (?:super |prima |gut |sehr gut |wunderbar |bestens )?(?:geklappt|funktioniert|geholfen)|erledigt|gelöst|behoben|alles bestens|alles gut|alles klar|alles okay|alles ok|alles in ordnung|alles erledigt|passt|verstanden|angekommen|erhalten|so soll es sein)
	(?:das |dieses |mein )?(?:ticket|anliegen) (?:kann|darf) (?:nun |jetzt |somit )?geschlossen werden
	(?:(?:ich |wir )?(?:wünsche|wünschen) )?(?:dir |ihnen |euch |noch )*(?:einen |ein |eine )?(?:schönen?|schöne|guten?|tollen?|angenehmen?|erholsames?|angenehme) (?:rest)?(?:tag|abend|feierabend|wochenende|woche|nachmittag|vormittag|morgen|mittag|urlaub|feiertage|zeit|weihnachten)(?: noch| und bis bald)?
	(?:mit )?(?:herzlichen?|freundlichen?|besten?|vielen?|lieben?|liebe|schönen?|schöne|sonnigen?|sonnige|viele|beste|freundliche|herzliche)(?: und herzlichen| liebe| lieben)? (?:grüße|grüßen|grüsse|grüssen|gruß|gruss|gruessen|gruesse)(?: aus dem homeoffice)?
	(?:gruß|gruss|grüße|grüsse|lg|vg|mfg|bg|hg|mit freundlichem gruß|bis bald|bis dann|tschüss|tschüß|ciao|servus|alles gute|ihr|ihre|dein|deine|euer|eure|i a|im auftrag|gleichfalls|ebenso)
	(?:von|gesendet von|gesendet von meinem|von meinem) (?:meinem )?(?:iphone|ipad|handy|smartphone|mobiltelefon)(?: gesendet)?
	`, `
	(?:hallo|hi|hey|moin|moin moin|servus|grüezi|grüß gott|guten morgen|guten tag|guten abend|liebe|lieber|liebes|sehr geehrte|sehr geehrter|sehr geehrtes|werte|geehrte)(?: zusammen| team| kollegen| kolleginnen| und kollegen| kolleginnen und kollegen| damen und herren| herr| frau| alle| it| it-team| ihr| ihr lieben| helpdesk| support| support-team| leute| liebes team| liebes it-team)*
	(?:herr|frau|zusammen|team)
	`, `
	dank = danke|dankeschön|danke schön|danke sehr|vielen dank|vielen lieben dank|vielen herzlichen dank|ganz vielen dank|herzlichen dank|besten dank|lieben dank|tausend dank|schönen dank|recht herzlichen dank|ganz lieben dank|ganz herzlichen dank|1000 dank|merci|merci vielmals|merci vielmal|thx|thanks|vielen vielen dank|großen dank|ein großes dankeschön|ein großes danke|ein herzliches dankeschön|ein dickes dankeschön|allerbesten dank|hab dank|habt dank|haben sie dank|haben sie vielen dank|super danke|top danke|perfekt danke|prima danke|ok danke|okay danke|dank
	sehr = sehr|vielmals|nochmal|nochmals|noch mal|noch einmal|schön|herzlich|recht herzlich|ganz herzlich|allen|euch|ihnen|dir|euch allen|ihnen allen|an alle|an das team|ans team|an sie|an euch|an dich|team|leute|auch|und|jedenfalls|dafür|hierfür
	für = für <was>(?:(?: und| sowie) (?:für )?<was>)*|dass (?:du|sie|ihr) (?:mir|uns) (?:so schnell |so |sehr )?geholfen (?:hast|haben|habt)
	was = (?:die |den |das |ihre |ihren |ihr |deine |deinen |dein |eure |euren |euer |all die |all |alle |diese |diesen |eine |so eine )*<wie>*(?:und )?<wie>*(?:hilfe|unterstützung|antwort|rückmeldung|info|infos|information|informationen|mühe|mühen|geduld|arbeit|lösung|bearbeitung|erledigung|reaktion|service|support|rat|tipp|tipps|hinweis|hinweise|erklärung|zeit|einsatz|bemühungen|bemühung|schnelligkeit|nachricht|mail|auskunft|umsetzung|behebung|hilfestellung|freundlichkeit|freundliche art|bestätigung|update)(?: heute| hierbei| dabei| in dieser sache| wie immer)?|alles|das|es
	wie = (?:so |sehr |wirklich |wie immer |super |echt |unglaublich |mega )*(?:schnelle[nr]?|prompte[nr]?|rasche[nr]?|tolle[nr]?|gute[nr]?|nette[nr]?|super|freundliche[nr]?|kompetente[nr]?|hilfreiche[nr]?|umgehende[nr]?|zügige[nr]?|liebe[nr]?|sofortige[nr]?|großartige[nr]?|unkomplizierte[nr]?|klasse|perfekte[nr]?|ausführliche[nr]?|geduldige[nr]?|superschnelle[nr]?)[ ]
	froh = super|prima|perfekt|klasse|toll|wunderbar|großartig|spitze|ok|okay|ja|ah|oh|top|genial|sehr gut|gut|sehr schön|schön|hervorragend|bestens|cool|fein|einwandfrei|alles klar|wow|sehr nett|exzellent|juhu|hurra|yes|mega|das freut mich|freut mich|freut mich sehr|das ging ja schnell|das ging schnell|ging ja schnell|stark|wie immer|und|na dann|absolut|ausgezeichnet|super service|toller service|gute arbeit|tolle arbeit|super arbeit|super job|schnelle hilfe|tolle hilfe|super hilfe|klasse service
	ding = (?:es|das|alles|nun|jetzt|so|dies)(?: nun| jetzt| alles)?
	`)
}

func french() tongue {
	return grammar(`
	(?:<joie> )*<merci>(?: <très>)*(?: <pour>)?(?: <très>)*
	(?:je|nous) (?:vous|te|t') ?(?:remercie|remercions)(?: <très>| sincèrement| vivement| infiniment| chaleureusement)*(?: <pour>)?
	(?:c'est|c'était|vous êtes|tu es) (?:vraiment |très |bien )*(?:gentil|sympa|aimable|super|génial|parfait|au top|formidable|formidables|géniaux)(?: de votre part| à vous| de ta part)?(?: merci)?
	(?:<joie> )+merci(?: <très>)*
	`, `
	<joie>(?: <joie>)*
	(?:<joie> )*(?:oui )?(?:ça|cela|tout|c'est|tout est)(?: est)? ?(?:marche|fonctionne|refonctionne|remarche|réglé|résolu|rentré dans l'ordre|ok|bon|parfait|nickel|en ordre|impeccable|réparé|a marché|a fonctionné)(?: maintenant| bien| très bien| parfaitement| correctement| à nouveau| de nouveau| nickel| désormais| à présent)*
	(?:problème|souci|incident) (?:réglé|résolu)
	(?:bien reçu|bien noté|c'est noté|c'est bon|c'est tout bon|entendu|d'accord|reçu)
	(?:vous pouvez |tu peux )?(?:clore|fermer|clôturer) (?:le|ce|mon) (?:ticket|dossier)
	(?:je vous |nous vous |je te )?(?:souhaite |souhaitons )?(?:une |un |passez une |passe une |très )*(?:bonne|bon|belle|excellente|agréable) (?:fin de )?(?:journée|soirée|week-end|weekend|semaine|après-midi|continuation|fin de journée|vacances|année)(?: à vous| à toi| à tous| également)*
	(?:bien )?(?:cordialement|sincèrement|amicalement|respectueusement)(?: vôtre)?|(?:très |bien )?(?:cordialement|cdlt|cdt|bien à vous|bien à toi|salutations|meilleures salutations|sincères salutations|salutations distinguées|à bientôt|au revoir|bises|amitiés|belle journée|bonne journée|à vous aussi|avec mes salutations|mes salutations)
	(?:envoyé de mon|envoyé depuis mon) (?:iphone|ipad|téléphone|mobile|smartphone)
	`, `
	(?:bonjour|bonsoir|salut|cher|chère|chers|coucou|hello|re-bonjour|rebonjour)(?: à tous| à toutes| à vous| l'équipe| toute l'équipe| monsieur| madame| collègues| tous| à tous et toutes| mesdames| messieurs)*
	(?:monsieur|madame|à tous|l'équipe)
	`, `
	merci = merci|mille mercis|un grand merci|grand merci|mercis|mille fois merci|merci mille fois|encore merci|merci encore|super merci|ok merci|parfait merci|oui merci|très bien merci|merci merci|tous mes remerciements|avec mes remerciements|mes remerciements|remerciements
	très = beaucoup|bien|infiniment|encore|encore une fois|à vous|à toi|à tous|à toutes|à tous les deux|à toute l'équipe|à l'équipe|énormément|mille fois|vraiment|et|sincèrement
	pour = (?:pour|de|d') ?<quoi>(?:(?: et| ainsi que) (?:pour |de )?<quoi>)*|de m'avoir (?:aidée?|répondue?|dépannée?)(?: si vite| aussi vite| si rapidement| rapidement)?
	quoi = (?:le |la |les |l'|votre |vos |ton |ta |tes |cette |ce |ces |toute |tout |cet )*<adj>*(?:aide|réponse|retour|soutien|temps|patience|réactivité|rapidité|efficacité|gentillesse|intervention|solution|assistance|explications|explication|précisions|information|informations|infos|info|travail|service|support|disponibilité|conseil|conseils|accompagnement|prise en charge|amabilité|professionnalisme|suivi|dépannage|confirmation)(?: si)?(?: rapide| précieuse| efficace| très rapide| rapides| utile| utiles)*|tout|ça|cela
	adj = (?:si |très |votre )*(?:rapide|précieuse|excellente?|super|grande?|bonne|prompte)[ ]
	joie = super|parfait|génial|excellent|ok|okay|oui|ah|oh|top|très bien|bien|formidable|nickel|impeccable|bravo|cool|extra|magnifique|merveilleux|d'accord|et|c'est parfait|c'est super|c'est génial|quelle rapidité|quelle efficacité|bon travail|beau travail|super travail|super service
	`)
}

func spanish() tongue {
	return grammar(`
	(?:<bien> )*<gracias>(?: <muy>)*(?: <por>)?(?: <muy>)*
	(?:te|os|le|les|se) (?:lo )?(?:agradezco|agradecemos)(?: mucho| muchísimo| de verdad| sinceramente| enormemente)*(?: <por>)?
	(?:muy |muchas |sinceramente |eternamente )?(?:agradecido|agradecida|agradecidos|agradecidas)(?: <por>)?
	(?:eres|sois|son) (?:unos |un |una |los |el |la )?(?:crack|cracks|mejor|mejores|genio|genios|genial|geniales|sol|máquina|muy amable|muy amables)
	(?:muy amable|muy amables|qué amable|mil gracias)
	`, `
	<bien>(?: <bien>)*
	(?:<bien> )*(?:sí )?(?:ya )?(?:todo )?(?:ya )?(?:me )?(?:funciona|va|está solucionado|está resuelto|está arreglado|está|quedó|solucionado|resuelto|arreglado|funcionó)(?: todo| bien| muy bien| perfectamente| perfecto| correctamente| de nuevo| genial)*
	(?:recibido|entendido|de acuerdo|vale|listo|todo correcto|todo bien|todo en orden|todo ok|problema resuelto|problema solucionado)
	(?:podéis |puedes |pueden |puede )?cerrar (?:el|este) (?:ticket|caso)
	(?:que )?(?:tengas |tenga |tengan |tengáis |pases |pasen )?(?:un |una |buen |buena |muy |feliz |buenas )*(?:día|tarde|tardes|noche|noches|fin de semana|finde|semana|vacaciones)(?: a todos| también)?
	(?:un |muchos |cordiales |atentos |reciba un |recibe un |recibid un )*(?:saludo|saludos|abrazo|cordial saludo|afectuoso saludo)(?: cordial| cordiales| a todos)?|atentamente|cordialmente|hasta luego|hasta pronto|adiós|besos|igualmente
	enviado desde mi (?:iphone|ipad|móvil|teléfono)
	`, `
	(?:hola|buenos días|buenas|buenas tardes|buenas noches|estimado|estimada|estimados|querido|querida|queridos)(?: a todos| equipo| compañeros| señor| señora| todos| de nuevo)*
	(?:equipo|todos|compañeros)
	`, `
	gracias = gracias|muchas gracias|muchísimas gracias|mil gracias|muchas muchas gracias|un millón de gracias|gracias gracias|infinitas gracias|gracias mil|ok gracias|perfecto gracias|vale gracias|de nuevo gracias|gracias de nuevo
	muy = de nuevo|otra vez|nuevamente|de verdad|de corazón|a todos|a todas|equipo|chicos|chicas|compañeros|a ti|a vosotros|a ustedes|a usted|y|mil|una vez más
	por = por <qué>(?:(?: y| así como) (?:por )?<qué>)*
	qué = (?:el |la |los |las |tu |tus |su |sus |vuestra |vuestro |vuestras |toda |todo |todos |esta |este |tan )*<adj>*(?:ayuda|respuesta|apoyo|tiempo|paciencia|rapidez|atención|gestión|solución|información|info|asistencia|soporte|servicio|amabilidad|trabajo|esfuerzo|explicación|aclaración|colaboración|eficacia|consejo|disponibilidad|confirmación)(?: tan)?(?: rápida| rápido| inmediata| recibida| prestada| eficaz)*|todo|eso|ello|ayudarme|ayudarnos|responder|contestar|avisar|resolverlo|solucionarlo|arreglarlo|la rapidez
	adj = (?:tan |muy )*(?:rápida|rápido|gran|buena|buen|pronta|excelente|inmediata)[ ]
	bien = perfecto|genial|estupendo|excelente|ok|okay|vale|sí|si|ah|oh|muy bien|bien|fantástico|fenomenal|bravo|maravilloso|guay|super|súper|qué bien|buen trabajo|gran trabajo|excelente trabajo|buen servicio|y|de acuerdo|ya
	`)
}

func dutch() tongue {
	return grammar(`
	(?:<fijn> )*<dank>(?: <heel>)*(?: <voor>)?(?: <heel>)*
	(?:ik|wij|we) (?:dank|danken|bedank|bedanken|wil|willen)(?: u| je| jullie| hartelijk| graag)*(?: bedanken)?(?: <voor>)?
	(?:jullie|je|u) (?:bent|zijn|is) (?:echt )?(?:geweldig|top|de beste|toppers|een topper|kanjers|een kanjer|helden|een held)
	(?:u|je|jullie) (?:hebt|heeft|hebben) (?:mij|me|ons) (?:heel |erg |goed )*geholpen
	`, `
	<fijn>(?: <fijn>)*
	(?:<fijn> )*(?:ja )?(?:het|dit|dat|alles|nu|hij) ?(?:werkt|doet het|is opgelost|is gelukt|is in orde|lukt|heeft geholpen|is prima|klopt)(?: nu| weer| goed| prima| perfect| helemaal| uitstekend| allemaal)*
	(?:opgelost|gelukt|geregeld|alles in orde|alles goed|begrepen|ontvangen|duidelijk|helder|in orde)
	(?:(?:dit|het|mijn) ticket (?:kan|mag) (?:nu )?(?:gesloten worden|dicht|worden gesloten))
	(?:ik wens (?:u|je|jullie) )?(?:nog )?(?:een |alvast |verder |hele |heel )*(?:fijne|prettige|goede|mooie|fijn|prettig|goed|leuke) (?:dag|avond|middag|weekend|week|vakantie|feestdagen|dagen|werkdag)(?: nog| verder| gewenst| toegewenst)?
	(?:met )?(?:vriendelijke|hartelijke|beste|warme|lieve|vriendelijk|hartelijk|vele)? ?(?:groeten|groet|groetjes)|mvg|gr|grt|grtz|hgr|hoogachtend|tot ziens|tot snel|doei|dag|liefs|insgelijks
	(?:verzonden|verstuurd) (?:vanaf|vanaf mijn|van mijn) (?:mijn )?(?:iphone|ipad|telefoon|mobiel)
	`, `
	(?:hallo|hoi|hi|beste|dag|goedemorgen|goedemiddag|goedenavond|goedendag|geachte|lieve|hey)(?: allemaal| team| collega's| collega| heer| mevrouw| iedereen| helpdesk| support)*
	(?:allemaal|team|iedereen|collega's)
	`, `
	dank = bedankt|dank|dank u|dank je|dank jullie|dank u wel|dank je wel|dankjewel|dankuwel|dank jullie wel|hartelijk dank|hartelijk bedankt|heel erg bedankt|erg bedankt|ontzettend bedankt|super bedankt|superbedankt|enorm bedankt|veel dank|vele dank|nogmaals dank|nogmaals bedankt|zeer bedankt|zeer hartelijk dank|thanks|thx|ok bedankt|top bedankt|prima bedankt|perfect bedankt|duizendmaal dank|reuze bedankt|bedankt bedankt
	heel = nogmaals|hartelijk|allemaal|zeer|voor alles|aan iedereen|aan allen|team|en|weer|wel
	voor = voor <wat>(?:(?: en| alsmede) (?:voor )?<wat>)*
	wat = (?:de |het |je |jouw |uw |jullie |al je |al uw |deze |dit |alle |een |al jullie )*<adj>*(?:en )?<adj>*(?:hulp|ondersteuning|antwoord|reactie|info|informatie|moeite|geduld|werk|oplossing|service|tijd|tip|tips|uitleg|inzet|snelheid|terugkoppeling|bericht|advies|update|assistentie|bevestiging|afhandeling|support)(?: hierbij| hiermee| weer| zoals altijd)?|alles|dat|het helpen|het oplossen
	adj = (?:zo |zeer |heel |erg |super )*(?:snelle|goede|fijne|geweldige|vlotte|prettige|vriendelijke|uitstekende|prima|snel|adequate|duidelijke|goed|directe)[ ]
	fijn = top|prima|perfect|super|geweldig|mooi|fijn|ok|oké|okay|ja|ah|oh|goed|heel goed|uitstekend|helemaal goed|helemaal top|klasse|fantastisch|wauw|goed werk|mooi werk|goede service|topservice|snelle service|en|keurig|netjes
	`)
}
