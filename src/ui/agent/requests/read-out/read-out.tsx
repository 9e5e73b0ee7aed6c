import { useTranslation } from 'react-i18next'
import { useStore } from '../../../shared/store.ts'
import { callIdOf } from '../../desk-state.ts'
import { useDeskState } from '../../use-desk.ts'
import { RegisteredCard, SpokenNumbers } from './registered-card.tsx'
import { registeredHere, type Registered } from '../shown-request.ts'
import styles from '../../../requests/requests.module.css'

interface ReadOutProps {
  readonly registered: Registered
}

/** The registered request whose number the agent has to tell the caller now. */
export function useToSay(): Registered | undefined {
  const state = useDeskState()
  const call = callIdOf(state)
  const toSay = useStore(registeredHere, (list) => list.findLast((one) => one.call === call && !one.told))
  return state.name === 'talking' ? toSay : undefined
}

/** On the desk. During the conversation the numbers are shown in the right zone instead. */
export function ReadOutCard({ registered }: ReadOutProps) {
  const { t } = useTranslation()
  const state = useDeskState()
  const inScript = state.name === 'talking' && callIdOf(state) === registered.call && !registered.told
  return (
    <RegisteredCard registered={registered}>
      {inScript ? (
        <p className={styles['hint']}>{t('requests.sayRight')}</p>
      ) : (
        <NumbersToSay registered={registered} />
      )}
    </RegisteredCard>
  )
}

/** The numbers of a request, told in the call on the desk. */
export function NumbersToSay({ registered }: ReadOutProps) {
  const call = callIdOf(useDeskState())
  return <SpokenNumbers registered={registered} call={call} keyed />
}
