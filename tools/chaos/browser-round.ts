/**
 * Faults of an agent's browser during a conversation: refresh, kill, change of network. All other calls continue
 * meanwhile. The caller is one of the demo's, whose received audio can be examined.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { callThrough } from '../demo/calls/citizen.ts'
import { Api } from '../demo/api.ts'
import { openExchange } from '../demo/calls/exchange.ts'
import { trust, type AgentsComputer } from '../../test/support/browser/agents-computer.ts'
import { tone } from '../../test/support/sip/audio.ts'
import {
  bursts,
  chromiumProgram,
  type Credentials,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
} from '../../test/support/browser/browser.ts'
import { hearsBursts, pageHears } from '../../test/support/browser/hearing.ts'
import { until } from '../../test/support/until.ts'
import { compareWithLedger, leftOver, outOfOrder } from './checks.ts'
import { hasTalked, type Caller } from './traffic.ts'
import {
  audioFailures,
  drain,
  fill,
  longestOf,
  quietMs,
  soundOf,
  type Row,
  type Sizes,
} from './fault-round.ts'
import type { Special } from './faults.ts'
import type { Testbed } from './testbed.ts'

export interface BrowserFault {
  readonly name: string
  readonly what: string
  readonly needs?: Special
  skipped?(testbed: Testbed): string | null
  /** Bound for audio in both directions to be restored. */
  readonly backWithinMs: number
  /** Causes the fault; returns the page that is in use afterwards. */
  strike(page: Page, desk: Desk, testbed: Testbed): Promise<Page>
}

/** The agent's desk. */
interface Desk {
  /** Kills the browser: no `pagehide`, no sign-out. */
  kill(): Promise<void>
  /** Starts a browser with an empty profile. */
  open(): Promise<BrowserContext>
  signIn(context: BrowserContext): Promise<Page>
}

export const browserFaults: readonly BrowserFault[] = [
  {
    name: 'refresh-browser',
    what: 'an agent refreshes the page during a conversation',
    backWithinMs: 5_000,
    async strike(page) {
      await page.reload({ waitUntil: 'commit' })
      return page
    },
  },
  {
    name: 'kill-browser',
    what: 'the browser of a talking agent is killed (kill -9); the agent starts another and signs in',
    backWithinMs: 10_000,
    async strike(_, desk) {
      await desk.kill()
      return desk.signIn(await desk.open())
    },
  },
  {
    name: 'change-network',
    what: 'the computer of a talking agent gets another address',
    needs: 'an agent at another computer',
    skipped: ({ computer }) =>
      computer?.move == null ? 'this user may not create network interfaces' : null,
    backWithinMs: 10_000,
    async strike(page, _, { computer }) {
      await computer?.move?.()
      // Audio still buffered from before the fault does not count as restored.
      await until(async () => !(await pageHears(page, citizenTone)), boundMs)
      return page
    },
  },
]

/** URL of the desk for this agent: over the network when the agent has a separate computer. */
function siteOf({ linia, computer }: Testbed): string {
  return computer === null ? linia.url : `https://${computer.lan}:${new URL(linia.url).port}`
}

const citizenTone = 800
const agentTone = 600
const boundMs = 30_000
/** Shorter than a page needs to come back, so that audio from before the fault does not count. */
const recentMs = 700

