import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { hourAndMinute, longDate, today } from '../../shared/time/time.ts'
import { useNow } from '../../shared/time/now.ts'
import styles from './caller-zone.module.css'

/**
 * The number, the name that the network gave with it, and how often the number has called. Nobody is named from
 * earlier calls or requests: a number does not say who holds the phone.
 */
export function CallerHead({ call }: { readonly call: LiveCallView }) {
  const { t } = useTranslation()
  return (
    <div className={styles['head']} data-caller-head>
      <p className={styles['number']}>
        {call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}
      </p>
      {call.caller !== null && call.callerName !== null && (
        <p className={styles['name']}>{call.callerName}</p>
      )}
      <p className={styles['often']}>{useOften(call)}</p>
    </div>
  )
}

function useOften(call: LiveCallView): string {
  const { t, i18n } = useTranslation()
  const context = useLive((live) => live.context)
  const skewMs = useLive((live) => live.skewMs)
  const now = useNow() + skewMs
  if (call.caller === null) return t('desk.caller.withheld')
  if (context?.callId !== call.id) return ''
  const [last] = context.previousCalls
  if (last === undefined) return t('desk.home.firstTime')
  const times = t('desk.earlier', { count: context.previousCount })
  return t('desk.home.often', { times, when: whenSaid(last.arrivedAt, now, t, i18n.language) })
}

/** "azi la 10:12", "ieri la 10:12", otherwise "joi, 24 decembrie". */
function whenSaid(at: string, now: number, t: TFunction, language: string): string {
  const day = today(Date.parse(at))
  const time = hourAndMinute(at, language)
  if (day === today(now)) return t('desk.home.today', { time })
  return day === today(now - 86_400_000) ? t('desk.home.yesterday', { time }) : longDate(at, language)
}
