import t from 'tap'
import { anchorsOf } from '../../../tools/docs/markdown.ts'
import { brokenReferences } from '../../../tools/docs/references.ts'

const problems = async (root: string): Promise<readonly string[]> =>
  (await brokenReferences(root)).map(({ file, line, problem }) => `${file}:${line}: ${problem}`)

t.test('references that exist are not reported', async (t) => {
  const root = t.testdir({
    'README.md': [
      '# Title',
      '[page](docs/page.md), [its part](docs/page.md#two-words), [here](#title), ![picture](docs/a.png)',
      '[web](https://example.org/x), [mail](mailto:a@example.org)',
      '`src/core/call.ts`, `core/call.ts`, `src/core/`, `docs/page.md`, `README.md`',
      '`var/log/`, `src/core/*.ts`, `http/<subject>.ts`, `make run`',
      '```sh',
      'cat `src/not/there.ts` [x](not/there.md)',
      '```',
    ].join('\n'),
    docs: {
      'page.md': '# Page\n\n## Two words\n\n[up](../README.md#title), `page.md`, decision files',
      'a.png': '',
      decisions: { '0003-x.md': '# 3. X' },
    },
    src: { core: { 'call.ts': '// See docs/page.md and decision 0003.' } },
  })
  t.same(await problems(root), [])
})

t.test('a link, an anchor and a path that do not exist are each reported with their line', async (t) => {
  const root = t.testdir({
    'README.md': '# Title\n\n[page](docs/gone.md)\n[part](#titles)\n`src/gone.ts` and `core/gone.ts`\n',
    src: { 'main.ts': '\n// See docs/gone.md and decision 0009.' },
  })
  t.same(await problems(root), [
    'README.md:3: the link docs/gone.md leads nowhere',
    'README.md:4: the link #titles names no heading of README.md',
    'README.md:5: there is no file src/gone.ts',
    'README.md:5: there is no file core/gone.ts',
    'src/main.ts:2: there is no page docs/gone.md',
    'src/main.ts:2: there is no decision 0009',
  ])
})

t.test('a link out of the repository is reported', async (t) => {
  const root = t.testdir({ docs: { 'page.md': '[out](../../elsewhere.md)' } })
  t.same(await problems(root), ['docs/page.md:1: the link ../../elsewhere.md leaves the repository'])
})

t.test('generated folders are not read', async (t) => {
  const root = t.testdir({
    node_modules: { some: { 'README.md': '[x](gone.md)' } },
    var: { 'notes.md': '[x](gone.md)' },
  })
  t.same(await problems(root), [])
})

t.test('headings have the anchors that GitHub gives them', async (t) => {
  const markdown =
    '# `linia` and *more*: 1.5\n\n## Twice\n\n## Twice\n\n```\n# not one\n```\n## Numărul [a](b.md)'
  t.same([...anchorsOf(markdown)], ['linia-and-more-15', 'twice', 'twice-1', 'numărul-a'])
})
