/**
 * How many files there are, how long they are, who imports them, and how many of them one call passes through.
 * `--list` names the files behind the figures.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path/posix"
import { parseArgs } from "node:util"
import ts from "typescript"
import { walks } from "./walk.js"

/** So many lines of code that two files have in common are a copy. */
const windowLines = 8

const { values: options } = parseArgs({ options: { list: { type: "boolean", default: false } } })

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => join("src", file.replaceAll("\\", "/")))
  .filter((file) => file.endsWith(".ts"))
  .sort()
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]))

const lengths = files
  .map((file) => ({ file, lines: (texts.get(file) ?? "").split("\n").length - 1 }))
  .sort((one, other) => one.lines - other.lines)

const importers = new Map<string, ReadonlyArray<string>>()
for (const [file, text] of texts) {
  for (const { fileName } of ts.preProcessFile(text).importedFiles) {
    const imported = join(dirname(file), fileName.replace(/\.js$/, ".ts"))
    if (!fileName.startsWith(".") || !existsSync(imported)) continue
    importers.set(imported, [...new Set([...(importers.get(imported) ?? []), file])])
  }
}

/** Lines without indentation, comments and imports. */
const codeOf = (text: string): ReadonlyArray<string> =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^(?:import|export) [^;]*? from ".*"$/gm, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("//"))

const copies = (): ReadonlyArray<string> => {
  const seen = new Map<string, string>()
  const pairs = new Map<string, number>()
  for (const [file, text] of texts) {
    const lines = codeOf(text)
    for (let at = 0; at + windowLines <= lines.length; at++) {
      const window = lines.slice(at, at + windowLines).join("\n")
      const other = seen.get(window)
      seen.set(window, file)
      if (other === undefined || other === file) continue
      const pair = `${other} ${file}`
      pairs.set(pair, (pairs.get(pair) ?? windowLines - 1) + 1)
    }
  }
  return [...pairs]
    .sort(([, one], [, other]) => other - one)
    .map(([pair, lines]) => `${lines} lines: ${pair}`)
}

const show = (what: string, figure: number, names: ReadonlyArray<string> = []) => {
  console.log(`${String(figure).padStart(7)}  ${what}`)
  if (options.list) for (const name of names) console.log(`           ${name}`)
}

const lines = lengths.reduce((sum, one) => sum + one.lines, 0)
const long = lengths.filter((one) => one.lines > 400)
const short = lengths.filter((one) => one.lines < 40)
const named = (some: typeof lengths) => some.map((one) => `${one.lines} ${one.file}`)
const lonely = [...importers].flatMap(([file, [by, ...others]]) =>
  others.length === 0 ? [`${file} for ${by}`] : []
)
const copied = copies()

show("files under src/", files.length)
show("lines", lines)
show("lines of the median file", lengths[Math.floor(lengths.length / 2)]?.lines ?? 0)
show("files of more than 400 lines", long.length, named(long))
show("files of less than 40 lines", short.length, named(short))
show("modules with one importer", lonely.length, lonely.sort())
show(`pairs of files with ${windowLines} equal lines of code or more`, copied.length, copied)
const { calls, profiles } = await walks()
for (const [what, found] of [
  ["a warm AssumeRole", calls],
  ["a profile's way to credentials", profiles]
] as const) {
  for (const [cloud, walk] of Object.entries(found)) {
    const passed = Object.entries(walk).map(([file, functions]) => `${functions} of ${file}`)
    const functions = Object.values(walk).reduce((sum, count) => sum + count, 0)
    show(`files that ${what} of ${cloud} passes through`, passed.length, passed)
    show("functions of them", functions)
  }
}
