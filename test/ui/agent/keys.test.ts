import t from 'tap'
import {
  actionOf,
  bounceMs,
  chordOf,
  isBounce,
  keyActions,
  isAssignable,
  defaultKeys,
  type KeyPress,
} from '../../../src/ui/agent/keys/chords.ts'
import { readKeys } from '../../../src/ui/agent/keys/kept-keys.ts'

function press(key: string, held: readonly string[] = []): KeyPress {
  return {
    key,
    ctrlKey: held.includes('Control'),
    shiftKey: held.includes('Shift'),
    altKey: held.includes('Alt'),
    metaKey: held.includes('Meta'),
    getModifierState: (name) => held.includes(name),
  }
}

t.test('answer and hang up are never the same key', (t) => {
  t.equal(actionOf(chordOf(press('F8')) ?? '', defaultKeys), 'answer')
  t.equal(actionOf(chordOf(press('F8', ['Shift'])) ?? '', defaultKeys), 'hang-up')
  t.equal(new Set(Object.values(defaultKeys)).size, keyActions.length)
  t.end()
})

t.test('AltGr, which types ș and ț, is never a command, although Windows reports it as Ctrl+Alt', (t) => {
  t.equal(chordOf(press('ș', ['Control', 'Alt', 'AltGraph'])), null)
  t.equal(chordOf(press('AltGraph')), null)
  t.equal(chordOf(press('Shift', ['Shift'])), null)
  t.equal(chordOf(press('k', ['Control'])), 'Ctrl+K')
  t.equal(chordOf(press('k', ['Meta'])), 'Ctrl+K')
  t.end()
})

t.test('answer or hang-up pressed again within 700 ms is a bounce, whichever keys they are', (t) => {
  const first = { action: 'answer', at: 1_000 } as const
  t.ok(isBounce('answer', 1_000 + bounceMs - 1, first))
  t.ok(isBounce('hang-up', 1_500, first))
  t.notOk(isBounce('answer', 1_000 + bounceMs, first))
  t.notOk(isBounce('mute', 1_001, first))
  t.notOk(isBounce('answer', 1_001, { action: 'mute', at: 1_000 }))
  t.notOk(isBounce('answer', 1_001, null))
  t.end()
})

t.test('letters, Alt and keys reserved by browsers cannot be assigned', (t) => {
  for (const chord of [
    'A',
    'Ș',
    'Alt+F2',
    'Ctrl+Alt+S',
    'F5',
    'Ctrl+W',
    'Ctrl+C',
    'Ctrl+V',
    'Enter',
    'Ctrl+1',
    'Ctrl+F4',
    'Shift+F10',
    // The board's.
    'Shift+F6',
    'Ctrl+Shift+F1',
  ])
    t.notOk(isAssignable(chord), chord)
  for (const chord of ['F10', 'Shift+F2', 'Ctrl+J', 'Ctrl+Enter']) t.ok(isAssignable(chord), chord)
  t.end()
})

t.test('a new action gives way to the agent’s own keys, which stay', (t) => {
  const kept = readKeys(JSON.stringify({ ...defaultKeys, extend: undefined, mute: 'F3' }))
  t.equal(kept.mute, 'F3')
  t.equal(new Set(Object.values(kept)).size, keyActions.length)
  t.ok(isAssignable(kept.extend), kept.extend)
  t.end()
})

t.test('stored keys are taken only if they are allowed and unique', (t) => {
  t.equal(readKeys(JSON.stringify({ mute: 'F10' })).mute, 'F10')
  t.equal(readKeys(JSON.stringify({ mute: 'M' })).mute, defaultKeys.mute)
  t.equal(readKeys(JSON.stringify({ mute: 'Shift+F6' })).mute, defaultKeys.mute)
  t.strictSame(readKeys(JSON.stringify({ mute: 'F8' })), defaultKeys)
  t.strictSame(readKeys('{broken'), defaultKeys)
  t.strictSame(readKeys(null), defaultKeys)
  t.end()
})
