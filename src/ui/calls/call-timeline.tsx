import { useTranslation } from 'react-i18next'
import type { Detail } from './use-calls.ts'
import { clockWithMs, numeral } from '../shared/time/time.ts'
import { useLive } from '../live/use-live.ts'
import { useQueueName } from '../shared/server/queue-names.ts'
import { askedIn, contactNames, eventText, offersOf, partyOf, targetOf } from './event-texts.ts'
import styles from './calls.module.css'

type Event = Detail['events'][number]

/** Every event with its time in milliseconds and the delay since the previous one. */
export function CallTimeline({ call }: { readonly call: Detail }) {
  const { t, i18n } = useTranslation()
  // A supervisor's feed lists all agents; for everybody else only those who were in the call have a name.
  const agents = useLive((state) => state.agents)
  const offers = offersOf(call.events)
  const present = [...call.people, ...[...call.legs, ...call.others].map(({ agent }) => agent)]
  const known = new Map(
    [...present, ...(call.agent === null ? [] : [call.agent])].map((one): [string, string] => [
      one.id,
      one.name,
    ]),
  )
  const contacts = contactNames(call.events)
  const nameOf = (id: string | null): string | null =>
    id === null ? null : (known.get(id) ?? contacts.get(id) ?? agents.get(id)?.name ?? null)
  const queueName = useQueueName()
  const targetName = (event: Event, index: number): string | null => {
    const to = targetOf(event)
    if (to === null) return nameOf(askedIn(call.events, index))
    if ('queue' in to) return queueName(to.queue)
    return nameOf('contact' in to ? to.contact : to.agent)
  }
  const textOf = (event: Event, index: number): string => {
    const party = partyOf(event, offers, call.events[index - 1])
    const who = nameOf(party?.agent ?? null)
    const named = { who, target: targetName(event, index), role: party?.role ?? 'agent' }
    return eventText(event, t, named, ofMany)
  }
  const ofMany = call.earlierAgents.length > 0 || call.others.length > 0
  return (
    <table className={styles['timeline']}>
      <thead>
        <tr>
          <th scope="col">{t('calls.page.at')}</th>
          <th scope="col" className={styles['figure']}>
            {t('calls.page.gap')}
          </th>
          <th scope="col">{t('calls.page.what')}</th>
        </tr>
      </thead>
      <tbody>
        {call.events.map((event, index) => (
          <tr key={event.seq}>
            <td>
              <time dateTime={event.at}>{clockWithMs(event.at, i18n.language)}</time>
            </td>
            <td className={styles['figure']}>{after(call.events[index - 1], event, i18n.language)}</td>
            <td>{textOf(event, index)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function after(before: Event | undefined, event: Event, language: string): string {
  if (before === undefined) return ''
  const ms = Date.parse(event.at) - Date.parse(before.at)
  if (ms < 1_000) return `+${ms} ms`
  return `+${numeral(ms / 1_000, language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`
}
