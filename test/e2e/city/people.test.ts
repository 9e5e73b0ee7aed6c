/** Accounts added and closed from the command line while the system runs. */
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { runCommand } from '../../../src/stack/command.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { gapsSince, hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'

const linia = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const agentTone = 600
const newTone = 1000
const bound = { timeout: 1_500_000 }

t.test(
  'a new agent works at once, a closed one no longer, and calls in progress are not affected',
  bound,
  async (t) => {
    const scene = await openScene(t, { agents: 1, ownDatabase: true })
    const user = (...args: string[]) => {
      const { PATH = '', HOME = '' } = process.env
      return runCommand(linia, ['user', ...args], { env: { PATH, HOME, VAR_DIR: scene.linia.dir } })
    }
    const old = await scene.deskAgent('agent01')
    const first = await scene.town.call({ callerId: '0722000971' })
    const talk = await old.phone.answerNext(tone(agentTone))
    const hears = (end: RtpEnd, hertz: number) => () =>
      hasTone(hertz, heardSince(end, performance.now() - 500))
    await until(hears(first.rtp, agentTone))
    const talkingSince = performance.now()

    const added = await user('add', 'ioana.pop', 'Ioana Pop')
    t.equal(added.code, 0, added.output)
    const [, code = ''] = /^Activation code of ioana\.pop, shown only now: (\S+)$/m.exec(added.output) ?? []
    t.match((await user('list')).output, /^ioana\.pop +Ioana Pop +agent \(awaits activation\)$/m)

    const api = new Api(scene.linia.url)
    const password = 'lampă verde pe dulap'
    await api.ask('POST', '/api/activation/password', { code, password })
    const { id } = await api.signIn({ username: 'ioana.pop', password })
    const { password: sipPassword } = await api.get<{ password: string }>('/api/me/phone/desk')
    t.match((await user('list')).output, /^ioana\.pop +Ioana Pop +agent$/m)
    const account = { username: 'ioana.pop', password: sipPassword }
    const phone = await openTestPhone(t, { server: scene.linia.sip, ...account })
    await until(() => registers(phone))
    await until(() => scene.view.agents.get(id)?.phones.desk === true)
    await api.setState({ state: 'ready' })
    const second = await scene.town.call({ callerId: '0722000972' })
    const newTalk = await phone.answerNext(tone(newTone))
    await until(hears(second.rtp, newTone))
    t.pass('the new agent’s audio arrives')

    await t.test('an agent closed during a conversation may finish it', async (t) => {
      const closed = await user('close', 'ioana.pop')
      t.same(closed, { code: 0, output: 'ioana.pop may no longer sign in.\n', stdout: closed.output })
      t.match((await user('list')).output, /^ioana\.pop .* \(closed\)$/m)
      await t.rejects(new Api(scene.linia.url).signIn({ username: 'ioana.pop', password }), /: 401 /)
      await until(() => refused(api))
      t.pass('the session has ended')
      await until(async () => !(await registers(phone)))
      t.pass('the phone may no longer register')
      await until(hears(second.rtp, newTone))
      newTalk.hangUp()
      t.equal((await second.ended).ending, 'line hung up')
      t.match(await scene.record('0722000972'), { outcome: 'answered', agent: { name: 'Ioana Pop' } })
      await until(() => (scene.view.agents.get(id)?.state ?? 'signed out') === 'signed out')
      const rings = phone.rings.length
      const third = await scene.town.call({ callerId: '0722000973' })
      await third.answered
      await until(() => [...scene.view.calls.values()].some(({ caller }) => caller?.endsWith('973') === true))
      t.equal(phone.rings.length, rings, 'the closed agent’s phone does not ring')
      third.hangUp()
    })

    await until(hears(first.rtp, agentTone))
    const pauses = gapsSince(first.rtp, talkingSince)
    t.ok(
      Math.max(...pauses) < 3000,
      `all the while the first call was heard, pauses up to ${Math.round(Math.max(...pauses))} ms`,
    )
    talk.hangUp()
    t.equal((await first.ended).ending, 'line hung up')

    const wrong: readonly [args: string[], sentence: RegExp][] = [
      [['add', 'ioana.pop', 'Ioana Pop'], /^linia: There is already an account "ioana\.pop"\.$/m],
      [['add', '0722', 'Ion'], /^linia: "0722" cannot be a username: /m],
      [['add', 'ion', 'Ion', 'boss'], /^linia: "boss" is not a role\. Roles: /m],
      [['close', 'nobody'], /^linia: There is no account "nobody"\.$/m],
    ]
    for (const [args, sentence] of wrong) {
      const { code, output } = await user(...args)
      t.equal(code, 1)
      t.match(output, sentence)
    }
  },
)

async function registers(phone: { register(): Promise<void> }): Promise<boolean> {
  return phone.register().then(
    () => true,
    () => false,
  )
}

async function refused(api: Api): Promise<boolean> {
  return api.get('/api/me').then(
    () => false,
    () => true,
  )
}
