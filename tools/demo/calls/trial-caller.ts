/**
 * The demo's "Sună-mă" as a program: one citizen who calls the line, says what he wants and waits to be
 * helped. A process of its own, because a citizen does not hang up when the city's server dies.
 *
 * Arguments: the demo's file, the folder for speech, the process with whose end he goes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Chance } from '../random.ts'
import { callCitizen } from './citizen.ts'
import { citizensFrom, readDemoFile } from '../demo-file.ts'
import { speak } from './speech.ts'
import { townsperson } from './caller-profiles.ts'

/** He does not wait for ever, whatever happens to the server. */
const wholeCallMs = 240_000
const lookEveryMs = 1_000

const [file = '', speechFolder = '', keeper = ''] = process.argv.slice(2)
const demo = await readDemoFile(file)
const { sip, line } = demo
const person = townsperson(new Chance(Date.now()))
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
void hangUpWithKeeper()
await citizen.ended
process.exit(0)

/** When the system is stopped, he goes too. */
async function hangUpWithKeeper(): Promise<void> {
  for (;;) {
    await delay(lookEveryMs)
    try {
      process.kill(Number(keeper), 0)
    } catch {
      citizen.hangUp()
      return
    }
  }
}
