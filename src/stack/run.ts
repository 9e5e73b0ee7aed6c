/** `make run`: the whole system in the foreground, until Ctrl-C. */
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { externalSettings, readSettings } from '../config.ts'
import { webhookSecretIn } from '../webhook-settings.ts'
import type { Settings } from '../config.ts'
import { installMissing } from './install/packages.ts'
import { enableRealTime } from './privileges/cpu-scheduling.ts'
import { runMain, say, UserError } from './terminal.ts'
import { whyNoSpace } from './install/disk-space.ts'
import { Stack, type Seeding, type StackPlugin } from './stack.ts'
import { authorityFingerprint } from './services/caddy.ts'
import { frontUrls, secureUrl } from './services/front-urls.ts'
import { hostsOfCertificate } from './services/certificate.ts'
import { nextStep } from './next-step.ts'
import { lockHolder, refuseSecond } from './lock.ts'
import { provideAsterisk } from './install/asterisk-tree.ts'
import { endCommands, must, withoutBeingKilled } from './command.ts'
import { goOnUnprivileged, isRoot } from './privileges/unprivileged.ts'
import { buildUi, builtUi } from './install/ui-build.ts'

/** Bound for commands that hang in the kernel; all others end when they are stopped. */
const tidyWithinMs = 10_000

await runMain(async () => {
  // Wrong settings are reported before anything is installed.
  const settings = readSettings(process.env)
  if (settings.webhook !== null) webhookSecretIn(settings.webhook)
  const given = externalSettings(process.env)
  const env = {
    LINE_HOURS: 'always',
    DEMO: '1',
    UI_DIR: builtUi,
    ...given,
    // For an external database that the city migrates itself.
    RETENTION_DATABASE_URL: process.env['RETENTION_DATABASE_URL'],
  }
  // Run by root, the next steps would take the files of a running system away from its user.
  refuseSecond(await lockHolder(settings.paths.var))
  const noSpace = await whyNoSpace(settings)
  if (noSpace.length > 0) throw new UserError(noSpace.join('\n'))
  await installMissing('run', say, settings.given)
  if (isRoot()) {
    await builtForAll()
    // Into root's cache, which the user `linia` may not write to.
    if (settings.given.ari === null) await withoutBeingKilled(async () => void (await provideAsterisk(say)))
    await goOnUnprivileged(settings, say)
  }
  // All files that this process and the parts write from now on are readable by this user only.
  process.umask(0o077)
  const asked = stopAsked()
  const demo = env.DEMO === '1' ? await loadDemo() : null
  const stack = await Stack.prepare({
    env,
    tell: say,
    onChange: say,
    ...(demo === null
      ? {}
      : { seed: (seeding: Seeding) => demo.seed(seeding, say), beside: demo.beside.bind(demo) }),
  })
  const starting = up(stack)
  try {
    // Whichever comes first: all parts are up, or a stop was requested.
    const began = await Promise.race([starting.then(() => true), asked.then(() => false)])
    if (began) {
      // So that ended and starved processes are noticed in time.
      await enableRealTime(process.pid)
      await tellReady(stack, demo, given['LINE_HOURS'] === undefined)
      await asked
    }
    say('Stopping …')
  } finally {
    // An interrupted start leaves no download process and no partial database.
    endCommands()
    await stack.stop()
    await Promise.race([Promise.allSettled([starting]), setTimeout(tidyWithinMs)])
  }
  say('Stopped.')
  return 0
})
// All parts have ended; open handles must not keep this process alive.
process.exit()

/** Imported dynamically, so that the product runs without the folder `tools/`. */
async function loadDemo(): Promise<StackPlugin> {
  const program = new URL('../../tools/demo/stack-plugin.ts', import.meta.url).href
  return ((await import(program)) as { readonly plugin: StackPlugin }).plugin
}

/** Builds the screens readable by every user and writable by root only. */
async function builtForAll(): Promise<void> {
  if (process.env['UI_DIR'] !== undefined) return
  process.umask(0o022)
  await buildUi(say)
  await must('Opening the screens to their server', 'chmod', ['-R', 'a+rX', dirname(builtUi)])
}

async function up(stack: Stack): Promise<void> {
  if (process.env['UI_DIR'] === undefined) await buildUi(say)
  await stack.up()
}

async function tellReady(stack: Stack, demo: StackPlugin | null, alwaysOpen: boolean): Promise<void> {
  const { settings } = stack
  const [here = ''] = frontUrls(settings)
  if (alwaysOpen)
    say(
      'The line is open at all hours (LINE_HOURS=always); for the city’s hours: LINE_HOURS="Mon-Fri 08:00-22:00"',
    )
  for (const note of (await demo?.notes(settings)) ?? []) say(note)
  for (const host of await hostsOnLan(settings)) say(`On the network: ${secureUrl(host, settings.http.port)}`)
  if (settings.lan !== null && settings.tls === null)
    say(
      `  its certificate: http://${settings.lan}:${settings.http.port + 1}/ca (SHA-256 ${await authorityFingerprint(join(settings.paths.var, 'caddy'))})`,
    )
  say(
    `SIP: ${settings.lan ?? settings.sip.host}:${settings.sip.port}; the provider’s calls from: ${settings.trunkHosts.join(', ')}`,
  )
  const databaseUrl = stack.environment['DATABASE_URL']
  // The parts are up: a note that cannot be made ends nothing.
  if (demo === null && databaseUrl !== undefined)
    for (const line of await nextStep(databaseUrl).catch(() => [])) say(line)
  say('Stop with Ctrl-C.')
  say(`ready: ${here}`)
}

/** The host names to type on the network; with an external certificate, the names in it. */
async function hostsOnLan({ lan, tls }: Settings): Promise<readonly string[]> {
  if (lan === null) return []
  return tls === null ? [lan] : hostsOfCertificate(tls)
}

/** Resolves at the first Ctrl-C or SIGTERM; the second one changes nothing: stopping is bounded. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        resolve()
      })
  })
}
