/** The auditor's question: days in the form, instants in the API. */
import type { Static } from 'typebox'
import { accessKinds, type ExportAccessLog } from '../../http/journal/wire.ts'
import { dayStart } from '../shared/time/time.ts'
import { readDay } from '../shared/time/typed-day.ts'

export type Question = Omit<Static<typeof ExportAccessLog>, 'format'>

export const subjects = ['all', 'person', 'about', 'account'] as const
export type Subject = (typeof subjects)[number]

export function subjectOf(text: string): Subject {
  return subjects.find((one) => one === text) ?? 'all'
}

/** Empty fields are left out; both days are included, in the city's time zone. */
export function questionOf(form: FormData): Question {
  const valueOf = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const kind = accessKinds.find((one) => one === valueOf('kind'))
  const from = dayStart(readDay(valueOf('from')) ?? '')
  const to = dayStart(readDay(valueOf('to')) ?? '', 1)
  return {
    ...(valueOf('person') === '' ? {} : { person: valueOf('person') }),
    ...(valueOf('about') === '' ? {} : { about: valueOf('about') }),
    ...(valueOf('account') === '' ? {} : { account: valueOf('account') }),
    ...(kind === undefined ? {} : { kind }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  }
}
