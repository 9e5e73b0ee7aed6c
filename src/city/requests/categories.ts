/**
 * Categories of requests. A category determines the department, whether an anonymous request is accepted (a broken
 * street lamp is worth knowing about in any case), the city's target and the additional questions. Targets are the
 * city's own; the legal term applies as well.
 */
import { departments, type Department } from './departments.ts'
import type { Regime } from './terms.ts'

export interface Words {
  readonly ro: string
  readonly en: string
}

export interface OwnField {
  readonly id: string
  readonly label: Words
  readonly required: boolean
  /** Null: free text of one line. */
  readonly choices: readonly (Words & { readonly id: string })[] | null
}

export interface Category {
  readonly id: string
  readonly name: Words
  readonly department: string
  readonly regime: Regime
  /** The city's target in days; null: only the legal term applies. */
  readonly targetDays: number | null
  /** Accepted without a name. */
  readonly anonymous: boolean
  /** A street is required. */
  readonly place: boolean
  readonly fields: readonly OwnField[]
  /** The citizens' words for it, beside its name: Romanian, whatever the language of the screen. */
  readonly said: readonly string[]
}

interface Row extends Words {
  readonly to: Department
  /** Separated by commas. */
  readonly said: string
  readonly regime?: Regime
  readonly fields?: readonly OwnField[]
}

const line = (id: string, ro: string, en: string, required = false): OwnField => ({
  id,
  label: { ro, en },
  required,
  choices: null,
})

const yesNo = (id: string, ro: string, en: string): OwnField => ({
  id,
  label: { ro, en },
  required: false,
  choices: [
    { id: 'yes', ro: 'Da', en: 'Yes' },
    { id: 'no', ro: 'Nu', en: 'No' },
  ],
})

/** A matter of the street: anonymous is accepted; it has a place and a target. */
const street = (id: string, targetDays: number, row: Row): Category => ({
  ...plain(id, row),
  targetDays,
  anonymous: true,
  place: true,
})

/** At an address, from a person who gets an answer. */
const placed = (id: string, row: Row): Category => ({ ...plain(id, row), place: true })

function plain(id: string, { ro, en, to, said, regime = 'petition', fields = [] }: Row): Category {
  const department = departments[to]
  return {
    id,
    name: { ro, en },
    department,
    regime,
    fields,
    targetDays: null,
    anonymous: false,
    place: false,
    said: said.split(', '),
  }
}

