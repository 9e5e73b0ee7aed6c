import { useTranslation } from 'react-i18next'
import type { Item } from './use-calls.ts'

/** The agents of a call in the order of their last words; the last one has it, or had it last. */
export function AgentNames({
  call: { agent, earlierAgents },
}: {
  readonly call: Pick<Item, 'agent' | 'earlierAgents'>
}) {
  const { t } = useTranslation()
  return (
    <>
      {earlierAgents.map(({ id, name }) => (
        <span key={id}>
          {name}
          <span aria-hidden="true"> → </span>
          <span className="spoken-only">{t('calls.handedTo')}</span>
        </span>
      ))}
      {agent?.name ?? t('common.none')}
    </>
  )
}
