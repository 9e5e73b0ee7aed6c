/** Two nodes behind the front: when the owner fails, the other takes over. */
import t from 'tap'
import { until } from '../../support/until.ts'
import { allServed, placeThreeCalls, openTwoNodes } from './two-nodes.ts'

t.test('the owner is killed, and the next owner hangs and resumes', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t)
  const { owner: first } = await scene.bothReady()

  const killed = await placeThreeCalls(scene, 4)
  scene.linia.kill(`server${first}`)
  // The supervisor may restart it before its lease expires.
  await scene.takenOver([1, 2], performance.now(), 'kill -9')
  await allServed(t, scene, killed)

  const { owner, standby } = await scene.bothReady()
  const hung = await placeThreeCalls(scene, 5)
  scene.linia.kill(`server${owner}`, 'SIGSTOP')
  await scene.takenOver([standby], performance.now(), 'SIGSTOP')
  const heard = scene.cables.get(owner)
  const asterisk = [heard?.ari, heard?.ami].map((cable) => cable?.tap())
  scene.linia.kill(`server${owner}`, 'SIGCONT')
  // The resumed node detects the loss of its lease and becomes standby in the same process.
  await until(async () => (await scene.readinessOf(owner))?.role === 'standby')
  await allServed(t, scene, hung)
  const said = asterisk.map((tapped) => tapped?.sent() ?? '').join('')
  t.match(said, /GET \/ari\/asterisk\/ping/, 'a standby node probes Asterisk')
  t.notMatch(said, /(POST|PUT|DELETE) \/ari/, 'a standby node sends no ARI command')
  t.notMatch(
    said,
    /action: (?!ping|login|queuestatus|coreshowchannels|pjsipshow)/i,
    'a standby node sends only read-only AMI actions',
  )
  await scene.bothReady()
})
