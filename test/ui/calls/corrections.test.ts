import t from 'tap'

Object.assign(globalThis, { window: { addEventListener: () => undefined } })
const { acceptCorrection } = await import('../../../src/ui/calls/corrections.ts')

t.test('a correction comes back from the tab as it was typed; another shape does not', (t) => {
  const form = { subject: 'Taxe', motivated: 'no', reason: 'prank', resolution: 'none' }
  const typed = { form, note: 'De sunat mâine.' }
  t.same(acceptCorrection(typed), typed)
  t.same(acceptCorrection({ ...typed, form: { ...form, reason: null } })?.form.reason, null)
  t.same(acceptCorrection({ ...typed, form: { ...form, code: 'taxe' } })?.form.code, 'taxe')
  t.equal(acceptCorrection({ ...typed, form: { ...form, code: { id: 'taxe' } } }), null)
  for (const stored of [null, 'text', {}, { form }, { form: { subject: 'Taxe' }, note: '' }])
    t.equal(acceptCorrection(stored), null, JSON.stringify(stored))
  t.end()
})
