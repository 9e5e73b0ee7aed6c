/** Attacks on `/sip`, the only way from the network to Asterisk's HTTP server, and on the passwords of its phones. */
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { openPhone } from '../../tools/demo/phone/desk-phone.ts'
import { attack } from '../support/attack.ts'
import { openPhoneSocket, signedIn } from '../support/sip/phone-socket.ts'
import { registerWebPhone } from '../support/sip/web-phone.ts'
import { startLinia, type Linia } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** More than Asterisk's HTTP server has sessions (`sessionlimit`). */
const crowd = 2_050
const atOnce = 25

interface MyPhone {
  readonly username: string
  readonly password: string
}

async function phoneOf({ url }: Linia, cookie: string): Promise<MyPhone> {
  return (await (await fetch(`${url}/api/me/phone`, { headers: { cookie } })).json()) as MyPhone
}

/** Whether the browser phone's password registers a phone through the front. */
async function registers({ url }: Linia, cookie: string, phone: MyPhone): Promise<boolean> {
  const own = { cookie, origin: url }
  const web = await registerWebPhone(`${url.replace('http', 'ws')}/sip`, phone.username, phone.password, {
    headers: own,
  }).catch((error: unknown) => {
    // Anything else is no refusal of the password.
    if (!/SIP\/2\.0 40[13]/.test(String(error))) throw error
    return null
  })
  web?.socket.close()
  return web !== null
}

t.test('/sip', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 4 })
  const { url } = linia

  await attack(
    t,
    {
      attack: 'one host opens WebSockets at /sip without a session until Asterisk serves nobody',
      before: '1992 were accepted, and ARI was refused from then on',
      now: '401 for each, and ARI answers',
    },
    async (t) => {
      const open: Socket[] = []
      t.teardown(() => open.forEach((socket) => socket.destroy()))
      const refusals = new Map<number, number>()
      for (let tried = 0; tried < crowd && refusals.get(0) === undefined; tried += atOnce) {
        const one = () => openPhoneSocket(url, { origin: url })
        for (const outcome of await Promise.all(Array.from({ length: atOnce }, one)))
          if (typeof outcome === 'number') refusals.set(outcome, (refusals.get(outcome) ?? 0) + 1)
          else open.push(outcome)
      }
      t.match(await linia.ari('asterisk/ping').catch(String), { ping: 'pong' }, 'ARI answers')
      t.strictSame([open.length, [...refusals]], [0, [[401, crowd]]])
    },
  )

  await attack(
    t,
    {
      attack: 'one agent opens any number of WebSockets at /sip',
      before: 'no bound but Asterisk’s own: 1992 were accepted',
      now: 'four remain, the newest, and another agent’s phone still connects',
    },
    async (t) => {
      const own = { cookie: await signedIn(url, linia.account('agent01')), origin: url }
      const outcomes: (Socket | number)[] = []
      t.teardown(() => outcomes.forEach((one) => typeof one === 'number' || one.destroy()))
      for (let tried = 0; tried < 20; tried++) outcomes.push(await openPhoneSocket(url, own))
      const isOpen = (one: Socket | number) => typeof one !== 'number' && !one.closed
      await until(() => outcomes.filter(isOpen).length === 4)
      t.ok(outcomes.slice(-4).every(isOpen), 'the newest four')
      for (let tried = 0; tried < 50; tried++) outcomes.push(await openPhoneSocket(url, own))
      t.ok(outcomes.includes(429), 'and no more than sixty in a minute')
      t.ok(outcomes.filter(isOpen).length <= 4)
      const other = await openPhoneSocket(url, {
        cookie: await signedIn(url, linia.account('agent02')),
        origin: url,
      })
      t.not(typeof other, 'number', 'another agent’s')
      if (typeof other !== 'number') other.destroy()
    },
  )

  await attack(
    t,
    {
      attack: 'a client names an account itself in the front’s own header',
      before: 'accepted with any name, and without a session',
      now: '401',
    },
    async (t) => {
      for (const name of ['linia-account', 'Linia-Account', 'linia_account'])
        t.equal(await openPhoneSocket(url, { origin: url, [name]: 'agent01' }), 401)
      const auditor = await signedIn(url, linia.account('auditor01'))
      t.equal(await openPhoneSocket(url, { origin: url, cookie: auditor }), 403, 'no phone of its own')
    },
  )

  await attack(
    t,
    {
      attack: 'a WebSocket goes on after its session has ended',
      before: 'still open 40 s after the sign-out',
      now: 'closed within half a minute',
    },
    async (t) => {
      const cookie = await signedIn(url, linia.account('agent03'))
      const { username, password } = await phoneOf(linia, cookie)
      const own = { cookie, origin: url }
      const { socket } = await registerWebPhone(`${url.replace('http', 'ws')}/sip`, username, password, {
        headers: own,
      })
      const otherCookie = await signedIn(url, linia.account('agent04'))
      const other = await phoneOf(linia, otherCookie)
      const { socket: stays } = await registerWebPhone(
        `${url.replace('http', 'ws')}/sip`,
        other.username,
        other.password,
        { headers: { cookie: otherCookie, origin: url } },
      )
      t.equal(socket.readyState, WebSocket.OPEN, 'open with its session')
      await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
      await until(() => socket.readyState === WebSocket.CLOSED)
      t.equal(stays.readyState, WebSocket.OPEN, 'the WebSocket of another session stays')
    },
  )

  await attack(
    t,
    {
      attack: 'a browser phone’s password that an agent has noted registers after the sign-out',
      before: 'still registered after 45 s; the next session got the same password',
      now: 'refused within seconds; the next session has another one, at once',
    },
    async (t) => {
      const account = linia.account('agent02')
      const cookie = await signedIn(url, account)
      const noted = await phoneOf(linia, cookie)
      t.ok(await registers(linia, cookie, noted))
      await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
      const next = await signedIn(url, account)
      const fresh = await phoneOf(linia, next)
      t.not(fresh.password, noted.password)
      t.ok(await registers(linia, next, fresh), 'the new one is accepted without waiting')
      const deadline = performance.now() + 45_000
      while (performance.now() < deadline && (await registers(linia, next, noted)))
        // A guesser would be slowed down.
        await delay(3_000)
      t.notOk(await registers(linia, next, noted), 'the old one is refused')
      t.ok(await registers(linia, next, fresh), 'and stays')
    },
  )

  await t.test(
    'two sign-outs at once leave the next session a phone that registers within seconds',
    async (t) => {
      const account = linia.account('agent04')
      for (let round = 0; round < 2; round++)
        await fetch(`${url}/api/session`, {
          method: 'DELETE',
          headers: { cookie: await signedIn(url, account) },
        })
      const since = performance.now()
      const cookie = await signedIn(url, account)
      const fresh = await phoneOf(linia, cookie)
      while (!(await registers(linia, cookie, fresh)) && performance.now() < since + 30_000)
        // As often as a telephone tries again.
        await delay(1_000)
      const tookMs = performance.now() - since
      t.ok(tookMs < 20_000, `after ${Math.round(tookMs)} ms`)
    },
  )

  await attack(
    t,
    {
      attack: 'a browser phone’s password registers a phone over UDP',
      before: 'registered',
      now: 'refused',
    },
    async (t) => {
      const phone = await phoneOf(linia, await signedIn(url, linia.account('agent03')))
      for (const host of ['127.0.0.1', '127.0.0.9']) {
        const thief = await openPhone({ host, server: linia.sip, ...phone, onRing: () => undefined })
        t.teardown(() => thief.close())
        await t.rejects(thief.register(), `from ${host}`)
      }
    },
  )
})
