import { Button, TextInput } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { sendTone } from '../phone/phone.ts'
import { isTone, tones, type Tone } from '../phone/tone-queue.ts'
import { keyTyped } from './use-keypad.ts'
import styles from './keypad.module.css'

/** As many as the field shows. */
const shownMax = 18

/**
 * Sends tones by keyboard or mouse and shows those that have gone out. The field has the focus, because a screen reader
 * passes digits on to a field only.
 */
export function Keypad() {
  const { t } = useTranslation()
  const [sent, setSent] = useState('')
  const [refused, setRefused] = useState(false)

  const send = (tone: Tone): void => setRefused(!sendTone(tone, () => setSent((before) => before + tone)))

  function press(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.altKey || event.metaKey || !isTone(event.key)) return
    event.preventDefault()
    keyTyped(event)
    if (!event.repeat) send(event.key)
  }

  return (
    <fieldset aria-label={t('desk.keypad.open')} className={styles['keypad']} data-keypad>
      <TextInput
        label={t('desk.keypad.sent')}
        description={t('desk.keypad.how')}
        descriptionProps={{ fz: 13 }}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        value={sent.length > shownMax ? `…${sent.slice(-shownMax)}` : sent}
        readOnly
        onKeyDown={press}
        error={refused ? t('desk.keypad.refused') : null}
        autoComplete="off"
        data-autofocus
        data-tones-sent
      />
      <div className={styles['tones']}>
        {tones.map((tone) => (
          <Button
            key={tone}
            variant="default"
            h={40}
            px={0}
            data-tone={tone}
            onKeyDown={press}
            onClick={() => send(tone)}
          >
            {tone}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}
