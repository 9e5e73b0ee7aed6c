import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type { DryRunRequest, DryRunStep } from '../../../../http/configuration/wire.ts'
import { hourAndMinute, longDateWithYear } from '../../../shared/time/time.ts'
import { nameIn, overflowWords } from '../change-words.ts'
import styles from './dry-run.module.css'

interface StoryProps {
  readonly steps: readonly DryRunStep[]
  readonly document: Configuration
  readonly order: DryRunRequest
}

/** The steps in words; what is heard is quoted. */
export function Story({ steps, document, order }: StoryProps) {
  const { t, i18n } = useTranslation()
  const at = momentWords(order.at, i18n.language, t)
  return (
    <>
      <h2 className={styles['title']}>{t('configuration.try.title', { number: order.number, at })}</h2>
      <ol className={styles['story']}>
        {steps.map((step, index) => (
          <li
            key={index}
            data-step={step.step}
            data-key={step.step === 'key' ? (step.key ?? '-') : undefined}
          >
            {stepWords(step, document, t, i18n.language)}
            {'says' in step && (
              <q lang={'language' in step ? step.language : 'ro'} className={styles['heard']}>
                {step.says}
              </q>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

/** `vineri, 4 decembrie 2026, 21:58` */
const momentWords = (at: string, language: string, t: TFunction): string =>
  t('configuration.try.moment', { day: longDateWithYear(at, language), time: hourAndMinute(at, language) })

function stepWords(step: DryRunStep, document: Configuration, t: TFunction, language: string): string {
  switch (step.step) {
    case 'unknown number':
      return t('configuration.try.unknown', { number: step.number })
    case 'busy':
      return t('configuration.try.busy')
    case 'closed':
      return step.opensAt === null
        ? t('configuration.try.closed')
        : t('configuration.try.closedUntil', { at: momentWords(step.opensAt, language, t) })
    case 'callback while closed':
      return t('configuration.try.callbackWhileClosed', {
        queue: step.name,
        at: momentWords(step.opensAt, language, t),
      })
    case 'voicemail':
      return step.opensAt === null
        ? t('configuration.try.voicemail', { queue: step.name })
        : t('configuration.try.voicemailUntil', {
            queue: step.name,
            at: momentWords(step.opensAt, language, t),
          })
    case 'voicemail by key':
      return t('configuration.try.voicemailByKey', { queue: step.name })
    case 'open':
      return step.closesAt === null
        ? t('configuration.try.open')
        : t('configuration.try.openUntil', { at: momentWords(step.closesAt, language, t) })
    case 'not answered': {
      const { seconds, menu } = step
      // A node of the release before does not tell it.
      if (typeof menu !== 'string') return t('configuration.try.notAnswered', { seconds })
      return t('configuration.try.notAnsweredWithMenu', { seconds, menu: nameIn(document, 'menus', menu, t) })
    }
    case 'greeting':
      return t('configuration.try.greeting')
    case 'menu': {
      const menu = t('configuration.of.menus', { name: nameIn(document, 'menus', step.menu, t) })
      return t(step.isWrongKey ? 'configuration.try.wrongKey' : 'configuration.try.menu', {
        menu,
        language: step.language,
      })
    }
    case 'key':
      return step.key === null ? t('configuration.try.noKey') : t('configuration.try.key', { key: step.key })
    case 'queue':
      return t('configuration.try.queue', { queue: step.name })
    case 'notice':
      return t('configuration.try.notice')
    case 'own announcement':
      return t('configuration.try.ownAnnouncement', {
        first: step.firstAfterSeconds,
        every: step.everySeconds,
      })
    case 'overflow':
      return t('configuration.try.overflow', { overflow: overflowWords(step, step.name, t) })
    case 'callback question':
      return t('configuration.try.asked', { seconds: step.afterSeconds })
    case 'waited too long':
      return t(`configuration.try.waitEnds.${step.by}`, { at: momentWords(step.at, language, t) })
  }
}
