import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useLive } from '../../live/use-live.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { useNow } from '../../shared/time/now.ts'
import { hourAndMinute } from '../../shared/time/time.ts'
import { agentPath } from '../board/agent-path.ts'
import { emergencies } from '../board/figures.ts'
import styles from '../board/board.module.css'

/** An alarm on the board while an agent has dialled 112 within the last hour, with the name and the time. */
export function EmergencyLine() {
  const { t, i18n } = useTranslation()
  const agents = useLive((state) => state.agents)
  const calls = emergencies(agents.values(), useNow())
  return (
    // Always there: a screen reader announces only what comes into it.
    <div role="alert">
      {calls.map(({ id, name, at }) => (
        <p key={id} className={styles['emergency']} data-emergency={id}>
          <Icon name="warning" size={16} />{' '}
          <Link href={agentPath(id)}>
            {t('board.emergency', { name, time: hourAndMinute(at, i18n.language) })}
          </Link>
        </p>
      ))}
    </div>
  )
}
