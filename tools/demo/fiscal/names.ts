/** Names of the demo's people, streets, firms and cars. All are invented except the streets. */
import type { Zone } from './building-tax.ts'

type Some<Item> = readonly [Item, ...Item[]]
const listed = (text: string): Some<string> => text.trim().split(/\s*[,\n]\s*/) as unknown as Some<string>

export const men = listed(`
  Andrei, Adrian, Alexandru, Alin, Bogdan, Călin, Cătălin, Ciprian, Constantin, Cosmin, Cristian, Dan, Daniel, Dumitru,
  Emil, Eugen, Florin, Gabriel, George, Gheorghe, Horia, Ilie, Ioan, Ion, Ionuț, Iosif, Iulian, Laurențiu, Liviu, Lucian,
  Marcel, Marian, Marius, Mihai, Mircea, Nicolae, Octavian, Ovidiu, Paul, Petru, Radu, Răzvan, Remus, Robert, Sebastian,
  Sergiu, Silviu, Sorin, Ștefan, Teodor, Tiberiu, Traian, Valentin, Vasile, Victor, Viorel, Vlad`)

export const women = listed(`
  Adina, Adriana, Alexandra, Alina, Ana, Anca, Andreea, Angela, Aurelia, Bianca, Camelia, Carmen, Cătălina, Corina,
  Cornelia, Cristina, Daniela, Diana, Doina, Elena, Emilia, Eugenia, Florica, Gabriela, Georgeta, Ileana, Ioana, Irina,
  Iulia, Laura, Lavinia, Lidia, Liliana, Loredana, Lucia, Luminița, Magdalena, Maria, Mariana, Mihaela, Mirela, Monica,
  Nicoleta, Oana, Paula, Ramona, Raluca, Rodica, Ruxandra, Silvia, Simona, Sorina, Teodora, Valeria, Veronica, Viorica`)

export const families = listed(`
  Albu, Andrei, Anghel, Avram, Balan, Balint, Bădescu, Bălan, Băncilă, Bejan, Berar, Blaga, Bogdan, Boldea, Bota, Brânzei,
  Bucur, Buzatu, Ciobanu, Cioban, Cîmpeanu, Cojocaru, Crăciun, Cristea, Crișan, Damian, Dănilă, Deac, Diaconu, Dobre,
  Dragomir, Drăghici, Dumitrescu, Enache, Farcaș, Filip, Florea, Fodor, Gavrilă, Georgescu, Gherman, Ghiță, Giurgiu, Goian,
  Grosu, Hanganu, Hegeduș, Iacob, Ionescu, Iovan, Ivașcu, Jivan, Jurca, Kovacs, Lazăr, Lungu, Lupu, Lupșa, Manea, Marin,
  Mateescu, Matei, Mihalache, Milin, Miclea, Miron, Mocanu, Moldovan, Morar, Munteanu, Mureșan, Nagy, Neagu, Negru, Nemeș,
  Nica, Nistor, Novac, Olaru, Oprea, Păun, Pârvulescu, Petcu, Petrescu, Pop, Popa, Popescu, Popovici, Preda, Puiu, Radu,
  Roman, Rotaru, Rusu, Sabău, Sandu, Savu, Sârbu, Simion, Stan, Stanciu, Stoica, Szabo, Șerban, Șuteu, Tamaș, Tănase,
  Todoran, Toma, Tudor, Țăran, Țurcanu, Ungureanu, Ursu, Vasilescu, Văcaru, Vidu, Vlad, Voicu, Vulpe, Weber, Zaharia`)

/** Given names first, as in foreign documents. */
export const foreigners = listed(`
  Hans-Jürgen Müller, Anna-Maria Schäfer, Giuseppe D’Angelo, Francesca Dell’Orto, Zoltán Kovács, Jelena Petrović,
  Dragan Jovanović, Séamus O’Brien, Łukasz Wójcik, Ngozi Okafor, Mehmet Yılmaz, Björn Sørensen, José Luis Núñez,
  Amélie Lefèvre, Olena Kovalenko, Rajesh Kumar, Nguyen Thi Lan, Ahmed El-Sayed`)

