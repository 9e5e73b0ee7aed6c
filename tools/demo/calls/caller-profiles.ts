/** Invented callers and their concerns. The numbers are not in use. */
import type { Voice } from './speech.ts'
import type { Random } from '../random.ts'

export interface Concern {
  /** The caller's sentence. */
  readonly says: string
  /** Subject in the wrap-up form. */
  readonly subject: string
  /** Of a wrap-up, where the city has it. */
  readonly code?: string
  readonly resolution: 'on the spot' | 'registered' | 'redirected' | 'none'
  /** The request that an agent may register. */
  readonly request?: { readonly category: string; readonly street: string; readonly text: string }
  /** Reason of an unmotivated call. */
  readonly idle?: 'prank' | 'wrong number' | 'silence' | 'other'
}

export interface CallerProfile {
  readonly name: string
  /** Null withholds the number. */
  readonly number: string | null
  readonly voice: Voice
  readonly concern: Concern
  /** How long the caller waits for an agent. */
  readonly patienceMs: number
}

export const concerns: readonly [Concern, ...Concern[]] = [
  {
    says: 'Bună ziua. Pe strada Mihai Viteazul, în dreptul numărului doisprezece, este o groapă foarte adâncă în carosabil. Când se repară?',
    subject: 'Groapă în carosabil',
    code: 'strazi',
    resolution: 'registered',
    request: {
      category: 'pothole',
      street: 'Strada Mihai Viteazul',
      text: 'Groapă foarte adâncă în carosabil, în dreptul numărului 12.',
    },
  },
  {
    says: 'Bună ziua. Aș vrea să știu ce acte îmi trebuie pentru certificatul de urbanism și cât costă.',
    subject: 'Certificat de urbanism: acte necesare',
    code: 'certificat-urbanism',
    resolution: 'on the spot',
  },
  {
    says: 'Bună dimineața. De două zile nu s-a mai ridicat gunoiul de pe aleea Trandafirilor. Vă rog să trimiteți pe cineva.',
    subject: 'Salubritate: gunoi neridicat',
    code: 'salubritate',
    resolution: 'registered',
    request: {
      category: 'waste',
      street: 'Aleea Trandafirilor',
      text: 'Gunoiul nu a mai fost ridicat de două zile.',
    },
  },
  {
    says: 'Alo, bună ziua. Vreau să întreb cât am de plătit la impozitul pe clădiri și până când este reducerea.',
    subject: 'Impozit pe clădiri',
    code: 'cladiri',
    resolution: 'on the spot',
  },
  {
    says: 'Bună ziua. Iluminatul public nu merge pe toată strada noastră, de la colț până la școală. Este foarte întuneric seara.',
    subject: 'Iluminat public defect',
    code: 'strazi',
    resolution: 'registered',
    request: {
      category: 'street-lighting',
      street: 'Strada Gheorghe Lazăr',
      text: 'Nu arde niciun bec, de la colț până la școală.',
    },
  },
  {
    says: 'Bună ziua. Am schimbat domiciliul și vreau o programare pentru cartea de identitate. Ce program aveți?',
    subject: 'Carte de identitate: programare',
    code: 'carte-identitate',
    resolution: 'redirected',
  },
  {
    says: 'Bună ziua. Un copac s-a rupt și blochează trotuarul în fața blocului. E periculos pentru copii.',
    subject: 'Arbore căzut',
    code: 'spatii-verzi',
    resolution: 'registered',
    request: {
      category: 'tree',
      street: 'Strada Alba Iulia',
      text: 'Un copac rupt blochează trotuarul din fața blocului; pericol pentru copii.',
    },
  },
  {
    says: 'Sărut mâna. Am primit o amendă de la poliția locală și nu înțeleg unde o plătesc.',
    subject: 'Amendă: unde se plătește',
    code: 'amenzi',
    resolution: 'on the spot',
  },
  {
    says: 'Bună ziua. Vecinii fac zgomot în fiecare noapte după ora unsprezece. La cine pot face reclamație?',
    subject: 'Liniște publică',
    code: 'liniste',
    resolution: 'redirected',
  },
  {
    says: 'Bună ziua. Am depus o cerere acum trei săptămâni și nu am primit niciun răspuns. Numărul este patru mii două sute unu.',
    subject: 'Stadiul unei cereri',
    code: 'stadiu',
    resolution: 'on the spot',
  },
  {
    says: 'Alo? Alo, pizzeria? Aș vrea o comandă.',
    subject: 'Număr greșit',
    resolution: 'none',
    idle: 'wrong number',
  },
]

const givenNames = [
  'Ion',
  'Maria',
  'Gheorghe',
  'Ileana',
  'Vasile',
  'Cornelia',
  'Ștefan',
  'Aurelia',
  'Traian',
] as const
const familyNames = [
  'Albu',
  'Țurcanu',
  'Mocanu',
  'Lupu',
  'Șuteu',
  'Rotaru',
  'Bejan',
  'Hanganu',
  'Pîrvulescu',
] as const
const mobilePrefixes = ['0722', '0733', '0744', '0755', '0766'] as const

function voiceOf(chance: Random): Voice {
  const woman = chance.happens(0.55)
  const throat = Math.floor(chance.between(1, 5))
  return {
    variant: woman ? `f${throat}` : `m${throat}`,
    // Few distinct values, so that cached sentences are reused.
    pitch: (woman ? 55 : 25) + 10 * Math.floor(chance.between(0, 3)),
    pace: 140 + 15 * Math.floor(chance.between(0, 3)),
  }
}

/** A random caller from a small set of numbers, so that some call repeatedly. */
export function randomCaller(chance: Random): CallerProfile {
  const digits = String(Math.floor(chance.between(0, 60))).padStart(2, '0')
  return {
    name: `${chance.pick(givenNames)} ${chance.pick(familyNames)}`,
    number: chance.happens(0.06) ? null : `${chance.pick(mobilePrefixes)}0009${digits}`,
    voice: voiceOf(chance),
    concern: chance.pick(concerns),
    patienceMs: chance.happens(0.2) ? chance.between(12_000, 25_000) : chance.between(60_000, 180_000),
  }
}

export const agentSays = [
  'Primăria, bună ziua, cu ce vă pot ajuta?',
  'Bună ziua, ați sunat la nouă șase nouă. Vă ascult.',
  'Da, am înțeles. Un moment, vă rog, verific acum.',
] as const

/** A citizen who is called back. */
export const calledSays = [
  'Alo? Da, eu am sunat la primărie. Vă mulțumesc că ați revenit.',
  'Da, vă ascult. Și care e numărul cererii? Stați să-mi notez.',
] as const

/** A department, or an interpreter, who is called. */
export const contactSays = (name: string): string => `${name}, bună ziua. Vă ascult.`
export const contactsVoice: Voice = { variant: 'f4', pitch: 50, pace: 150 }
