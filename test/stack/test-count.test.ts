/** The count and the output of `make test`. */
import t from 'tap'
import { TestCount } from '../support/run/test-count.ts'

t.test('assertions are counted, and a file that breaks counts as a failure', async (t) => {
  const output: string[] = []
  const count = new TestCount((line) => output.push(line))
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: a.test.ts',
      '    # Subtest: inner',
      '        ok 1 - fine',
      '        not ok 2 - wrong',
      '        1..2',
      '    not ok 1 - inner',
      '    1..1',
      'not ok 1 - a.test.ts # time=5ms',
      '# Subtest: b.test.ts',
      '    ok 1 - fine',
      '    1..1',
      'not ok 2 - b.test.ts # time=5ms',
      '  ---',
      '  exitCode: 1',
      '  ...',
      '# Subtest: c.test.ts',
      '    ok 1 - only for root # SKIP not root here',
      '    not ok 2 - later # TODO',
      '    1..2',
      'ok 3 - c.test.ts # time=5ms',
      '1..3',
      ' call-step.ts | 99.61 | 275',
      '',
    ].join('\n'),
  )
  const of = (name: string, passed: number, failed: number, skipped: number) => ({
    file: name,
    passed,
    failed,
    skipped,
  })
  t.match(await count.ended(), [of('a.test.ts', 1, 1, 0), of('b.test.ts', 1, 1, 0), of('c.test.ts', 0, 0, 2)])
  t.ok(output.some((line) => line.includes('c.test.ts › only for root: left out (not root here)')))
  t.ok(output.some((line) => line.includes('a.test.ts › inner › wrong')))
  t.equal(output.at(-1), ' call-step.ts | 99.61 | 275', 'uncovered lines are reported')
})

t.test('comments are printed for a failed file, and always for the simulator', async (t) => {
  const output: string[] = []
  const count = new TestCount((line) => output.push(line))
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: a.test.ts',
      '    # Subtest: inner',
      '        # took 4 ms',
      '        ok 1 - fine',
      '        1..1',
      '    ok 1 - inner # time=5ms',
      '    1..1',
      'ok 1 - a.test.ts # time=5ms',
      '# Subtest: b.test.ts',
      '    # Subtest: inner',
      '        # SEED=17',
      '        #   3 ms  a caller',
      '        not ok 1 - wrong',
      '        1..1',
      '        # time=3ms',
      '    not ok 1 - inner # time=5ms',
      '    1..1',
      '    # { total: 1, fail: 1 }',
      'not ok 2 - b.test.ts # time=5ms',
      '# Subtest: test/tools/simulation/c.test.ts',
      '    # 5 transitions',
      '    ok 1 - fine',
      '    1..1',
      'ok 3 - test/tools/simulation/c.test.ts # time=5ms',
      '1..3',
      '',
    ].join('\n'),
  )
  await count.ended()
  t.strictSame(output, [
    'ok     a.test.ts (0.0 s)',
    '  ✗ b.test.ts › inner › wrong',
    'FAILED b.test.ts (0.0 s)',
    '  # SEED=17',
    '  #   3 ms  a caller',
    'ok     test/tools/simulation/c.test.ts (0.0 s)',
    '  # 5 transitions',
  ])
})

t.test('the list of failures says where a test failed and what differed', async (t) => {
  const count = new TestCount(() => undefined)
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: test/a.test.ts',
      '    not ok 1 - no error',
      '      ---',
      '      diff: |',
      '        --- expected',
      '        +++ actual',
      '        @@ -1,1 +1,2 @@',
      '         Array [',
      '        -  "one",',
      '        +  "two",',
      '         ]',
      '      at:',
      '        lineNumber: 47',
      '      ...',
      '    not ok 2 - it comes',
      '      ---',
      '      stack: |',
      '        until (test/support/until.ts:22:22)',
      '        Test.<anonymous> (test/a.test.ts:31:5)',
      '      ...',
      '    1..2',
      'not ok 1 - test/a.test.ts # time=5ms',
      '1..1',
      '',
    ].join('\n'),
  )
  const [result] = await count.ended()
  t.strictSame(
    result?.failures.map(({ name, why }) => [name, why]),
    [
      ['no error', 'line 47  -  "one",  +  "two",'],
      ['it comes', 'line 31'],
    ],
  )
})

t.test('attacks are listed with their outcome', async (t) => {
  const count = new TestCount(() => undefined)
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: a.test.ts',
      '    # Subtest: attack: opens a door · the door opened · it stays shut',
      '        ok 1 - shut',
      '        1..1',
      '    ok 1 - attack: opens a door · the door opened · it stays shut # time=5ms',
      '    # Subtest: attack: breaks a wall · the wall fell · it stands',
      '        not ok 1 - stands',
      '        1..1',
      '    not ok 2 - attack: breaks a wall · the wall fell · it stands # time=5ms',
      '    1..2',
      'not ok 1 - a.test.ts # time=5ms',
      '1..1',
      '',
    ].join('\n'),
  )
  const [result] = await count.ended()
  t.match(result, { passed: 1, failed: 1, skipped: 0 })
  t.strictSame(result?.attacks, [
    { attack: 'opens a door', before: 'the door opened', now: 'it stays shut', held: true },
    { attack: 'breaks a wall', before: 'the wall fell', now: 'it stands', held: false },
  ])
})
