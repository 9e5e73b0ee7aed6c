import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { ready, refusal, soundFault } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { usePhone } from '../phone/use-phone.ts'
import { useMyAgent } from '../use-desk.ts'
import styles from './call-zone.module.css'

/** The current problem, what was saved and what to do, inside the page and never in a pop-up. */
export function DeskProblem({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const agent = useMyAgent()
  const refused = useStore(refusal)
  const fault = useStore(soundFault)
  const blocked = usePhone((phone) => phone.playbackBlocked)
  const callFault = usePhone((phone) => (phone.testRefused ? 'refused' : phone.audio.fault))
  const microphone = usePhone((phone) => phone.microphone)
  const inPage = usePhone((phone) => phone.session !== null)
  const otherCall = agent?.state === 'ready' && agent.phones.ownCalls > 0 && !inPage
  // Silence is expected while the caller is on hold.
  const heardFault = state.name === 'held' ? null : callFault
  const shownFault = fault !== null && fault !== 'checking' ? fault : heardFault
  return (
    <div aria-live="polite">
      {(microphone === 'denied' || microphone === 'none') && (
        <p className={styles['problem']}>
          {t('phone.listenOnly', { why: t(microphone === 'denied' ? 'phone.denied' : 'phone.noMicrophone') })}
        </p>
      )}
      {blocked && <p className={styles['problem']}>{t('phone.blocked')}</p>}
      {shownFault !== null && (
        <p className={styles['problem']}>
          <strong>{t('phone.notArriving')}.</strong> {t(`phone.cause.${shownFault}`)}
          {fault !== null && agent !== undefined && (
            <Button
              mt={4}
              size="compact-sm"
              variant="default"
              onClick={() => void ready(agent, { anyway: true })}
            >
              {t('phone.readyAnyway')}
            </Button>
          )}
        </p>
      )}
      {otherCall && <p className={styles['problem']}>{t('desk.ownCall')}</p>}
      {refused !== null && <p className={styles['problem']}>{problemText(refused.error, t)}</p>}
    </div>
  )
}
