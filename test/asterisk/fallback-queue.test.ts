import t from 'tap'
import { AmiRefusal } from '../../src/asterisk/ami/ami-connection.ts'
import { FallbackQueue } from '../../src/asterisk/fallback/fallback.ts'

type Fields = Readonly<Record<string, string>>

/** A queue that goes on listing whoever is on the way out of it. */
function aQueue(...waiting: readonly string[]) {
  const at = { ms: 0 }
  const redirected: string[] = []
  const answer = { is: (): void => undefined }
  const queue = new FallbackQueue(
    {
      list: async () =>
        waiting.map((channel, index) => ({ event: 'QueueEntry', channel, position: String(index + 1) })),
      action: async ({ channel = '' }: Fields) => {
        redirected.push(channel)
        answer.is()
        return {}
      },
    },
    () => at.ms,
  )
  return { queue, at, redirected, answer }
}

void t.test('fetches at once take each caller once, in the order of the queue', async (t) => {
  const { queue, redirected } = aQueue('one', 'two')
  const taken = await Promise.all([queue.retakeWaiting(), queue.takeOver(), queue.retake('two')])
  t.equal(
    taken.reduce<number>((sum, one) => sum + Number(one), 0),
    2,
  )
  t.same(redirected.toSorted(), ['one', 'two'])
  t.equal(await queue.retakeWaiting(), 0)
})

void t.test(
  'who enters the queue once more is fetched once more, and so is who has not left it',
  async (t) => {
    const { queue, at, redirected } = aQueue('one')
    t.equal(await queue.retakeWaiting(), 1)
    queue.entered('one')
    t.equal(await queue.retakeWaiting(), 1)
    at.ms += 1_999
    t.equal(await queue.retakeWaiting(), 0)
    at.ms += 1
    t.equal(await queue.retakeWaiting(), 1, 'Asterisk has not moved the caller')
    t.equal(redirected.length, 3)
  },
)

void t.test('a caller who is gone is none, and after a failure the next fetch tries again', async (t) => {
  const { queue, answer } = aQueue('one')
  answer.is = () => {
    throw new AmiRefusal('Channel does not exist')
  }
  t.equal(await queue.retakeWaiting(), 0)
  answer.is = () => {
    throw new Error('AMI is away')
  }
  await t.rejects(queue.retakeWaiting(), { message: 'AMI is away' })
  answer.is = () => undefined
  t.equal(await queue.retakeWaiting(), 1)
})
