import { Button, Kbd } from '@mantine/core'
import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { chordOf, type KeyAction } from './chords.ts'

interface KeyRowProps {
  readonly action: KeyAction
  readonly chord: string
  readonly changing: boolean
  readonly begin: () => void
  readonly cancel: () => void
  readonly take: (chord: string) => void
}

export function KeyRow({ action, chord, changing, begin, cancel, take }: KeyRowProps) {
  const { t } = useTranslation()
  const press = useEffectEvent((event: KeyboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    const pressed = chordOf(event)
    if (pressed === 'Escape') cancel()
    else if (pressed !== null) take(pressed)
  })
  useEffect(() => {
    if (!changing) return undefined
    const listen = (event: KeyboardEvent): void => press(event)
    // Registered in the capture phase: otherwise the desk would act on the key being chosen.
    document.documentElement.dataset['choosingKey'] = 'yes'
    window.addEventListener('keydown', listen, true)
    return () => {
      delete document.documentElement.dataset['choosingKey']
      window.removeEventListener('keydown', listen, true)
    }
  }, [changing])
  const name = t(`keys.actions.${action}`)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{changing ? <em>{t('keys.press')}</em> : <Kbd>{chord}</Kbd>}</td>
      <td>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={`${t('keys.change')}: ${name}`}
          onClick={changing ? cancel : begin}
        >
          {t('keys.change')}
        </Button>
      </td>
    </tr>
  )
}
