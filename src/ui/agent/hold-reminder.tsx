import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { remind } from './phone/ring-tone.ts'
import { useDeskState, useHoldReminders } from './use-desk.ts'

/** A caller on hold hears music, and the agent nothing: a soft tone and an announcement tell of one who waits for long. */
export function HoldReminder() {
  const { t } = useTranslation()
  const reminders = useHoldReminders(useDeskState())
  useEffect(() => {
    if (reminders > 0) remind()
  }, [reminders])
  // A new element is announced again, although the words are the same.
  return (
    <p role="alert" className="spoken-only" key={reminders}>
      {reminders > 0 && t('desk.heldLong')}
    </p>
  )
}
