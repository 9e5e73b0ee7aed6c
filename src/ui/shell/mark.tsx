/** The product's logo: a voice on a line. `linia.svg` is the same as the icon of the tab. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" data-mark>
      <rect width="32" height="32" rx="7" fill="#1c5fc4" />
      <path
        d="M10 5h12a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4h-3.5L14 23.5V19h-4a4 4 0 0 1-4-4V9a4 4 0 0 1 4-4z"
        fill="#fff"
      />
      <path d="M6.5 27h19" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}