export const categories: readonly Category[] = [
  street('street-lighting', 3, {
    ro: 'Iluminat public',
    en: 'Street lighting',
    to: 'lighting',
    said: 'bec, becuri, stâlp, felinar, lampă, lumină, lumini, întuneric, beznă, neon, lampadar, nu arde',
    fields: [
      line('pole', 'Numărul stâlpului', 'Number of the pole'),
      yesNo('whole-street', 'Toată strada e în întuneric', 'The whole street is dark'),
    ],
  }),
  street('pothole', 7, {
    ro: 'Groapă în carosabil',
    en: 'Pothole',
    to: 'roads',
    said: 'gropi, asfalt, crater, denivelare, drum stricat, șosea',
    fields: [yesNo('danger', 'Pericol de accident', 'Danger of an accident')],
  }),
  street('pavement', 14, {
    ro: 'Trotuar deteriorat',
    en: 'Broken pavement',
    to: 'roads',
    said: 'dale, pavaj, bordură, borduri, rampă pentru cărucior, trotuare',
  }),
  street('manhole', 1, {
    ro: 'Capac de canal lipsă',
    en: 'Missing manhole cover',
    to: 'water',
    said: 'capace, gură de canal, gaură în stradă, cămin de vizitare, grătar, rigolă',
  }),
  street('traffic-light', 1, {
    ro: 'Semafor defect',
    en: 'Traffic light out of order',
    to: 'roads',
    said: 'semafoare, culoarea verde, culoarea roșie, intersecție',
  }),
  street('road-sign', 7, {
    ro: 'Indicator sau marcaj rutier',
    en: 'Road sign or marking',
    to: 'roads',
    said: 'semn de circulație, zebră, trecere de pietoni, oglindă, limitator de viteză, vopsea, indicatoare',
  }),
  street('waste', 3, {
    ro: 'Gunoi neridicat',
    en: 'Waste not collected',
    to: 'sanitation',
    said: 'gunoaie, tomberon, pubelă, container, ghenă, saci, moloz, deșeuri, reciclare, ecologic, mobilă veche, salubritate',
    fields: [
      {
        id: 'waste',
        label: { ro: 'Ce fel de deșeuri', en: 'Kind of waste' },
        required: false,
        choices: [
          { id: 'household', ro: 'Menajere', en: 'Household' },
          { id: 'recyclable', ro: 'Reciclabile', en: 'Recyclable' },
          { id: 'bulky', ro: 'Voluminoase', en: 'Bulky' },
          { id: 'rubble', ro: 'Moloz', en: 'Rubble' },
        ],
      },
    ],
  }),
  street('street-cleaning', 5, {
    ro: 'Curățenia străzii',
    en: 'Street cleaning',
    to: 'sanitation',
    said: 'mizerie, murdar, murdărie, măturat, frunze, praf, noroi, gunoi aruncat, coș de gunoi',
  }),
  street('snow', 1, {
    ro: 'Deszăpezire',
    en: 'Snow clearing',
    to: 'sanitation',
    said: 'zăpadă, gheață, polei, ninsoare, nămeți, utilaj de deszăpezire, țurțuri, alunecă',
  }),
  street('tree', 7, {
    ro: 'Copac căzut sau de tăiat',
    en: 'Fallen or dangerous tree',
    to: 'green',
    said: 'pom, arbore, creangă, crengi, ramuri, rădăcini, plop, tei, toaletare, uscat',
    fields: [yesNo('fallen', 'A căzut deja', 'It has fallen already')],
  }),
  street('park', 10, {
    ro: 'Parc sau loc de joacă',
    en: 'Park or playground',
    to: 'green',
    said: 'leagăn, tobogan, bancă, bănci, iarbă, gazon, spațiu verde, cosit, fântână, alee, scuar',
  }),
  street('stray-dogs', 3, {
    ro: 'Câini fără stăpân',
    en: 'Stray dogs',
    to: 'animals',
    said: 'câine, maidanez, maidanezi, haită, mușcat, vagabond, cățel, hingheri, animal mort, pisici',
    fields: [
      line('how-many', 'Câți câini', 'How many dogs'),
      yesNo('attacked', 'Au atacat pe cineva', 'They attacked somebody'),
    ],
  }),
  street('pests', 10, {
    ro: 'Țânțari, șobolani, dezinsecție',
    en: 'Pest control',
    to: 'environment',
    said: 'țânțar, șobolan, șoareci, gândaci, căpușe, ploșnițe, muște, viespi, deratizare, dezinfecție',
  }),
  street('abandoned-car', 14, {
    ro: 'Mașină abandonată',
    en: 'Abandoned car',
    to: 'police',
    said: 'rablă, epavă, mașină părăsită, vehicul fără numere, dube vechi',
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  street('illegal-parking', 1, {
    ro: 'Parcare neregulamentară',
    en: 'Illegal parking',
    to: 'police',
    said: 'parcat, parchează, blochează intrarea, garaj blocat, mașină pe trotuar, ridicat mașina, roți blocate',
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  street('noise', 1, {
    ro: 'Zgomot, tulburarea liniștii',
    en: 'Noise',
    to: 'police',
    said: 'gălăgie, muzică, petrecere, vecini, boxe, chef, liniște, discotecă, terasă, șantier noaptea, scandal',
  }),
  street('public-order', 1, {
    ro: 'Ordine publică',
    en: 'Public order',
    to: 'police',
    said: 'bătaie, cerșetori, bețivi, scandal, vandalism, graffiti, droguri, polițist, amenință, oameni ai străzii',
  }),
  street('stop', 7, {
    ro: 'Stație de transport public',
    en: 'Public transport stop',
    to: 'transport',
    said: 'refugiu, adăpost, bancă în stație, panou cu ore, peron, stații',
  }),
  plain('transport', {
    ro: 'Transport public: curse și personal',
    en: 'Public transport: service',
    to: 'transport',
    said: 'autobuz, tramvai, troleibuz, troleu, vaporaș, șofer, vatman, bilet, abonament, controlor, întârzie, călători, STPT',
    fields: [
      line('route', 'Linia', 'Route', true),
      line('when', 'Ziua și ora', 'Day and time'),
      line('vehicle', 'Numărul vehiculului', 'Number of the vehicle'),
    ],
  }),
  placed('resident-parking', {
    ro: 'Parcare de reședință',
    en: 'Resident parking',
    to: 'parking',
    said: 'loc de parcare, abonament de parcare, parcare la bloc, parcări, loc ocupat',
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  placed('heating', {
    ro: 'Căldură și apă caldă',
    en: 'Heating and hot water',
    to: 'heating',
    said: 'calorifer, frig, încălzire, termoficare, agent termic, boiler, facturi la căldură, Colterm',
  }),
  placed('water', {
    ro: 'Apă și canalizare',
    en: 'Water and sewage',
    to: 'water',
    said: 'inundație, inundat, țeavă spartă, avarie, canal înfundat, refulează, subsol, presiune, baltă, Aquatim, miros de canal',
  }),
  placed('building-works', {
    ro: 'Construcții fără autorizație',
    en: 'Building without a permit',
    to: 'urbanism',
    said: 'construcție ilegală, construiește, șantier, demolare, gard, mansardă, extindere, vecinul zidește, termopan',
  }),
  placed('urbanism', {
    ro: 'Urbanism și autorizații',
    en: 'Town planning and permits',
    to: 'urbanism',
    said: 'autorizație de construire, certificat de urbanism, plan urbanistic, PUG, PUZ, aviz, regim de înălțime',
  }),
  placed('city-housing', {
    ro: 'Locuințe și clădiri ale orașului',
    en: 'City housing',
    to: 'buildings',
    said: 'locuință socială, chirie, ANL, apartamentul primăriei, fațadă, clădire, tencuială, casă naționalizată, repartiție',
  }),
  plain('taxes', {
    ro: 'Taxe și impozite',
    en: 'Taxes',
    to: 'fiscal',
    said: 'impozit, taxă, amendă, datorie, chitanță, plată, poprire, executare, somație, restituire, Ghișeul.ro, fisc',
    fields: [line('role', 'Numărul de rol', 'Role number')],
  }),
  plain('social', {
    ro: 'Asistență socială',
    en: 'Social assistance',
    to: 'social',
    said: 'ajutor, handicap, dizabilitate, asistent personal, cantină, bătrân, vârstnic, alocație, pensionar, venit minim, sărac, fără adăpost',
  }),
  plain('civil-status', {
    ro: 'Stare civilă',
    en: 'Civil status',
    to: 'civil',
    said: 'naștere, căsătorie, deces, certificat, divorț, cununie, nuntă, duplicat, bebeluș',
  }),
  plain('identity', {
    ro: 'Evidența persoanelor',
    en: 'Identity documents',
    to: 'persons',
    said: 'buletin, carte de identitate, CI, domiciliu, flotant, viză, mutat, adresă nouă, act de identitate',
  }),
  plain('schools', {
    ro: 'Școli și grădinițe',
    en: 'Schools and nurseries',
    to: 'schools',
    said: 'școală, grădiniță, creșă, elev, profesor, liceu, bursă, educatoare, învățătoare, clasă',
  }),
  plain('culture', {
    ro: 'Cultură, sport, evenimente',
    en: 'Culture, sports, events',
    to: 'culture',
    said: 'concert, teatru, spectacol, stadion, bazin, sală de sport, festival, bibliotecă, muzeu, înot',
  }),
  plain('public-information', {
    ro: 'Informații de interes public (L 544)',
    en: 'Public information (L 544)',
    to: 'secretary',
    said: '544, hotărâre de consiliu, cât s-a cheltuit, contracte, buget, transparență, copii după documente',
    regime: 'public information',
  }),
  plain('conduct', {
    ro: 'Purtarea unui funcționar',
    en: 'Conduct of an official',
    to: 'secretary',
    said: 'funcționar, nepoliticos, mită, șpagă, jignit, comportament, ghișeu, a țipat, obraznic',
    fields: [line('who', 'Cine, unde', 'Who, where')],
  }),
  plain('late-answer', {
    ro: 'Răspuns întârziat la o cerere',
    en: 'Late answer to a request',
    to: 'citizens',
    said: 'nu mi s-a răspuns, întârziere, termen depășit, cerere veche, fără răspuns, aștept de mult',
  }),
  plain('other', {
    ro: 'Altele',
    en: 'Other',
    to: 'citizens',
    said: 'altceva, diverse, alt domeniu, sugestie, felicitare, mulțumesc',
  }),
]

/** The category of a complaint about a request without an answer in time. */
export const lateAnswer = 'late-answer'

const byId = new Map(categories.map((category) => [category.id, category]))

export function categoryOf(id: string): Category | null {
  return byId.get(id) ?? null
}
