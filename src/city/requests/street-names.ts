/** Streets of Timișoara by type; the form completes them as `Strada Lucian Blaga`. */

const named = (kind: string, names: string): string[] =>
  names.split('·').map((name) => `${kind} ${name.trim()}`)

export const streetNames: readonly string[] = [
  ...named(
    'Bulevardul',
    `Revoluției din 1989 · 16 Decembrie 1989 · Take Ionescu · Liviu Rebreanu · General Ion Dragalina ·
    Regele Ferdinand I · Regele Carol I · Constantin Diaconovici Loga · Mihai Viteazul · Mihai Eminescu ·
    Vasile Pârvan · Cetății · Iosif Bulbuca · Simion Bărnuțiu · Antenei · Sudului · Dâmbovița ·
    Eroilor de la Tisa · Francesco Illy · Industriei`,
  ),
  ...named(
    'Calea',
    `Aradului · Lipovei · Torontalului · Sever Bocu · Dorobanților · Martirilor 1989 · Buziașului ·
    Stan Vidrighin · Urseni · Moșniței · Șagului · Bogdăneștilor · Circumvalațiunii · Alexandru Ioan Cuza ·
    Ghirodei · Lugojului`,
  ),
  ...named(
    'Piața',
    `Victoriei · Libertății · Unirii · Traian · Badea Cârțan · Alexandru Mocioni · Nicolae Bălcescu ·
    Sfântul Gheorghe · Mărăști · Consiliul Europei · Gheorghe Domășneanu · Iancu de Hunedoara ·
    Regina Maria · Plevnei · Romanilor · Leonardo da Vinci · Ștefan Furtună · Crucii · Doina · Eforie ·
    Aurel Vlaicu · 700`,
  ),
  ...named('Splaiul', 'Tudor Vladimirescu · Nicolae Titulescu · Peneș Curcanul · Nistrului'),
  ...named(
    'Aleea',
    `FC Ripensia · Studenților · Lirei · Cristalului · Sportivilor · Inului · Viilor · Sănătății ·
    Avram Imbroane · Cireșului · Azurului · Pădurea Verde`,
  ),
  ...named(
    'Intrarea',
    `Doinei · Vântului · Munților · Macilor · Zânei · Neptun · Rarău · Florilor · Păcii · Topologului`,
  ),
  // Cetate, Iosefin, Elisabetin.
  ...named(
    'Strada',
    `Alba Iulia · Eugeniu de Savoya · Lucian Blaga · Emanoil Ungureanu · Florimund Mercy · Gheorghe Lazăr ·
    Vasile Alecsandri · Proclamația de la Timișoara · Hector · Palanca · Ceahlău · Paris ·
    Patriarh Miron Cristea · Iuliu Maniu · 9 Mai · Doctor Iosif Nemoianu · Doctor Nicolae Paulescu ·
    Episcop Augustin Pacha · Enrico Caruso · Francesco Griselini · Franz Liszt ·
    Johann Wolfgang von Goethe · Michelangelo · Oituz · Radu Negru · Rodnei · Semenic · Mărășești ·
    Coriolan Brediceanu · Pestalozzi · Ștefan cel Mare · Telegrafului · Vlad Țepeș · Zăvoi ·
    Frederic Chopin · Bucovinei · Burebista · Decebal · Traian Lalescu · Romulus · Remus · Cozia ·
    Memorandului · Timotei Cipariu · Cerna · Gheorghe Doja · Ciprian Porumbescu · Feldioara ·
    Alexandru Odobescu · Damaschin Bojincă · Iancu Văcărescu · Vasile Lucaciu ·
    Tudor Vladimirescu · Iosif Vulcan · Ion Luca Caragiale · General Henri Berthelot · Bega · Timiș ·
    Mircea cel Bătrân · Carol Davila · Dacilor · Bihor · Daliei · Crișan · Cluj · Putna · Gării ·
    Regimentul 5 Vânători · Nicolae Iorga · Andrei Șaguna · Spătarul · Mangalia · Alexandru Moruzi ·
    August Treboniu Laurian · Victor Hugo · Mitropolit Andrei Șaguna · Costache Negruzzi · Anton Pann ·
    Barbu Delavrancea · Barbu Iscovescu · Ioan Plavoșin · Titu Maiorescu · George Coșbuc · Fagului ·
    Alexandru Lăpușneanu · Constantin Brâncoveanu · Pictor Ion Zaicu · Ion Vidu · Ion Ghica · Ardealului`,
  ),
  // Fabric, Plopi, Ghiroda Nouă.
  ...named(
    'Strada',
    `3 August 1919 · Ștefan Octavian Iosif · Dacia · Johann Strauss · Ludwig van Beethoven ·
    Wolfgang Amadeus Mozart · Joseph Haydn · Titus Popovici · Avram Iancu · Samuil Micu ·
    Samuil Sagovici · Gheorghe Șincai · Petru Maior · Ion Creangă · Andrei Mureșanu · Bistriței ·
    Costache Negri · Nicolae Andreescu · Constantin Titel Petrescu · Eneas · Ecaterina Teodoroiu · Făgăraș ·
    Ilie Bucălă · Morilor · Pavel Chinezu · Pop de Băsești · Peneș Curcanul · Rozelor · Simion Stoilow ·
    Uzinei · Vârful cu Dor · Zlatna · Banatul · Mihail Kogălniceanu · Renașterii ·
    Dimitrie Țichindeal · Episcop Joseph Lonovici · Pomiculturii · Tigrului · Turturelelor · Țebea ·
    Corbului · Cocostârcului · Rândunicii · Păun Pincio · Ialomița · Siretului · Plopilor · Lugojului`,
  ),
  // Circumvalațiunii, Torontalului, Aradului.
  ...named(
    'Strada',
    `Aristide Demetriade · Ofcea · Doctor Iosif Bulbuca · Amurgului · Matei Basarab · Războieni · Gloriei ·
    Cosminului · Grigore Alexandrescu · Silistra · Bujorilor · Popa Șapcă · Macilor · Narciselor · Negoiu ·
    Brândușei · Lalelelor · Liliacului · Crinului · Garoafei · Mureș · Jiul · Argeș · Constantin Brăiloiu ·
    Gheorghe Adam · Divizia 9 Cavalerie · Sfinții Apostoli Petru și Pavel · Ovidiu Balea · Oradea ·
    Borzești · Ion Ionescu de la Brad · Holdelor · Aluniș · Câmpului · Verde · Recoltei · Lorena ·
    Miresei · Ioachim Miloia · Felix · Cugir · Transilvania · Mehadia · Luncani · Gavril Musicescu ·
    Constantin Brâncuși · Salcâmilor · Ulmului · Ștefan Procopiu · Bogdan Petriceicu Hasdeu · Eugen Pop ·
    Martir Eugen Nagy · Martir Ioan Stanciu · Martir Remus Tășală · Martir Dan Carpin ·
    Martir Leontina Bânciu · Martir Marius Ciopec · Martir Constantin Radu · Martir Ovidiu Munteanu ·
    Martir Vasile Balmuș · Martir Ștefan Iordănescu · Martir Cristina Lungu · Martir Angela Sava ·
    Anton Pavlovici Cehov · Armoniei · Răsăritului · Apusului · Livezilor · Luminii`,
  ),
  // Soarelui, Girocului, Buziașului, Elisabetin de sud.
  ...named(
    'Strada',
    `Sirius · Uranus · Venus · Jupiter · Lunei · Soarelui · Versului · Naturii · Drubeta · Ana Ipătescu ·
    Rusu Șirianu · Ioan Slavici · Iepurelui · Chișodei · Arieș · Lidia · Constructorilor · Petre Ispirescu ·
    Luță Ioviță · Timocului · Frunzei · Chimiștilor · Batania · Ghirlandei · Nicolae Ivan ·
    Rezistența Bănățeană · Gheorghe Ionescu · Elisabeta Rizea · Franz Ferch · Tristan Tzara · Muncii ·
    Parâng · Pădurii · Izlaz · Izvorului · Independenței · Hebe · Orion · Saturn ·
    Musorgski · Brazilor · Palmierilor · Fructelor · Cutezătorilor · Frigului · Stejarului ·
    Carpați · Caraiman · Ceferiștilor · Bobâlna · Bradului · Busuiocului · Bucegi · Bârzava · Banul Mărăcine`,
  ),
  // Steaua, Dâmbovița, Freidorf, Fratelia, Mehala, Ronaț.
  ...named(
    'Strada',
    `Ion Barbu · Ion Minulescu · George Enescu · Victor Babeș · Ana Blandiana · Gheorghe Ranetti ·
    Ștefan Stâncă · Ioan Budai Deleanu · Iosif Rotariu · Petru Sfetca · Doctor Liviu Gabor ·
    Nicolae Titulescu · Octavian Goga · Mihail Sadoveanu · Polonă · Alexandru Macedonski ·
    Grivița Roșie · Grigore Ureche · Miron Costin · Ion Neculce · Dimitrie Cantemir · Lămâiței ·
    Lăcrămioarelor · Iasomiei · Ghioceilor · Fântânii · Fabricilor · Energiei · Crizantemelor · Croitorilor ·
    Cerbului · Ciocârliei · Capriței · Cărămizii · Cloșca · Horea · Avram Goldfaden · Avocat Coriolan Băran ·
    Ovid Densușianu · Bârsei · Azuga · Sinaia · Predeal · Bran · Codru · Colinei · Dunărea · Nera ·
    Moise Nicoară · Vasile Conta · Traian Grozăvescu · Preyer · Filaret Barbu · Sabin Drăgoi · Béla Bartók ·
    Wilhelm Mühle · Nikolaus Lenau · Adam Müller-Guttenbrunn · Dositej Obradović`,
  ),
]
