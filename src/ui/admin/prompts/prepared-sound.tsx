import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocus } from '../../shared/use-focus.ts'
import { decimal } from './decimal.ts'
import { PlayButton } from './play-button.tsx'
import { loudnessIn, secondsIn } from './wave-facts.ts'
import admin from '../admin.module.css'
import styles from './prompts.module.css'

interface PreparedSoundProps {
  readonly sound: Blob
  readonly isMusic: boolean
  /** It was made in this panel. */
  readonly isNew: boolean
}

/** The sound as the server has made it; a new one takes the focus, because the button that asked for it is gone. */
export function PreparedSound({ sound, isMusic, isNew }: PreparedSoundProps) {
  const { t, i18n } = useTranslation()
  const title = useFocus<HTMLHeadingElement>(isNew)
  const [facts, setFacts] = useState<{ readonly seconds: number; readonly loudness: number } | null>(null)
  useEffect(() => {
    let isShown = true
    const measure = async (): Promise<void> => {
      const [seconds, loudness] = await Promise.all([secondsIn(sound), loudnessIn(sound)])
      if (isShown) setFacts({ seconds, loudness })
    }
    void measure()
    return () => {
      isShown = false
    }
  }, [sound])
  return (
    <section className={styles['prepared']} aria-labelledby="prepared">
      <h3 id="prepared" tabIndex={-1} ref={title}>
        {t('prompts.preparedTitle')}
        {facts !== null && (
          <span data-prepared>
            {': '}
            {t('prompts.measured', {
              seconds: decimal(facts.seconds, i18n.language),
              loudness: decimal(facts.loudness, i18n.language),
            })}
          </span>
        )}
      </h3>
      <p className={admin['quiet']}>
        {t('prompts.prepared')} {t(isMusic ? 'prompts.music.loudnessHint' : 'prompts.loudnessHint')}
      </p>
      <PlayButton label={t('prompts.listenPrepared')} load={async () => sound} of="prepared" />
    </section>
  )
}
