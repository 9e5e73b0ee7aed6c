/** Two nodes behind the front: one owns the line, and whatever becomes of it, the other takes over. */
import t from 'tap'
import { until } from '../../support/until.ts'
import { allServed, busyLine, openTwoNodes } from './two-nodes.ts'

t.test('the owner is killed, and the next one hangs and wakes up', { timeout: 280_000 }, async (t) => {
  const scene = await openTwoNodes(t)
  const { owner: first } = await scene.bothReady()

  const killed = await busyLine(scene, 4)
  scene.linia.kill(`server${first}`)
  // Its supervisor is sometimes faster than its lease is old.
  await scene.takenOver([1, 2], performance.now(), 'kill -9')
  await allServed(t, scene, killed)

  const { owner, standby } = await scene.bothReady()
  const hung = await busyLine(scene, 5)
  scene.linia.kill(`server${owner}`, 'SIGSTOP')
  await scene.takenOver([standby], performance.now(), 'SIGSTOP')
  const heard = scene.cables.get(owner)
  const asterisk = [heard?.ari, heard?.ami].map((cable) => cable?.tap())
  scene.linia.kill(`server${owner}`, 'SIGCONT')
  // It finds out by itself, and stands by in the same process.
  await until(async () => (await scene.readinessOf(owner))?.role === 'standby')
  await allServed(t, scene, hung)
  const said = asterisk.map((tapped) => tapped?.sent() ?? '').join('')
  t.match(said, /GET \/ari\/asterisk\/ping/, 'it asks whether Asterisk is there')
  t.notMatch(said, /(POST|PUT|DELETE) \/ari/, 'and commands nothing')
  t.notMatch(said, /action: (?!ping|login|queuestatus|coreshowchannels|pjsipshow)/i, 'it may only look')
  await scene.bothReady()
})
