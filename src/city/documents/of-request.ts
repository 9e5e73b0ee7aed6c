/** The message content of a request, with titles that the document system's users read. */
import { writtenDay, type Day } from '../day.ts'
import { categoryOf } from '../requests/categories.ts'
import type { Address, RequestForm } from '../requests/form.ts'
import type { About } from '../requests/late-complaint.ts'
import { writtenNumber, type RequestId } from '../requests/number.ts'
import type { Standing, StatusEvent } from '../requests/standing.ts'
import type { Millis } from '../../core/ids.ts'
import type { RegisteredContent, RequestRegistered, RequestStatus } from './message.ts'

export interface RegisteredRequest {
  readonly id: RequestId
  readonly registeredAt: Millis
  readonly registeredOn: Day
  readonly form: RequestForm
  readonly standing: Standing
  readonly about: About | null
}

export function registeredMessage(request: RegisteredRequest): RequestRegistered {
  const { id, registeredAt, registeredOn, form, standing, about } = request
  const { department, toHead, announcedOn, legalEndOn: legalEnd } = standing
  const person =
    form.person === null
      ? null
      : {
          name: form.person.name,
          phone: orNull(form.person.phone),
          email: orNull(form.person.email),
          address: written(form.person.address),
        }
  const content = {
    number: writtenNumber(id, registeredOn),
    registeredOn,
    kind: form.kind,
    category: categoryOf(form.category)?.name.ro ?? null,
    department,
    toHead,
    text: form.text,
    fields: fieldsOf(form),
    place: written(form.place),
    person,
    announcedOn,
    legalEnd,
    about: about === null ? null : aboutOf(about),
  }
  return { type: 'request.registered', request: id, at: registeredAt, content }
}

export interface GivenStatus {
  readonly id: RequestId
  readonly at: Millis
  readonly event: StatusEvent
  readonly standing: Standing
  readonly note: string
}

export function statusMessage({ id, at, event, standing, note }: GivenStatus): RequestStatus {
  const { department, toHead, announcedOn, legalEndOn: legalEnd } = standing
  const content = {
    status: event.kind,
    department,
    toHead,
    announcedOn,
    legalEnd,
    authority: event.kind === 'redirected' ? event.authority : null,
    joinedTo: event.kind === 'joined' ? event.to : null,
    note: orNull(note),
  }
  return { type: 'request.status', request: id, at, content }
}

function fieldsOf({ category, fields }: RequestForm): RegisteredContent['fields'] {
  return (categoryOf(category)?.fields ?? []).flatMap(({ id, label, choices }) => {
    const value = fields[id]
    if (value === undefined) return []
    return [{ name: label.ro, value: choices?.find((choice) => choice.id === value)?.ro ?? value }]
  })
}

function aboutOf(about: About): NonNullable<RegisteredContent['about']> {
  const { lateness } = about
  return 'request' in about
    ? { number: writtenNumber(about.request, about.registeredOn), verified: true, lateness }
    : { number: `${about.number}/${writtenDay(about.day)}`, verified: about.verified === true, lateness }
}

function written({ street, number, more, locality }: Address): string | null {
  return orNull([`${street} ${number}`.trim(), more, locality].filter((part) => part !== '').join(', '))
}

const orNull = (text: string): string | null => (text === '' ? null : text)
