/** Options of a field that names another item of the configuration. */
export interface Option {
  readonly value: string
  readonly label: string
}

/** One that does not exist any more stays, so that the field shows what is wrong. */
export function optionsOf(
  items: readonly { readonly id: string; readonly name: string }[],
  chosen: string | undefined,
  nameless: string,
): Option[] {
  const options = items.map(({ id, name }) => ({ value: id, label: name.trim() === '' ? nameless : name }))
  const isKnown = chosen === undefined || items.some(({ id }) => id === chosen)
  return isKnown ? options : [...options, { value: chosen, label: chosen }]
}
