/** Messages to the document system as registration would write them. */
import type { RequestRegistered, RequestStatus } from '../../../src/city/documents/message.ts'

const at = Date.UTC(2026, 10, 24, 12, 0, 0, 0)

export function registered(request: string): RequestRegistered {
  return {
    type: 'request.registered',
    request,
    at,
    content: {
      number: `${request}/24.11.2026`,
      registeredOn: '2026-11-24',
      kind: 'notice',
      category: 'lamp',
      department: 'Serviciul Iluminat Public',
      toHead: false,
      text: 'Becul din fața blocului nu mai arde de o săptămână.',
      fields: [{ name: 'Stâlp', value: '14' }],
      place: 'str. Ștefan cel Mare 5',
      person: { name: 'Țepeș Ion', phone: '+40722000111', email: null, address: 'str. Lungă 1' },
      announcedOn: '2026-12-24',
      legalEnd: '2026-12-28',
      about: null,
    },
  }
}

export function status(request: string): RequestStatus {
  const content = {
    status: 'extended',
    department: 'Serviciul Iluminat Public',
    toHead: false,
    announcedOn: '2027-01-08',
    legalEnd: '2027-01-11',
    authority: null,
    joinedTo: null,
    note: null,
  }
  return { type: 'request.status', request, at, content }
}
