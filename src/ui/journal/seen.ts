/** Words for the codes of the access log's entries: the object, and the search (city/journal/access-log-entry.ts). */
import type { TFunction } from 'i18next'
import { callOutcomes, supervisionModes } from '../../core/call.ts'
import { accessReasons } from '../../http/access/wire.ts'
import { accessKinds, categoryOf, type AccessView } from '../../http/journal/wire.ts'
import { requestFilters } from '../../http/requests/wire.ts'
import { refusalsToAsk } from '../../http/identity/wire.ts'
import { sections } from '../../http/taxes/wire.ts'
import { inLanguage, spokenRequest } from '../requests/spoken.ts'
import { shortDateTime } from '../shared/time/time.ts'

export interface Reader {
  readonly t: TFunction
  readonly language: string
  /** The name of an account; null when it is not known. */
  readonly nameOf: (account: string) => string | null
}

type Look = Pick<AccessView, 'kind' | 'about' | 'query' | 'title'>

/** `note`: beside the link. */
export type Seen =
  | { readonly what: 'text'; readonly text: string }
  | { readonly what: 'call'; readonly id: string; readonly note: string | null }
  | { readonly what: 'article'; readonly id: string; readonly version: number; readonly text: string }

export function seenIn(look: Look, reader: Reader): Seen {
  const { kind, about, title } = look
  const { t } = reader
  if (kind === 'call' || kind === 'hearing' || kind === 'live-call') {
    const [id = '', whole] = about.split(' ')
    return { what: 'call', id, note: whole === undefined ? null : t('journal.seen.whole') }
  }
  if ((kind === 'justified' || kind === 'refused') && !isRequest(about))
    return { what: 'call', id: about, note: null }
  const [, id = '', version = ''] = (kind === 'paper' ? /^(.+)@(\d+)$/.exec(about) : null) ?? []
  if (id !== '') {
    const text = title ?? t('journal.seen.article')
    return { what: 'article', id, version: Number(version), text }
  }
  return { what: 'text', text: textOf(look, reader) }
}

function textOf({ kind, about, query }: Look, { t }: Reader): string {
  switch (kind) {
    case 'request':
    case 'justified':
    case 'refused':
      return spokenRequest(about)
    case 'document':
      return about
    case 'paper':
      return t('journal.seen.article')
    case 'screen-pop':
      return t('journal.seen.openRequests', { count: Number(/^requests: (\d+)$/.exec(about)?.[1] ?? 0) })
    case 'request-list':
      return requestList(about, t)
    case 'person-search':
      return t(about.startsWith('lock ') ? 'journal.seen.lockedNumber' : 'journal.seen.person')
    case 'question-set':
      return questionSet(about, t)
    case 'verdict':
      return verdict(about, t)
    case 'section': {
      const section = sections.find((name) => name === about)
      return section === undefined ? t('journal.seen.section') : t(`taxes.sections.${section}`)
    }
    case 'call-list':
      if (about === 'blocked callers') return t('journal.seen.blockedCallers')
      return t(about === 'identity locks' ? 'journal.seen.locks' : 'journal.seen.calls')
    case 'export':
      return isRequest(about)
        ? `${spokenRequest(about)}${query === 'paper' ? `, ${t('journal.seen.proofOnPaper')}` : ''}`
        : t('journal.seen.accesses')
    case 'journal': {
      const entry = /^proof\/(\d+)$/.exec(about)?.[1]
      if (entry !== undefined) return t('journal.seen.proof', { entry })
      return t(about === 'reasons' ? 'journal.seen.reasons' : 'journal.seen.accesses')
    }
    case 'program':
      return t('journal.seen.program')
    case 'call':
    case 'hearing':
    case 'live-call':
      return t('journal.seen.call')
  }
}

const lists = ['follow-ups', 'similar', 'by number'] as const

function requestList(about: string, t: TFunction): string {
  const filter = requestFilters.find((name) => name === about)
  if (filter !== undefined) return t(`journal.seen.filters.${filter}`)
  const list = lists.find((name) => name === about)
  return list === undefined ? t('journal.kinds.request-list') : t(`journal.seen.lists.${list}`)
}

/** Longest first: `number locked` ends with `locked`. */
const refusals = refusalsToAsk.toSorted((a, b) => b.length - a.length)

