/**
 * The trial caller of "Sună-mă": one citizen who calls, speaks and waits for an answer. A separate process, because
 * the call must survive a crash of the server.
 *
 * Arguments: the demo file, the folder for speech, the process id with whose end the call ends.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../random.ts'
import { callCitizen } from './citizen.ts'
import { citizensFrom, readDemoFile } from '../demo-file.ts'
import { speak } from './speech.ts'
import { randomCaller } from './caller-profiles.ts'

/** Maximum duration of the call. */
const wholeCallMs = 240_000
const checkEveryMs = 1_000

const [file = '', speechFolder = '', parent = ''] = process.argv.slice(2)
const demo = await readDemoFile(file)
const { sip, line } = demo
const person = randomCaller(new Random(Date.now()))
const citizen = await callCitizen({
  target: sip,
  from: citizensFrom(demo),
  number: line,
  callerId: person.number ?? '0722000900',
  callerName: person.name,
  speech: await speak(person.concern.says, person.voice, speechFolder),
  patienceMs: wholeCallMs,
  talkMs: wholeCallMs,
})
await citizen.called
process.stdout.write('called\n')
void hangUpWithParent()
await citizen.ended
process.exit(0)

/** Hangs up when the system is stopped. */
async function hangUpWithParent(): Promise<void> {
  for (;;) {
    await delay(checkEveryMs)
    try {
      process.kill(Number(parent), 0)
    } catch {
      citizen.hangUp()
      return
    }
  }
}
