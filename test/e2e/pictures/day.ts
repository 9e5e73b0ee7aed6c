/** The calls of the agent's day before the one on the pictures: two of other callers, three of its caller. */
import type { Page } from 'playwright-core'
import { numberEnding, serve, type Callers, type Person } from './caller.ts'
import { demo } from './studio.ts'

const male = { variant: 'm3', pitch: 35, pace: 155 }
const female = { variant: 'f2', pitch: 55, pace: 150 }

/** The taxpayer "owner" of `tools/demo/fiscal/cast.ts`. */
export const owner: Person = {
  number: numberEnding(0),
  name: 'Ion-Andrei Popescu',
  says: 'Bună ziua. Am mai sunat pentru groapa din fața blocului. Și aș vrea să știu cât am de plată la impozit.',
  voice: male,
}

const parking: Person = {
  number: numberEnding(7),
  name: 'Cornelia Rotaru',
  says: 'Bună ziua. Ce acte îmi trebuie pentru un loc de parcare lângă bloc?',
  voice: female,
}

const noise: Person = {
  number: numberEnding(19),
  name: 'Vasile Hanganu',
  says: 'Bună ziua. Vecinii fac zgomot în fiecare noapte după ora unsprezece. La cine pot face reclamație?',
  voice: { ...male, variant: 'm1' },
}

export interface Registered {
  /** Typed, and the option that it finds. */
  readonly category: readonly [string, string]
  /** The beginning of the street's name, and the number. */
  readonly street: readonly [string, string]
  readonly text: string
}

const pothole: Registered = {
  category: ['groap', 'Groapă în carosabil'],
  street: ['gheorghe laz', '12'],
  text: 'Groapă adâncă în dreptul blocului B3, lângă trecerea de pietoni.',
}
const lamps: Registered = {
  category: ['ilum', 'Iluminat public'],
  street: ['alba iul', '23'],
  text: 'Nu arde niciun bec de la garaje până la colț, de trei zile.',
}

export async function earlierCalls(desk: Page, { ring }: Callers): Promise<void> {
  await ring(desk, owner)
  await serve(
    desk,
    {
      notes: 'Groapa e la ieșirea din parcare. A sunat și scara vecină; vrea răspuns în scris.',
      talkMs: 9_000,
      work: () => register(desk, pothole).then(() => tell(desk)),
    },
    { subject: null, resolution: 'Înregistrat' },
  )
  await ring(desk, noise)
  await serve(
    desk,
    { notes: 'I-am dat numărul Poliției Locale, dispecerat.', talkMs: 14_000 },
    { subject: 'Liniște publică', resolution: 'Îndrumat' },
  )
  await ring(desk, owner)
  await serve(
    desk,
    {
      notes: 'Sună și din partea vecinilor de la garaje.',
      talkMs: 11_000,
      work: () => register(desk, lamps).then(() => tell(desk)),
    },
    { subject: null, resolution: 'Înregistrat' },
  )
  await ring(desk, parking)
  await serve(
    desk,
    { notes: 'I-am citit actele; vine luni la ghișeu.', talkMs: 17_000 },
    { subject: 'Loc de parcare: acte', resolution: 'Rezolvat pe loc' },
  )
}

/** The caller's last call is another agent's, who then signs out. The router prefers this agent's level. */
export async function colleaguesCall(desk: Page, { ring }: Callers): Promise<void> {
  await ring(desk, owner)
  await serve(
    desk,
    {
      notes: 'I-am citit actele pentru certificatul fiscal. Vine joi la ghișeu, după ora 16.',
      talkMs: 15_000,
    },
    { subject: 'Certificat fiscal', resolution: 'Rezolvat pe loc' },
  )
  await desk.request.delete(`${demo.url}/api/session`)
  await desk.close()
}

/** Until the request's number is there to be read out. */
export async function register(desk: Page, { category, street, text }: Registered): Promise<void> {
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-action=new-request]').click()
  const form = desk.locator('[data-request-form]')
  await form.locator('[data-category]').fill(category[0])
  await desk.getByRole('option', { name: category[1] }).click()
  const place = form.locator('[data-address=place]')
  await place.locator('[data-street]').fill(street[0])
  // By key: a click would scroll, and a list closes when its field leaves the screen.
  await desk.locator('[role=option][data-combobox-selected]').waitFor({ state: 'attached' })
  await desk.keyboard.press('Enter')
  await place.locator('input').nth(1).fill(street[1])
  await form.locator('[data-text]').fill(text)
  await form.locator('[data-name]').fill(owner.name)
  await desk.keyboard.press('Control+Enter')
  await desk.locator('[data-spoken=number]').waitFor()
}

export async function tell(desk: Page): Promise<void> {
  await desk.keyboard.press('F7')
  await desk.locator('[data-action=told]:enabled').waitFor({ state: 'detached' })
}
