/** `make demo`: a busy morning at the running system, until Ctrl-C or for MINUTES. SEED and SEATS set its course. */
import { join } from 'node:path'
import { Morning } from './morning.ts'
import { readDemoFile } from './demo-file.ts'
import { runMain, say, UserError } from '../../src/stack/terminal.ts'

await runMain(async () => {
  const folder = process.env['VAR_DIR'] ?? 'var'
  const demo = await readDemoFile(join(folder, 'demo.json'))
  const minutes = wholeNumber('MINUTES')
  const seed = wholeNumber('SEED') ?? Math.floor(Date.now() / 1000)
  const seats = wholeNumber('SEATS') ?? 8
  const asked = stopAsked()
  say(
    `A busy morning at ${demo.url}, ${minutes === null ? 'until Ctrl-C' : `for ${minutes} min`} (SEED=${seed}).`,
  )
  const morning = new Morning({ demo, seats, seed, speechFolder: join(folder, 'demo', 'speech'), say })
  try {
    await Promise.race([morning.begin(), asked])
    say('Look at it as supervisor01: the sign-in page has a button for each role. Stop with Ctrl-C.')
    const bound = minutes === null ? asked : Promise.race([asked, wait(minutes * 60_000)])
    await bound
    say('Hanging up and signing the scripted agents out …')
  } finally {
    await morning.end()
  }
  say('Done.')
  return 0
})
process.exit()

function wholeNumber(name: string): number | null {
  const text = process.env[name]
  if (text === undefined || text === '') return null
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`${name}=${text}: a whole number is expected.`)
  return Number(text)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}
