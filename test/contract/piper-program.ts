/** A program with Piper's command line: text by standard input, each line a sound of its own; it speaks through espeak-ng at 22.05 kHz, slowly. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const options = `
while [ $# -gt 0 ]; do
  case $1 in
    --model) model=$2; shift 2 ;;
    --output_file) out=$2; shift 2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
done
[ -s "$model" ] && [ -s "$model.json" ] || { echo "Unable to find voice: $model" >&2; exit 1; }
`

const ways = {
  speaks: `
cd "$(dirname "$out")"
while IFS= read -r line; do
  [ -z "$line" ] || espeak-ng -v "$(basename "$model" .onnx)+f3" -s 80 -w "$(basename "$out")" -- "$line"
done`,
  'fails at a time': `
read -r line
case $line in *ora*) exit 1 ;; esac
cd "$(dirname "$out")"
exec espeak-ng -v "$(basename "$model" .onnx)+f3" -s 80 -w "$(basename "$out")" -- "$line"`,
  fails: 'echo "RuntimeError: the model is damaged" >&2; exit 1',
  hangs: 'exec sleep 600',
  'is silent': 'exec sox -n -r 22050 -c 1 -b 16 "$out" trim 0 1',
} as const
export type PiperWay = keyof typeof ways

/** In this folder; answers with the program and the folder of its voices. */
export async function piperProgram(dir: string, way: PiperWay): Promise<{ program: string; voices: string }> {
  const program = join(dir, 'piper')
  await writeFile(program, `#!/bin/sh\n${options}\n${ways[way]}\n`)
  await chmod(program, 0o755)
  for (const language of ['ro', 'en']) {
    await writeFile(join(dir, `${language}.onnx`), 'a voice')
    await writeFile(join(dir, `${language}.onnx.json`), '{}')
  }
  return { program, voices: dir }
}
