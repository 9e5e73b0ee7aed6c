/** Line icons on a 24-unit grid. They accompany a word and are hidden from screen readers. */
const paths = {
  ready: 'M5 13l4 4L19 7',
  paused: 'M9 5v14M15 5v14',
  ringing: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4M3 6l2-2M21 6l-2-2',
  talking: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2',
  held: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2M16 3v6M20 3v6',
  'wrap-up': 'M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4',
  'no-phone':
    'M3 3l18 18M5 4h4l2 5-2.5 1.5a11 11 0 0 0 1.6 2.2M14 16a11 11 0 0 1-.5-.5M20 17v2a2 2 0 0 1-2 2A15 15 0 0 1 3 6',
  reconnecting: 'M20 11a8 8 0 1 0-.6 4M20 5v6h-6',
  'signed-out':
    'M14 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2v-2M9 12h12M18 9l3 3-3 3',
  elsewhere: 'M4 8h11v11H4zM8 8V4h12v12h-5',
  connecting: 'M12 3v4M12 17v4M3 12h4M17 12h4',
  callOut:
    'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2M14 10l7-7M16 3h5v5',
  hangUp: 'M3 14c5-5 13-5 18 0l-2.5 3-4-2v-3a9 9 0 0 0-5 0v3l-4 2z',
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3M5 11a7 7 0 0 0 14 0M12 18v3',
  microphoneOff:
    'M3 3l18 18M15 10V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.5 2.6M5 11a7 7 0 0 0 11 5.7M19 11a7 7 0 0 1-.6 2.8M12 18v3',
  ear: 'M6 10a6 6 0 1 1 11.5 2.4c-1 2.2-3 2.6-3 5a3.2 3.2 0 0 1-6 1.6M9.5 10a2.6 2.6 0 0 1 5 .6c-.2 1.4-1.6 1.4-1.8 3',
  whisper: 'M4 5h16v10H11l-4 4v-4H4zM8 10v.01M12 10v.01M16 10v.01',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M15.5 15.5L21 21',
  light:
    'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  dark: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4',
  more: 'M12 5v.01M12 12v.01M12 19v.01',
  play: 'M7 4l13 8-13 8z',
  warning: 'M12 3l10 18H2zM12 10v5M12 18v.01',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 8v4l3 2',
  notice: 'M4 10v4h3l8 4V6l-8 4zM18 9a4 4 0 0 1 0 6',
  down: 'M6 9l6 6 6-6',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  transfer: 'M4 12h15M13 6l6 6-6 6M4 5v14',
  swap: 'M7 4L3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7',
  people:
    'M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M2 20a7 7 0 0 1 14 0M16 5.3a3.5 3.5 0 0 1 0 6.4M22 20a7 7 0 0 0-4-6.3',
  consulted: 'M4 5h11v8H9l-3 3v-3H4zM18 9h3v8h-2v3l-3-3h-5v-1.5',
  hand: 'M7 12V6.5a1.5 1.5 0 0 1 3 0V11V4.5a1.5 1.5 0 0 1 3 0V11V5.5a1.5 1.5 0 0 1 3 0V12V8.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-2a6 6 0 0 1-5-3l-3-5a1.6 1.6 0 0 1 2.7-1.7L7 13',
  recordOff: 'M3 3l18 18M8.5 5.9A7 7 0 0 1 18.1 15.5M15.800 18A7 7 0 0 1 6 8.2',
  record: 'M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6',
  keypad:
    'M5 4a1 1 0 1 1 0 2 1 1 0 1 1 0-2M12 4a1 1 0 1 1 0 2 1 1 0 1 1 0-2M19 4a1 1 0 1 1 0 2 1 1 0 1 1 0-2M5 11a1 1 0 1 1 0 2 1 1 0 1 1 0-2M12 11a1 1 0 1 1 0 2 1 1 0 1 1 0-2M19 11a1 1 0 1 1 0 2 1 1 0 1 1 0-2M5 18a1 1 0 1 1 0 2 1 1 0 1 1 0-2M12 18a1 1 0 1 1 0 2 1 1 0 1 1 0-2M19 18a1 1 0 1 1 0 2 1 1 0 1 1 0-2',
  queue: 'M8 6h12M8 12h12M8 18h12M4 6v.01M4 12v.01M4 18v.01',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4 20a8 8 0 0 1 16 0',
  right: 'M9 6l6 6-6 6',
  history: 'M4 12a8 8 0 1 0 2.4-5.7L4 8.5M4 4v4.5h4.5M12 8v4.5l3 2',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      <path d={paths[name]} />
    </svg>
  )
}