export async function runBrowserRound(
  t: Pick<Test, 'teardown'>,
  testbed: Testbed,
  fault: BrowserFault,
  sizes: Sizes,
): Promise<Row> {
  const began = performance.now()
  const from = Date.now()
  const { linia, media, traffic } = testbed
  await testbed.settled()
  // No caller waits yet, so the next call goes to this agent.
  await fill(testbed, { talking: sizes.talking, waiting: 0 })
  const account = linia.accounts.find(
    ({ role, username }) =>
      role === 'agent' && !testbed.agents.includes(username) && username !== testbed.others?.colleague,
  )
  if (account === undefined) throw new Error('no spare agent')
  const { computer } = testbed
  if (computer !== null) await trustAuthority(computer, testbed)
  const desk = await deskOf(t, testbed, account)
  const page = await openDesk(await desk.open(), siteOf(testbed), account)
  await page.keyboard.press('F4')
  await waitForState(page, 'ready')

  const number = `0799${String(Date.now() % 1_000_000).padStart(6, '0')}`
  const exchange = await openExchange(linia.trunk, linia.sip)
  const order = { number: '969', callerId: number, speech: tone(citizenTone), keepMs: boundMs }
  const citizen = await callThrough(exchange, order)
  await pickUp(page)
  await until(() => hearsBursts(citizen, agentTone), boundMs)
  await until(() => pageHears(page, citizenTone), boundMs)
  const talking = traffic.talking()
  await fill(testbed, sizes)
  const waiting = traffic.waiting()
  // The agent must not be offered another call after this one.
  const api = new Api(linia.url)
  await api.signIn(account)
  await api.setState({ state: 'paused', reason: 'technical' })

  await media.measure()
  await delay(quietMs)
  const quiet = await soundOf(testbed, talking, waiting)
  await media.measure()
  const struckAt = performance.now()
  let isLost = false
  void citizen.ended.then(() => (isLost = true))
  const after = await fault.strike(page, desk, testbed)
  const backMs = await until(() => pageHears(after, citizenTone), boundMs)
    .then(() => until(() => hearsBursts(citizen, agentTone, recentMs), boundMs))
    .then(
      () => performance.now() - struckAt,
      () => null,
    )
  const heard = await soundOf(testbed, talking, waiting)
  const withoutMusic = Math.max(quiet.withoutMusic, heard.withoutMusic)
  const lostTalking =
    (isLost ? 1 : 0) + talking.filter(({ endedAt }) => endedAt !== null).length + heard.unheard
  await waitForState(after, 'talking')
  await after.keyboard.press('Shift+F8')
  await until(() => isLost, boundMs)
  await exchange.close()
  const stuck = await drain(testbed)
  await after.context().close()
  await api.signOut()
  const callers = [...traffic.callers, expectedCaller(number, account.username)]
  const ledger = await compareWithLedger(testbed, callers, boundMs)
  const lostWaiting = waiting.filter((caller) => !hasTalked(caller)).length
  const early = await outOfOrder(testbed, waiting)
  const left = [...stuck, ...(await leftOver(testbed))]
  traffic.forget()
  return {
    fault: fault.name,
    what: fault.what,
    talking: sizes.talking + 1,
    waiting: waiting.length,
    lostTalking,
    lostWaiting,
    fell: 0,
    outOfOrder: early.length,
    backMs,
    readyMs: 0,
    notReady: [],
    firstSoundMs: null,
    quietGapMs: quiet.gapMs,
    gapMs: heard.gapMs,
    gapAt: heard.gapAt,
    slowGapMs: longestOf([quiet.slowGapMs, heard.slowGapMs]),
    musicGapMs: heard.musicGapMs,
    withoutMusic,
    ledger,
    left,
    broken: [
      ...(lostTalking > 0 ? [`${lostTalking} talking callers were lost`] : []),
      ...(backMs === null || backMs > fault.backWithinMs
        ? [`audio was restored after ${backMs ?? boundMs} ms, the bound is ${fault.backWithinMs}`]
        : []),
      ...audioFailures({ ...heard, quietGapMs: quiet.gapMs, withoutMusic }),
      ...(lostWaiting > 0 ? [`${lostWaiting} waiting callers were lost`] : []),
      ...(early.length > 0 ? [`${early.length} callers were served before an earlier one`] : []),
      ...ledger.wrong,
      ...left,
    ],
    tookMs: performance.now() - began,
    span: { from, to: Date.now(), apartMs: backMs ?? boundMs },
    sound: null,
    others: null,
  }
}

async function deskOf(t: Pick<Test, 'teardown'>, testbed: Testbed, account: Credentials): Promise<Desk> {
  const dir = await mkdtemp(join(tmpdir(), 'linia-giving-way-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  // Lowest priority: in production the browser runs on another computer.
  const program = join(dir, 'chromium')
  const pid = join(dir, 'pid')
  await writeFile(
    program,
    `#!/bin/sh\necho 19 > /proc/self/autogroup\necho $$ > ${pid}\nexec nice -n 19 ${chromiumProgram} "$@"\n`,
    { mode: 0o755 },
  )
  return {
    async kill() {
      // Playwright starts it in a process group; without a group id we would kill our own.
      const group = Number(await readFile(pid, 'utf8'))
      if (group < 2) throw new Error('the browser has not written its process id')
      process.kill(-group, 'SIGKILL')
    },
    open: async () =>
      (await openBrowser(t, bursts(agentTone), testbed.computer?.chromium ?? program)).newContext(),
    signIn: (context) => openSignedIn(context, siteOf(testbed), account),
  }
}

/** Installs the certificate authority from `/ca`, as a network administrator does once. */
async function trustAuthority(computer: AgentsComputer, { linia }: Testbed): Promise<void> {
  const port = Number(new URL(linia.url).port) + 1
  const answer = await fetch(`http://${computer.lan}:${port}/ca/linia-969.crt`)
  const file = join(computer.home, 'authority.crt')
  await writeFile(file, await answer.bytes())
  await trust(computer, file)
}

/** The expected record: this caller talked with this agent, and the agent hung up. */
function expectedCaller(number: string, agent: string): Caller {
  const now = Date.now()
  const talk = { callId: '', agent, invitedAt: now, talkingAt: now, endedAt: now }
  const call = { number, callId: '', leg: 0, calledAt: now, answeredAt: now, talks: [talk], others: [] }
  return { ...call, endedAt: now, ending: 'bye', hangUpBy: 'agent', hangUpAt: now, fell: false }
}
