/** Sentences about the outside systems. */
import type { TFunction } from 'i18next'
import type { ConnectionCause, Connections, ConnectionTest } from '../../../http/connections/wire.ts'
import { numeral, shortDateTime } from '../../shared/time/time.ts'

/** 0,8 and 12: below ten a decimal tells a host on this network from one far away. */
export const milliseconds = (ms: number, language: string): string =>
  numeral(ms, language, { maximumFractionDigits: ms < 10 ? 1 : 0 })

export const causeText = (cause: ConnectionCause, status: number | null, t: TFunction): string =>
  t(`connections.causes.${cause}`, { status: status ?? '–' })

/** The finding of a test, as it is told once the test has ended. */
export function testText(test: ConnectionTest, t: TFunction, language: string): string {
  const { outcome, cause, status, part, tookMs, hosts, readOnly } = test
  const answers = hosts.map(({ name, roundTripMs }) =>
    roundTripMs === null
      ? t('connections.test.silentHost', { name })
      : t('connections.test.host', { name, ms: milliseconds(roundTripMs, language) }),
  )
  const told = answers.length === 0 ? '' : `${answers.join('; ')}.`
  if (outcome === 'fails') {
    const where = part === null ? '' : t(`connections.test.parts.${part}`)
    const why = told !== '' || cause === null ? told : causeText(cause, status, t)
    return [where, why].filter((text) => text !== '').join(' ')
  }
  if (told !== '') return told
  const rights = readOnly === false ? t('connections.mayWrite') : ''
  return [t('connections.test.works', { ms: milliseconds(tookMs, language) }), rights]
    .filter((text) => text !== '')
    .join(' ')
}

/** "3 mesaje așteaptă, cel mai vechi din 24 nov., 14:03 · unul întârziat" */
export function waitingText(
  { unsent, late, givenUp, oldestAt }: Connections['documents'],
  t: TFunction,
  language: string,
): string {
  if (unsent === null) return t('connections.notOnRecord')
  if (unsent === 0 || oldestAt === null) return t('connections.noneUnsent')
  return [
    t('connections.unsent', { count: unsent, at: shortDateTime(oldestAt, language) }),
    late !== null && late > 0 ? t('connections.late', { count: late }) : '',
    givenUp !== null && givenUp > 0 ? t('connections.givenUp', { count: givenUp }) : '',
  ]
    .filter((text) => text !== '')
    .join(' · ')
}
