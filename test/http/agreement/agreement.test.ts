import t from 'tap'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { testDatabase } from '../../support/postgres.ts'
import { cookieIn, password, serve } from '../serve.ts'

t.test('a new user reads the text with their name, signs it, and gets access', async (t) => {
  const { db, ask } = await serve(t)
  const person = {
    username: 'ilinca',
    name: 'Ilinca Șerban',
    employer: 'Glas SRL',
    roles: ['agent' as const],
  }
  await addAccount(db, { ...person, password }, quickHash)
  const as = cookieIn(await ask('POST', '/api/session', { body: { username: 'ilinca', password } }))
  const heard = () => ask('GET', '/api/calls/none/recording', { as })
  t.match((await heard()).json, { status: 403, code: 'agreement-unsigned' })
  t.match((await heard()).json['detail'], /^Semnează mai întâi acordul/)

  const mine = await ask('GET', '/api/me/agreement', { as })
  t.match(mine.json, { signedAt: null, signedBefore: false, digest: /^[0-9a-f]{64}$/ })
  t.match(mine.json['text'], /Ilinca Șerban, din partea angajatorului Glas SRL/)
  const { digest } = mine.json
  const sign = (body: object) => ask('POST', '/api/me/agreement', { as, body })
  t.match((await sign({ digest, name: 'Altcineva' })).json, { status: 400, code: 'name-differs' })
  t.match((await sign({ digest: '0'.repeat(64), name: 'Ilinca Șerban' })).json, {
    status: 409,
    code: 'agreement-changed',
  })
  t.match((await sign({ digest: 'x', name: 'Ilinca Șerban' })).json, { status: 400, code: 'validation' })
  t.equal((await heard()).status, 403, 'none of these was a signature')

  const signed = await sign({ digest, name: 'serban ilinca' })
  t.match(signed.json, { digest, signedAt: /^20\d\d-.*Z$/, signedBefore: true })
  t.equal((await heard()).status, 404, 'access is granted')
  t.equal((await sign({ digest, name: 'Ilinca Șerban' })).json['signedAt'], signed.json['signedAt'])
})

t.test(
  'the desk works without a signature: sign-in, states, the present call; calls on record do not open',
  async (t) => {
    const { db, ask } = await serve(t)
    const person = { username: 'dorin', name: 'Dorin Pop', employer: 'Glas SRL', roles: ['agent' as const] }
    await addAccount(db, { ...person, password }, quickHash)
    const as = cookieIn(await ask('POST', '/api/session', { body: { username: 'dorin', password } }))
    t.equal((await ask('GET', '/api/me', { as })).status, 200)
    t.equal((await ask('PUT', '/api/me/state', { as, body: { state: 'ready' } })).status, 200)
    t.match((await ask('GET', '/api/calls', { as })).json, { status: 403, code: 'agreement-unsigned' })
    t.equal((await ask('GET', '/api/calls/none', { as })).status, 404)
  },
)

t.test('after an administrator has published a new text, all users have to sign again', async (t) => {
  const { db } = await testDatabase(t)
  const { ask, signIn, people } = await serve(t, { db })
  // All except the administrator.
  const asked = Object.keys(people).length - 1
  const [boss, agent] = [await signIn('admin'), await signIn('agent01')]
  const before = await ask('GET', '/api/agreement', { as: boss })
  t.match(before.json, { signed: asked, missing: 0, items: [{ version: 1, publishedBy: null }] })
  const [{ text }] = before.json['items'] as [{ text: string }]
  const publish = (body: object, as = boss) => ask('POST', '/api/agreement', { as, body })

  const preview = (body: object, as = boss) => ask('POST', '/api/agreement/preview', { as, body })
  for (const [wrong, code] of [
    ['Fără nume.', 'agreement-without-name'],
    ['Eu, {nume}.', 'agreement-without-employer'],
    ['Eu, {nume}, de la {angajator} {firma}.', 'agreement-unknown-placeholder'],
  ] as const) {
    t.match((await publish({ after: 1, text: wrong })).json, { status: 400, code })
    t.match((await preview({ text: wrong })).json, { status: 400, code })
  }
  t.strictSame((await preview({ text: 'Eu, {nume}, de la {angajator}.' })).json, {
    text: 'Eu, Maria Exemplu, de la Firma Exemplu SRL.',
    name: 'Maria Exemplu',
    employer: 'Firma Exemplu SRL',
    signAgain: asked,
    signFirst: 0,
  })
  t.match((await publish({ after: 7, text })).json, { status: 409, code: 'agreement-changed' })
  for (const user of ['agent01', 'super', 'audit'] as const)
    for (const send of [publish, preview])
      t.equal((await send({ after: 1, text }, await signIn(user))).status, 403, user)
  t.equal((await ask('GET', '/api/calls/none/recording', { as: agent })).status, 404, 'nothing has changed')

  const after = await publish({ after: 1, text: `  ${text}\n\n8. Încă ceva.\n` })
  t.match(after.json, {
    signed: 0,
    missing: asked,
    items: [
      { version: 2, publishedBy: 'Dan Țepeș', text: `${text}\n\n8. Încă ceva.` },
      { version: 1, text },
    ],
  })
  t.equal((await ask('GET', '/api/calls/none/recording', { as: agent })).status, 403)
  const mine = await ask('GET', '/api/me/agreement', { as: agent })
  t.match(mine.json, { version: 2, signedAt: null, signedBefore: true })
})
