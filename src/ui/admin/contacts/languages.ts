/** The languages of which somebody can be an interpreter, by their names. */

const letters = Array.from('abcdefghijklmnopqrstuvwxyz')

/** ISO 639-1 with the names of the screen's language, by name. */
export function languagesFor(screen: string): readonly { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames([screen], { type: 'language', fallback: 'none' })
  return (
    letters
      .flatMap((first) => letters.map((second) => `${first}${second}`))
      .flatMap((code) => {
        const label = names.of(code)
        // An outdated code has the name of the one that replaced it.
        return label === undefined || Intl.getCanonicalLocales(code)[0] !== code
          ? []
          : [{ value: code, label }]
      })
      // Akan and Twi have one name.
      .filter(({ label }, index, all) => all.findIndex((one) => one.label === label) === index)
      .toSorted((one, other) => one.label.localeCompare(other.label, screen))
  )
}
