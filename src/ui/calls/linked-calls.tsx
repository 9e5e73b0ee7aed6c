import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { returnWords } from './abandoned/return-words.ts'
import type { Detail } from './use-calls.ts'

/**
 * The call in which a callback was promised, or the callback; for a call that an agent has returned, the earlier one; for that one,
 * who returned it and when.
 */
export function LinkedCalls({ call }: { readonly call: Detail }) {
  const { t, i18n } = useTranslation()
  const links = call.events.flatMap(({ type, detail }) => {
    if (type === 'CallbackPromised') return [{ id: detail['call'], label: t('calls.callback'), text: null }]
    if (type !== 'CallPlaced') return []
    const returns = (detail['returns'] ?? {}) as Record<string, unknown>
    const label = t(detail['by'] === null ? 'calls.callbackOf' : 'calls.returned')
    return [{ id: returns['call'], label, text: null }]
  })
  const isPromised = call.events.some(({ type }) => type === 'CallbackPromised')
  const returns = call.returnedBy.flatMap((one) =>
    // A promised callback is linked by its promise; the next attempt of one from the public page by the first.
    one.by === null && isPromised
      ? []
      : [
          {
            id: one.call,
            label: t('calls.callback'),
            text: one.by === null ? null : returnWords(one, t, i18n.language),
          },
        ],
  )
  return [...links, ...returns].map(({ id, label, text }) =>
    typeof id !== 'string' ? null : (
      <Fragment key={id}>
        <dt>{label}</dt>
        <dd>
          <Link href={`/calls/${encodeURIComponent(id)}`}>{text ?? t('calls.see')}</Link>
        </dd>
      </Fragment>
    ),
  )
}
