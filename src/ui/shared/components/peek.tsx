import { Popover, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import styles from './peek.module.css'

interface PeekProps {
  /** Names the panel for tests and styles. */
  readonly name: string
  readonly title: string
  /** The content of the button, with its name. */
  readonly face: ReactNode
  readonly position?: 'right-start' | 'right-end'
  /** A function gets the one that closes the panel. */
  readonly children: ReactNode | ((close: () => void) => ReactNode)
}

/** A button that opens a panel beside it. The panel takes the focus; Escape closes it and returns the focus. */
export function Peek({ name, title, face, position = 'right-start', children }: PeekProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position={position}
      width={360}
      shadow="md"
      // Hidden with a button that is scrolled away, it would lose the focus.
      hideDetached={false}
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
      portalProps={{ target: '#work' }}
    >
      <Popover.Target>
        <UnstyledButton
          className={styles['face'] ?? ''}
          data-peek={name}
          onClick={() => setOpened(!opened)}
          // The panel has not taken the focus yet.
          onKeyDown={({ key }) => key === 'Escape' && setOpened(false)}
        >
          {face}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={styles['panel'] ?? ''} data-panel={name}>
        <h3 className={styles['title']}>{title}</h3>
        {typeof children === 'function' ? children(() => setOpened(false)) : children}
      </Popover.Dropdown>
    </Popover>
  )
}
