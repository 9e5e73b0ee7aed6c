/**
 * A number as it is spoken: +40721234567 → 0721 234 567, +40256111222 → 0256 111 222, +40211234567 → 021 123
 * 4567. Other numbers keep their digits, in groups of three.
 */
export function spokenNumber(number: string): string {
  const national = number.startsWith('+40') ? `0${number.slice(3)}` : number
  if (/^0\d{9}$/.test(national)) {
    return national.startsWith('021') || national.startsWith('031')
      ? `${national.slice(0, 3)} ${national.slice(3, 6)} ${national.slice(6)}`
      : `${national.slice(0, 4)} ${national.slice(4, 7)} ${national.slice(7)}`
  }
  if (/^\+?\d{7,}$/.test(national)) return national.replace(/(\d{3})(?=\d{2})/g, '$1 ').trim()
  return national
}
