import { Kbd, TextInput } from '@mantine/core'
import { useFocusReturn } from '@mantine/hooks'
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../shared/components/dialog.tsx'
import { fits } from '../../shared/likeness.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import type { KeyAction } from './chords.ts'
import { useCommands, type Command } from './use-commands.ts'
import { useCallOutCommand } from '../outbound/use-call-out-command.ts'
import { useArticleCommands } from './use-article-commands.ts'
import styles from './keys.module.css'

interface PaletteProps {
  readonly opened: boolean
  readonly close: () => void
  readonly run: (action: KeyAction) => void
}

/** Every command by name, for keys that the agent does not remember. */
export function Palette({ opened, close, run }: PaletteProps) {
  const { t } = useTranslation()
  const chosen = useRef<Command | null>(null)
  const restoreFocus = useFocusReturn({ opened, shouldReturnFocus: false })
  const closed = useEffectEvent(() => {
    const command = chosen.current
    chosen.current = null
    // The focus first returns to where it was; the command may then move it.
    restoreFocus()
    command?.run()
  })
  useEffect(() => {
    if (opened) return closed
    return undefined
  }, [opened])
  return (
    <Dialog opened={opened} close={close} title={t('keys.palette.title')} width={460} returnFocus={false}>
      {opened && (
        <Commands
          take={(command) => {
            chosen.current = command
            close()
          }}
          run={run}
        />
      )}
    </Dialog>
  )
}

interface CommandsProps {
  readonly take: (command: Command) => void
  readonly run: (action: KeyAction) => void
}

/** Typing filters the list, Enter runs the first command found, the arrow keys move. */
function Commands({ take, run }: CommandsProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const named = useCommands(run).filter(({ label }) => text.trim() === '' || fits(label, text) > 0)
  const found = [...useCallOutCommand(text), ...named, ...useArticleCommands(text)]
  const commands = [...found.filter(({ why }) => why === null), ...found.filter(({ why }) => why !== null)]

  function choose(command: Command): void {
    if (command.why === null) take(command)
  }

  // Enter before the search has finished runs the first result once it arrives.
  const awaited = useRef<string | null>(null)
  const first = commands[0]
  const arrive = useEffectEvent((id: string | undefined) => {
    if (first === undefined || first.id !== id || awaited.current !== text) return
    awaited.current = null
    choose(first)
  })
  const firstId = first?.id
  useEffect(() => arrive(firstId), [firstId])

  function walk(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const stops = [...(box.current?.querySelectorAll<HTMLElement>('input, li button') ?? [])]
    const here = stops.findIndex((stop) => stop === document.activeElement)
    stops[(here + step + stops.length) % stops.length]?.focus()
  }

  return (
    <div ref={box}>
      <TextInput
        data-autofocus
        aria-label={t('keys.palette.placeholder')}
        placeholder={t('keys.palette.placeholder')}
        value={text}
        onChange={(event) => {
          awaited.current = null
          setText(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          walk(event)
          // The first of all commands may be the end of the call: Enter runs only what was looked for.
          if (event.key !== 'Enter' || event.ctrlKey || text.trim() === '') return
          if (first === undefined) awaited.current = text
          else choose(first)
        }}
      />
      <ul className={styles['commands']} data-looked-for={text.trim() !== '' || undefined}>
        {commands.map((command) => (
          <li key={command.id}>
            <button
              type="button"
              {...unavailable(command.why !== null)}
              onClick={() => choose(command)}
              onKeyDown={walk}
            >
              <span>
                {command.label}
                {command.why !== null && <small>{command.why}</small>}
              </span>
              {command.key !== null && <Kbd>{command.key}</Kbd>}
            </button>
          </li>
        ))}
      </ul>
      <output>{commands.length === 0 ? t('keys.palette.nothing') : ''}</output>
    </div>
  )
}
