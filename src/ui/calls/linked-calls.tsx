import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Detail } from './use-calls.ts'

/** The call in which a callback was promised, or the callback; for a call that an agent has returned, the earlier one. */
export function LinkedCalls({ call }: { readonly call: Detail }) {
  const { t } = useTranslation()
  const links = call.events.flatMap(({ type, detail }) => {
    if (type === 'CallbackPromised') return [{ id: detail['call'], label: t('calls.callback') }]
    if (type !== 'CallPlaced') return []
    const returns = (detail['returns'] ?? {}) as Record<string, unknown>
    const label = t(detail['by'] === null ? 'calls.callbackOf' : 'calls.returned')
    return [{ id: returns['call'], label }]
  })
  return links.map(({ id, label }) =>
    typeof id !== 'string' ? null : (
      <Fragment key={id}>
        <dt>{label}</dt>
        <dd>
          <Link href={`/calls/${encodeURIComponent(id)}`}>{t('calls.see')}</Link>
        </dd>
      </Fragment>
    ),
  )
}
