/** Planted bugs of callers of a closed number who may choose by key to be called back (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfClosedNumbers: readonly PlantedBug[] = [
  {
    name: 'a caller of a closed number who presses no key stays on the line',
    rules: ['a key of a caller of a closed number awaited past its bound'],
    file: 'core/steps/closed.ts',
    find: 'isReading: false, until: now + bounds.menuKeyMs',
    replace: 'isReading: false, until: now + bounds.menuKeyMs * 100',
  },
  {
    name: 'a callback is promised while it is closed before the number is read out',
    rules: ['a callback was promised without a confirmation', 'a number was not read out'],
    file: 'core/steps/closed.ts',
    find: "...reading(call, 'confirmation', {",
    replace: "...reading(call, 'interest', {",
  },
  {
    name: 'one key is enough while it is closed',
    rules: ['a callback was promised without a confirmation', 'a key led elsewhere while it is closed'],
    file: 'core/steps/closed.ts',
    find: "reading(call, 'interest', { say: 'callback question', ...heard(told) }, now)",
    replace: "reading(call, 'confirmation', { say: 'callback question', ...heard(told) }, now)",
  },
  {
    name: 'any key asks for a callback while it is closed',
    rules: ['a key without a meaning was taken'],
    file: 'core/steps/closed.ts',
    find: 'if (isInterest(awaits, key) && caller.number !== null) {',
    replace:
      "if (awaits === 'interest' && isInterest !== undefined && key !== '#' && caller.number !== null) {",
  },
  {
    name: 'another key than the confirmation is heard as silence while it is closed',
    rules: ['a key led elsewhere while it is closed'],
    file: 'core/steps/closed.ts',
    find: "dismiss(call, 'closed', { say: 'closed', ...heard(call) }, now)",
    replace: "end(call, 'closed', 'system', now)",
  },
  {
    name: 'who hangs up while it is closed has abandoned the call',
    rules: ['a caller of a closed number ended as another one'],
    file: 'core/steps/closed.ts',
    find: "outcomeOf(event) === 'failed' ? 'failed' : 'closed'",
    replace: 'outcomeOf(event)',
  },
  {
    name: 'the end of an interrupted question ends the reading of the number',
    rules: ['the end of another reading was applied'],
    file: 'core/steps/closed.ts',
    find: '    if (playback !== call.playback) return becomes(call)\n',
    replace: '',
  },
  {
    name: 'the question is read on after the key',
    rules: ['a caller who has left hears that it is closed'],
    file: 'core/media/media-effects.ts',
    find: "new Set(['menu', 'announcement', 'callback question'])",
    replace: "new Set(['menu', 'announcement'])",
  },
  {
    name: 'nobody is asked while it is closed',
    rules: ['a caller of a closed number was not asked'],
    file: 'acd/callbacks/by-key.ts',
    find: "return readBackSounds('ro', number, 'whileClosed').every(deps.hasSound)",
    replace: "return readBackSounds('ro', number, 'whileClosed').length < 1",
    faults: ['node killed'],
  },
  {
    name: 'a callback that was promised while it was closed is lost',
    rules: ['a callback was lost'],
    file: 'core/steps/callback.ts',
    find: '    ...promise({ ...call, queuedAt: call.arrivedAt }, event, Math.max(now, call.opensAt), now),\n',
    replace: '',
    faults: ['node killed'],
  },
  {
    name: 'a callback that was promised while it was closed has the place of its promise',
    rules: ['a callback lost the place of its caller'],
    file: 'core/steps/callback.ts',
    find: '...promise({ ...call, queuedAt: call.arrivedAt }',
    replace: '...promise({ ...call, queuedAt: now }',
  },
  {
    name: 'a citizen is called back as soon as an agent is free, whatever the hours',
    rules: ['a citizen is called back while the number is closed'],
    file: 'acd/callbacks/due.ts',
    find: 'clock.now() >= callback.notBefore && opening(clock.wall(), line).open',
    replace: 'clock.now() >= callback.notBefore && opening(clock.wall(), line) !== null',
  },
]