function questionSet(about: string, t: TFunction): string {
  const why = refusals.find((name) => about.endsWith(` ${name}`))
  if (why !== undefined) return t(`journal.seen.notAsked.${why}`)
  if (about.endsWith(' granted')) return t('journal.seen.verified')
  return t(about.endsWith(' to confirm') ? 'journal.seen.toConfirm' : 'journal.seen.asked')
}

const verdicts = ['passed', 'failed', 'void', 'confirmed'] as const

function verdict(about: string, t: TFunction): string {
  const name = verdicts.find((one) => about.endsWith(` ${one}`))
  return name === undefined ? t('journal.kinds.verdict') : t(`journal.seen.verdicts.${name}`)
}

const supervisorOrders = [...supervisionModes, 'take over'] as const
const bases = ['own', 'consulted', 'present caller', 'reason'] as const

/** The search, the right by which a call was opened, or the reason. Null: none. */
export function askedIn({ kind, about, query }: Look, reader: Reader): string | null {
  const { t, language } = reader
  if (query === null) return null
  switch (kind) {
    case 'call': {
      const basis = bases.find((name) => name === query)
      return basis === undefined ? null : t(`access.basis.${basis}`)
    }
    case 'justified': {
      const reason = accessReasons.find((name) => name === query)
      return reason === undefined ? null : t(`access.reasons.${reason}`)
    }
    case 'request-list': {
      const category = about === 'similar' ? categoryOf(query)?.name : undefined
      if (category !== undefined) return inLanguage(category, language)
      return isRequest(query) ? spokenRequest(query) : query
    }
    case 'live-call': {
      const order = supervisorOrders.find((name) => name === query)
      return order === undefined ? null : t(`journal.seen.orders.${order}`)
    }
    case 'call-list':
    case 'journal':
    case 'export':
      return filtersIn(query, reader)
    case 'paper':
    case 'request':
    case 'document':
    case 'program':
      return query
    case 'screen-pop':
    case 'person-search':
    case 'question-set':
    case 'verdict':
    case 'section':
    case 'hearing':
    case 'refused':
      return null
  }
}

const filterNames =
  'account|agent|kind|about|from|to|since|queue|outcome|one number|a part of a number|without an answer|voicemails'

/** The filters of a list, which an entry has as `kind section, from 2026-11-24T00:00:00.000Z`. A cut-off one is left out. */
function filtersIn(query: string, { t, language, nameOf }: Reader): string | null {
  const parts = query.split(new RegExp(`, (?=(?:${filterNames})\\b)`))
  const words = parts.flatMap((part) => {
    if (part === 'one number') return [t('journal.asked.oneNumber')]
    if (part === 'a part of a number') return [t('journal.asked.partOfNumber')]
    if (part === 'voicemails') return [t('journal.asked.voicemails')]
    if (part === 'without an answer') return [t('journal.asked.unanswered')]
    const [, name = '', value = ''] = /^(\w+) (.+)$/.exec(part) ?? []
    const kind = accessKinds.find((one) => one === value)
    const outcome = callOutcomes.find((one) => one === value)
    if (name === 'account' || name === 'agent')
      return [t('journal.asked.account', { name: nameOf(value) ?? t('journal.asked.someone') })]
    if (name === 'kind' && kind !== undefined) return [t(`journal.kinds.${kind}`)]
    if (name === 'outcome' && outcome !== undefined) return [t(`common.outcome.${outcome}`)]
    if (name === 'queue') return [t('journal.asked.queue', { queue: value })]
    if (name === 'about')
      return [isRequest(value) ? spokenRequest(value) : isCall(value) ? callText(value, t, language) : value]
    if ((name === 'from' || name === 'to' || name === 'since') && isTime(value))
      return [t(`journal.asked.${name}`, { at: shortDateTime(value, language) })]
    return []
  })
  return words.length === 0 ? null : words.join(' · ')
}

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
const isRequest = (text: string): boolean => /^[A-Z]{1,6}\d{4}-\d{6,9}$/.test(text)
const isCall = (text: string): boolean => /^[\w-]+-\d+\.\d+$/.test(text)

/** A call is named by its time: "apelul din 25 nov., 00:56". */
export function callText(id: string, t: TFunction, language: string): string {
  const at = callTime(id, language)
  return at === null ? t('journal.seen.call') : t('journal.seen.callOf', { at })
}

/** The time of a call, which its id has in seconds; null when it has none. */
export function callTime(id: string, language: string): string | null {
  const seconds = Number(/-(\d{9,10})\.\d+$/.exec(id)?.[1] ?? 0)
  return seconds === 0 ? null : shortDateTime(seconds * 1_000, language)
}
