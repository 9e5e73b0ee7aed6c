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
}

interface Row extends Words {
  readonly to: Department
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

function plain(id: string, { ro, en, to, regime = 'petition', fields = [] }: Row): Category {
  const department = departments[to]
  const name = { ro, en }
  return { id, name, department, regime, fields, targetDays: null, anonymous: false, place: false }
}

export const categories: readonly Category[] = [
  street('street-lighting', 3, {
    ro: 'Iluminat public',
    en: 'Street lighting',
    to: 'lighting',
    fields: [
      line('pole', 'Numărul stâlpului', 'Number of the pole'),
      yesNo('whole-street', 'Toată strada e în întuneric', 'The whole street is dark'),
    ],
  }),
  street('pothole', 7, {
    ro: 'Groapă în carosabil',
    en: 'Pothole',
    to: 'roads',
    fields: [yesNo('danger', 'Pericol de accident', 'Danger of an accident')],
  }),
  street('pavement', 14, { ro: 'Trotuar deteriorat', en: 'Broken pavement', to: 'roads' }),
  street('manhole', 1, { ro: 'Capac de canal lipsă', en: 'Missing manhole cover', to: 'water' }),
  street('traffic-light', 1, { ro: 'Semafor defect', en: 'Traffic light out of order', to: 'roads' }),
  street('road-sign', 7, { ro: 'Indicator sau marcaj rutier', en: 'Road sign or marking', to: 'roads' }),
  street('waste', 3, {
    ro: 'Gunoi neridicat',
    en: 'Waste not collected',
    to: 'sanitation',
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
  street('street-cleaning', 5, { ro: 'Curățenia străzii', en: 'Street cleaning', to: 'sanitation' }),
  street('snow', 1, { ro: 'Deszăpezire', en: 'Snow clearing', to: 'sanitation' }),
  street('tree', 7, {
    ro: 'Copac căzut sau de tăiat',
    en: 'Fallen or dangerous tree',
    to: 'green',
    fields: [yesNo('fallen', 'A căzut deja', 'It has fallen already')],
  }),
  street('park', 10, { ro: 'Parc sau loc de joacă', en: 'Park or playground', to: 'green' }),
  street('stray-dogs', 3, {
    ro: 'Câini fără stăpân',
    en: 'Stray dogs',
    to: 'animals',
    fields: [
      line('how-many', 'Câți câini', 'How many dogs'),
      yesNo('attacked', 'Au atacat pe cineva', 'They attacked somebody'),
    ],
  }),
  street('pests', 10, { ro: 'Țânțari, șobolani, dezinsecție', en: 'Pest control', to: 'environment' }),
  street('abandoned-car', 14, {
    ro: 'Mașină abandonată',
    en: 'Abandoned car',
    to: 'police',
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  street('illegal-parking', 1, {
    ro: 'Parcare neregulamentară',
    en: 'Illegal parking',
    to: 'police',
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  street('noise', 1, { ro: 'Zgomot, tulburarea liniștii', en: 'Noise', to: 'police' }),
  street('public-order', 1, { ro: 'Ordine publică', en: 'Public order', to: 'police' }),
  street('stop', 7, { ro: 'Stație de transport public', en: 'Public transport stop', to: 'transport' }),
  plain('transport', {
    ro: 'Transport public: curse și personal',
    en: 'Public transport: service',
    to: 'transport',
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
    fields: [line('plate', 'Numărul mașinii', 'Number plate')],
  }),
  placed('heating', { ro: 'Căldură și apă caldă', en: 'Heating and hot water', to: 'heating' }),
  placed('water', { ro: 'Apă și canalizare', en: 'Water and sewage', to: 'water' }),
  placed('building-works', {
    ro: 'Construcții fără autorizație',
    en: 'Building without a permit',
    to: 'urbanism',
  }),
  placed('urbanism', { ro: 'Urbanism și autorizații', en: 'Town planning and permits', to: 'urbanism' }),
  placed('city-housing', { ro: 'Locuințe și clădiri ale orașului', en: 'City housing', to: 'buildings' }),
  plain('taxes', {
    ro: 'Taxe și impozite',
    en: 'Taxes',
    to: 'fiscal',
    fields: [line('role', 'Numărul de rol', 'Role number')],
  }),
  plain('social', { ro: 'Asistență socială', en: 'Social assistance', to: 'social' }),
  plain('civil-status', { ro: 'Stare civilă', en: 'Civil status', to: 'civil' }),
  plain('identity', { ro: 'Evidența persoanelor', en: 'Identity documents', to: 'persons' }),
  plain('schools', { ro: 'Școli și grădinițe', en: 'Schools and nurseries', to: 'schools' }),
  plain('culture', { ro: 'Cultură, sport, evenimente', en: 'Culture, sports, events', to: 'culture' }),
  plain('public-information', {
    ro: 'Informații de interes public (L 544)',
    en: 'Public information (L 544)',
    to: 'secretary',
    regime: 'public information',
  }),
  plain('conduct', {
    ro: 'Purtarea unui funcționar',
    en: 'Conduct of an official',
    to: 'secretary',
    fields: [line('who', 'Cine, unde', 'Who, where')],
  }),
  plain('late-answer', {
    ro: 'Răspuns întârziat la o cerere',
    en: 'Late answer to a request',
    to: 'citizens',
  }),
  plain('other', { ro: 'Altele', en: 'Other', to: 'citizens' }),
]

/** The category of a complaint about a request without an answer in time. */
export const lateAnswer = 'late-answer'

const byId = new Map(categories.map((category) => [category.id, category]))

export function categoryOf(id: string): Category | null {
  return byId.get(id) ?? null
}
