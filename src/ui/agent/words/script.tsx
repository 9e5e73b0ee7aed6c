import { useTranslation } from 'react-i18next'
import { useMe } from '../../shared/me.ts'
import { useNow } from '../../shared/now.ts'
import { longDate } from '../../shared/time.ts'
import type { DeskState } from '../desk-state.ts'
import styles from './words-zone.module.css'

/** The sentences of the moment, large enough to read aloud without leaning in. */
export function Script({ state }: { readonly state: DeskState }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const now = useNow()
  const greeting = t('desk.words.greeting', { name: me.name })
  return (
    <div className={styles['script']} data-idle={isIdle(state)}>
      <h2 className={styles['heading']}>{t('desk.words.say')}</h2>
      {state.name === 'ringing' && <p className={styles['aloud']}>{greeting}</p>}
      {state.name === 'talking' && (
        <>
          <p>{t('desk.words.talking1')}</p>
          <p className={styles['aloud']}>{t('desk.words.talking2')}</p>
          <p>{t('desk.words.talking3')}</p>
        </>
      )}
      {state.name === 'held' && (
        <>
          <p>{t('desk.words.heldNote')}</p>
          <p className={styles['aloud']}>{t('desk.words.held')}</p>
        </>
      )}
      {state.name === 'reconnecting' && (
        <>
          <p>{t('desk.words.reconnectingNote')}</p>
          <p className={styles['aloud']}>{t('desk.words.reconnecting')}</p>
        </>
      )}
      {state.name === 'wrap-up' && <p>{t('desk.words.wrapUp')}</p>}
      {isIdle(state) && (
        <>
          <p>{t('desk.words.idle')}</p>
          <p className={styles['aloud']}>{greeting}</p>
          <p className={styles['today']}>
            {t('desk.words.today')} <strong>{longDate(now, i18n.language)}</strong>
          </p>
        </>
      )}
    </div>
  )
}

function isIdle(state: DeskState): boolean {
  return ['connecting', 'elsewhere', 'signed-out', 'ready', 'paused', 'no-phone'].includes(state.name)
}
