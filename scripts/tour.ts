/**
 * The README's picture: what the program prints at a terminal, drawn. Run, it writes it; a test holds it equal to what the
 * program prints.
 */
import { writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { cli, run } from "../test/support/cli.js"
import { startEmulator } from "../test/support/cliEmulator.js"
import { joinProgram } from "./program.mjs"

const role = "arn:aws:iam::123456789012:role/reader"

const commands: ReadonlyArray<string> = [
  "aws whoami",
  "aws explain",
  `aws assume-role --role-arn ${role} --role-session-name report`,
  `aws exec --role ${role} -- printenv AWS_ACCESS_KEY_ID`
]

/** What differs from run to run. */
const fixed: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(A(?:SIA|KIA|ROA|IDA))[A-Z0-9]{16,17}\b/g, "$1EXAMPLE"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-01-31T12:00:00Z"],
  [/\b127\.0\.0\.1:\d+/g, "127.0.0.1:41234"],
  [/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, "01234567-89ab-cdef-0123-456789abcdef"]
]

const width = 104

const wrapped = (line: string): ReadonlyArray<string> => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""]

interface Line {
  readonly kind: "prompt" | "output"
  readonly text: string
}

const shown = async (): Promise<ReadonlyArray<Line>> => {
  const emulator = await startEmulator()
  const lines: Array<Line> = []
  for (const command of commands) {
    const { stderr, stdout } = await run(command.split(" "), { env: emulator.env.aws })
    if (stderr !== "") throw new Error(`${command}: ${stderr}`)
    const text = fixed.reduce((text, [pattern, same]) => text.replace(pattern, same), stdout.trimEnd())
    lines.push({ kind: "prompt", text: `$ effect-sts ${command}` })
    lines.push(
      ...text
        .split("\n")
        .flatMap(wrapped)
        .map((text) => ({ kind: "output" as const, text }))
    )
    lines.push({ kind: "output", text: "" })
  }
  await emulator.stop()
  return lines.slice(0, -1)
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? sign)

const size = { column: 7.8, row: 19, margin: 20, bar: 34 }

/** The picture, as it should be. */
export const picture = async (): Promise<string> => {
  const lines = await shown()
  const across = Math.ceil(width * size.column + 2 * size.margin)
  const down = size.bar + lines.length * size.row + size.margin
  const rows = lines.map(
    ({ kind, text }, index) =>
      `<text class="${kind}" x="${size.margin}" y="${size.bar + (index + 1) * size.row - 5}">${escaped(text)}</text>`
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${across} ${down}" width="${across}" height="${down}" role="img">
<title>effect-sts at a terminal: whoami, explain, assume-role and exec</title>
<style>
  text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #c9d1d9; white-space: pre }
  .prompt { fill: #7ee787 }
</style>
<rect width="${across}" height="${down}" rx="8" fill="#0d1117"/>
${["#ff5f57", "#febc2e", "#28c840"].map((fill, index) => `<circle cx="${size.margin + index * 20}" cy="18" r="6" fill="${fill}"/>`).join("\n")}
${rows.filter((row) => !row.endsWith("></text>")).join("\n")}
</svg>
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await joinProgram(dirname(cli), "0.0.0-test")
  writeFileSync(fileURLToPath(new URL("../docs/cli.svg", import.meta.url)), await picture())
}
