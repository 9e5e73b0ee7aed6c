import t from 'tap'
import { cancelAtEveryMoment } from './cancelled.ts'

t.test('CANCEL at every moment, ANSWER=agent', { timeout: 1_500_000 }, (t) => cancelAtEveryMoment(t, 'agent'))
