/** The verdict on a soak: also one that had nothing to check has failed. */
import t from 'tap'
import type { Sample } from '../../../tools/soak/resource-sample.ts'
import { brokenBy, type Soak } from '../../../tools/soak/soak.ts'

const sample: Sample = {
  atMs: 0,
  pids: { redis: 1, postgres: 2, asterisk: 3, server1: 4, server2: 5 },
  memoryMb: {},
  files: { redis: 20 },
  standstillMs: {},
  keys: 30,
  versions: 5,
  states: 5,
  streamLength: 0,
  effects: 0,
  ledgerRows: 0,
  jobs: 0,
}
const sound = { conversations: 30, withoutRecording: 0, lost: 0, tooShort: 0, lacksMs: 0 }
const soak: Soak = {
  due: 30,
  agents: 5,
  called: 30,
  served: 30,
  complaints: 0,
  firstComplaint: null,
  withdrawn: 0,
  missedRecords: 0,
  sound,
  mostLacking: [],
  moves: 1,
  left: [],
  before: sample,
  samples: [sample],
  after: sample,
}

t.test('a load that is served and recorded, and leaves nothing, has passed', async (t) => {
  t.same(brokenBy(soak), [])
})

t.test(
  'callers, conversations, parts or agents that are missing from the measurement are a failure',
  async (t) => {
    t.same(brokenBy({ ...soak, due: 40 }), ['30 of 40 callers called'])
    t.same(brokenBy({ ...soak, sound: { ...sound, conversations: 0 } }), [
      '0 of 30 conversations are on record',
    ])
    const unsampled = { ...sample, pids: {} }
    t.same(brokenBy({ ...soak, before: unsampled, samples: [unsampled], after: unsampled }), [
      'only 0 parts were sampled',
    ])
    t.same(brokenBy({ ...soak, agents: 4 }), ['the ACD held 5 states before the load, not 4 agents'])
  },
)

t.test('a restarted part, files that stay open, and lost records are a failure', async (t) => {
  const after = { ...sample, pids: { ...sample.pids, redis: 9 }, files: { redis: 40 } }
  t.same(brokenBy({ ...soak, after, missedRecords: 2 }), [
    'redis has 40 open files, before the load 20',
    'redis had ended, and may have been restarted, by the sample at 0 s',
    '2 calls are not recorded as answered',
  ])
})