export const firms = listed(`
  Bega Construct, Timiș Trans, Banat Agro, Castelul de Apă, Fabric Impex, Iosefin Mobila, Ronaț Auto, Elisabetin Design,
  Cetatea Consulting, Parcul Rozelor Events, Torontal Logistic, Mehala Tâmplărie, Ghiroda Foods, Calea Nouă Asfalt,
  Șagului Retail, Lunca Pomilor, Trei Crai, Via Bega Turism, Moara Veche, Dacia Textil`)

/** Streets of Timișoara, each in a tax zone of the demo. */
export const streets: Some<{ readonly name: string; readonly zone: Zone }> = (
  [
    [
      'A',
      `Str. Alba Iulia, Bd. Revoluției din 1989, Str. Gheorghe Lazăr, Str. Mărășești, Bd. Mihai Eminescu, Bd. Republicii,
       Bd. Constantin Diaconovici Loga, Bd. Vasile Pârvan, Bd. 16 Decembrie 1989, Str. Vasile Alecsandri,
       Str. Eugeniu de Savoya, Str. Florimund Mercy, Str. Nikolaus Lenau, Str. Coriolan Brediceanu, Str. Popa Șapcă,
       Bd. Take Ionescu, Str. Nicolae Titulescu, Str. Doctor Iosif Nemoianu, Splaiul Tudor Vladimirescu`,
    ],
    [
      'B',
      `Calea Martirilor 1989, Calea Șagului, Calea Lipovei, Calea Aradului, Str. Circumvalațiunii, Bd. Cetății,
       Bd. Liviu Rebreanu, Bd. Simion Bărnuțiu, Bd. General Ion Dragalina, Bd. Iuliu Maniu, Bd. Corneliu Coposu,
       Str. Cluj, Str. Drubeta, Str. Lidia, Str. Lorena, Str. Musicescu, Str. Arieș, Str. Divizia 9 Cavalerie,
       Aleea Sănătății, Aleea Cristalului, Aleea Studenților, Str. Ștefan cel Mare, Str. Dacilor, Str. Gării`,
    ],
    [
      'C',
      `Calea Torontalului, Calea Buziașului, Calea Bogdăneștilor, Bd. Sudului, Bd. Constantin Brâncoveanu, Str. Ialomița,
       Str. Zăgazului, Str. Enric Baader, Str. Oituz, Str. Ion Ionescu de la Brad, Str. Ovidiu Cotruș,
       Str. Grigore Alexandrescu, Str. Sever Bocu, Str. Păltiniș, Str. Venus, Str. Uranus, Str. Holdelor, Str. Plopilor`,
    ],
    [
      'D',
      `Calea Moșniței, Calea Urseni, Str. Pomiculturii, Str. Ghirlandei, Str. Miresei, Str. Steaua, Str. Câmpului`,
    ],
  ] as const
).flatMap(([zone, names]) => listed(names).map((name) => ({ name, zone }))) as unknown as Some<{
  readonly name: string
  readonly zone: Zone
}>

export const abroad: Some<string> = [
  'Hauptstraße 5, 70173 Stuttgart, Germania',
  'Via Garibaldi 12, 35121 Padova, Italia',
  'Andrássy út 33, 1061 Budapest, Ungaria',
  'Knez Mihailova 8, 11000 Beograd, Serbia',
]

export const cars: Some<readonly [make: string, capacity: number]> = [
  ['Dacia Logan', 999],
  ['Dacia Sandero', 898],
  ['Dacia Duster', 1_461],
  ['Ford Focus', 1_596],
  ['Opel Astra', 1_364],
  ['Renault Clio', 1_149],
  ['Skoda Octavia', 1_968],
  ['Toyota Yaris', 1_490],
  ['Volkswagen Golf', 1_598],
  ['Volkswagen Passat', 1_968],
  ['BMW 320d', 1_995],
  ['Audi A6', 2_967],
  ['Mercedes-Benz E 220', 2_143],
  ['Hyundai Tucson', 1_598],
]
