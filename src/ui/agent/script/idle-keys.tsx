import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { keyMap } from '../keys/key-map.ts'
import styles from './script-zone.module.css'

const shown = ['answer', 'hold', 'mute', 'hang-up', 'save', 'pause-ready', 'help'] as const

/** Shown without a call: the keys of a call as this agent has set them. */
export function IdleKeys() {
  const { t } = useTranslation()
  const map = useStore(keyMap)
  return (
    <div className={styles['idleKeys']}>
      <h2 className={styles['heading']}>{t('keys.title')}</h2>
      <dl>
        {shown.map((action) => (
          <div key={action}>
            <dt>
              <kbd>{map[action]}</kbd>
            </dt>
            <dd>{t(`keys.actions.${action}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
