/** Views as the server sends them, for tests of the screens. */
import { figuresOf, noTally } from '../../src/core/reports/figures.ts'
import type { AgentView } from '../../src/http/agents/wire.ts'
import type { LiveCallView, Today } from '../../src/http/live/wire.ts'

const at = '2026-11-24T08:00:00.000Z'

export function agentView(over: Partial<AgentView>): AgentView {
  return {
    id: 'a1',
    name: 'Ana Popescu',
    state: 'ready',
    since: at,
    reason: null,
    until: null,
    callId: null,
    offerId: null,
    offerDevice: null,
    phones: { desk: false, web: true, chosen: null, active: 'web', ownCalls: 0 },
    missed: 0,
    callsToday: 0,
    after: null,
    imposed: null,
    emergencyAt: null,
    ...over,
  }
}

export function liveCall(over: Partial<LiveCallView>): LiveCallView {
  return {
    id: 'c1',
    caller: '+40721234567',
    callerName: null,
    direction: 'inbound',
    callback: null,
    placedBy: null,
    line: '969',
    language: null,
    queue: { id: 'q1', name: 'Informații generale' },
    phase: 'waiting',
    since: at,
    arrivedAt: at,
    queuedAt: at,
    answeredAt: null,
    agent: null,
    muted: false,
    autoAnswer: false,
    transferred: null,
    consult: null,
    external: null,
    externalHears: null,
    unreached: null,
    helpSince: null,
    recordingPause: null,
    supervisions: [],
    ...over,
  }
}

export function todayView(over: Partial<Today>): Today {
  return {
    waiting: 0,
    longestWaitMs: null,
    free: 0,
    tooLong: false,
    day: figuresOf(noTally, 0),
    recent: figuresOf(noTally, 0),
    serviceLevelTargetMs: 20_000,
    shortAbandonMs: 5_000,
    queues: [],
    slots: [],
    overflows: [],
    surveys: [],
    ...over,
  }
}
