import { createTheme, type MantineColorsTuple } from '@mantine/core'

const blue: MantineColorsTuple = [
  '#e8f0fc',
  '#cfdff7',
  '#a0bfee',
  '#7db0ff',
  '#4c87db',
  '#2f70cf',
  '#1c5fc4',
  '#1753ad',
  '#114493',
  '#0b3472',
]

/** The dark palette in blue-grey, from text (0) to background (7) and below. */
const dark: MantineColorsTuple = [
  '#e9edf1',
  '#c9d1d9',
  '#abb5c0',
  '#8792a0',
  '#3b444f',
  '#2a313a',
  '#20262e',
  '#14181d',
  '#101318',
  '#0b0e12',
]

/** Small, dense and quiet, because the screen is in view for eight hours. */
export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'Inter Variable', ui-monospace, monospace",
  colors: { blue, dark },
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: 4,
  fontSizes: { xs: '12px', sm: '14px', md: '15px', lg: '18px', xl: '24px' },
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm', withAsterisk: false } },
    PasswordInput: { defaultProps: { size: 'sm', withAsterisk: false } },
    Textarea: { defaultProps: { size: 'sm' } },
    NativeSelect: { defaultProps: { size: 'sm' } },
    // Popups stay inside the main landmark.
    Menu: {
      defaultProps: {
        shadow: 'md',
        transitionProps: { duration: 0 },
        portalProps: { target: '#work' },
        // Otherwise a child that is no menu item takes the focus first.
        withInitialFocusPlaceholder: false,
      },
    },
    Tooltip: { defaultProps: { transitionProps: { duration: 0 }, portalProps: { target: '#work' } } },
    Modal: { defaultProps: { transitionProps: { duration: 0 }, size: 'lg' } },
  },
})
