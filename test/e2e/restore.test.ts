/** Restore drill: a used system is backed up, lost, restored elsewhere, and takes calls. */
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { hasTone, heardSince, tone } from '../support/sip/audio.ts'
import { until } from '../support/until.ts'
import { openScene, recordingOf, type Scene } from './scene.ts'

const linia = fileURLToPath(new URL('../../src/stack/linia', import.meta.url))
const citizenTone = 800
const agentTone = 600
const bound = { timeout: 1_500_000 }

function command(varDir: string, ...args: string[]): string {
  const { PATH = '', HOME = '' } = process.env
  const done = spawnSync(linia, args, { env: { PATH, HOME, VAR_DIR: varDir }, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`linia ${args.join(' ')}:\n${done.stdout}${done.stderr}`)
  return done.stdout
}

/** Makes a short call; returns its id once the recording is ready. */
async function oneCall(scene: Scene, callerId: string): Promise<string> {
  const deskAgent = await scene.deskAgent('agent01')
  const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  const since = performance.now()
  await until(() => heardSince(talk.rtp, since).length > 16_000)
  await until(() => scene.view.calls.size === 1)
  const [call] = scene.view.calls.values()
  await deskAgent.api.ask('PUT', `/api/calls/${call?.id}/notes`, { text: 'Groapă pe strada Lungă' })
  talk.hangUp()
  await citizen.ended
  const { id } = await scene.record(callerId, ({ recording }) => recording === 'ready')
  return id
}

async function hears(t: Test, scene: Scene, call: string): Promise<void> {
  const { rate, channels } = await recordingOf(t, scene.board, call)
  const [caller = new Int16Array(), agent = new Int16Array()] = channels
  t.ok(hasTone(citizenTone, caller, rate), 'the citizen is heard')
  t.ok(hasTone(agentTone, agent, rate), 'the agent is heard')
}

t.test('a restored system has its calls and takes new ones', bound, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'linia-backup-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const backup = join(dir, 'copy')
  const secrets = join(dir, 'secrets.json')
  const keys = join(dir, 'keys')

  let old = ''
  let digest = ''
  await t.test('a running system is backed up', async (t) => {
    const scene = await openScene(t, { agents: 1, ownDatabase: true })
    old = await oneCall(scene, '0722000961')
    await hears(t, scene, old)
    const said = command(scene.linia.dir, 'backup', backup)
    t.match(said, /: 1 calls, 1 recordings, \d+ files, /)
    ;[, digest = ''] = /^Note this elsewhere, SHA-256 of its manifest: ([0-9a-f]{64})$/m.exec(said) ?? []
    t.not(digest, '')
    t.equal(statSync(backup).mode & 0o077, 0, 'readable by this user only')
    t.match(command(scene.linia.dir, 'backup', 'keys', keys), /^Copied 1 keys to /m)
    // Secrets that a city keeps apart from its backups.
    const kept = readFileSync(join(scene.linia.dir, 'secrets.json'))
    writeFileSync(secrets, kept, { mode: 0o600 })
    const held = readFileSync(join(backup, 'manifest.json'), 'utf8')
    for (const secret of Object.values(JSON.parse(kept.toString()) as Record<string, string>))
      t.notOk(held.includes(secret), 'no secret is in the backup')
    t.notOk((await readdir(backup)).includes('secrets.json'))
  })

  await t.test('the backup is restored into another folder without the original', async (t) => {
    const scene = await openScene(t, {
      agents: 1,
      ownDatabase: true,
      prepare: (folder) => {
        t.match(
          command(folder, 'restore', backup, '--digest', digest, '--secrets', secrets, '--keys', keys),
          /^Restored: 1 calls, 1 recordings, as of 20/m,
        )
        // Root's restore hands the folder to the user `linia`; this test's system runs as the user of the test.
        if (process.getuid?.() === 0) chownSync(folder, 0, 0)
      },
    })
    const record = await scene.record('0722000961')
    t.equal(record.id, old)
    t.match(record, {
      outcome: 'answered',
      agent: { name: scene.linia.account('agent01').name },
      recording: 'ready',
      notes: [{ text: 'Groapă pe strada Lungă' }],
    })
    await hears(t, scene, old)
    const fresh = await oneCall(scene, '0722000962')
    t.not(fresh, old)
    await hears(t, scene, fresh)
    t.match((await scene.record('0722000961')).id, old, 'the old call is still there')
    t.comment(command(scene.linia.dir, 'verify'))
    t.pass('the journal matches its anchors and continues')
  })
})
