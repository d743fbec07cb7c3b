/**
 * The parts of the README and the guides that stand elsewhere too: the examples as they are, and the settings as the
 * tables have them. Run, it writes them.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { alibaba, aws, common, type SettingRow } from "../src/protocol/settingTable.js"

const source = readFileSync(new URL("../src/protocol/settingTable.ts", import.meta.url), "utf8")

const code = (text: string | undefined): string => (text === undefined ? "" : `\`${text}\``)

const commentAndName = /\/\*\*([\s\S]*?)\*\/\s*\{\s*\w+: "(\w+)"/g

/** A table of settings: what its rows hold, and what the comments above them tell. */
const table = (
  name: string,
  rows: ReadonlyArray<SettingRow>,
  columns: Readonly<Record<string, "variable" | "key" | "iniKey">>
) => {
  const [, text = ""] = source.split(`export const ${name} = [`)
  const told = Array.from(text.matchAll(commentAndName), ([, comment = "", row]) => ({
    row,
    cells: comment
      .replace(/\n\s*\*/g, " ")
      .split("|")
      .map((cell) => cell.trim())
  }))
  const lines = rows.map((row, index) => {
    const { cells = [], row: described } = told[index] ?? {}
    const called = row.variable ?? row.key ?? row.iniKey
    if (described !== called || cells.length !== 3 || cells[0] === "" || cells[2] === "") {
      throw new Error(
        `The comment above ${called} must have the form: meaning | what counts otherwise | who reads it`
      )
    }
    return [...Object.values(columns).map((place) => code(row[place])), ...cells]
  })
  const head = [...Object.keys(columns), "meaning", "else", "read by"]
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

const tables: Readonly<Record<string, string>> = {
  common: table("common", common, { variable: "variable" }),
  aws: table("aws", aws, { variable: "variable", profile: "key" }),
  alibaba: table("alibaba", alibaba, {
    variable: "variable",
    "config.json": "key",
    "credentials file": "iniKey"
  })
}

/** A guide with these parts as they should be. */
export const written = (guide: string): string =>
  guide
    .replace(/<!-- examples\/(\S+) -->\n```ts\n[\s\S]*?```/g, (_, file: string) => {
      const example = readFileSync(new URL(`../examples/${file}`, import.meta.url), "utf8")
      return `<!-- examples/${file} -->\n\`\`\`ts\n${example}\`\`\``
    })
    .replace(/<!-- settings of (\w+) -->\n\n[\s\S]*?\n\n/g, (_, cloud: string) => {
      return `<!-- settings of ${cloud} -->\n\n${tables[cloud]}\n\n`
    })

const root = fileURLToPath(new URL("..", import.meta.url))

/** The README and the guides, by their paths. */
export const guides: ReadonlyArray<string> = [
  "README.md",
  ...readdirSync(`${root}/docs`)
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`)
]

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const guide of guides)
    writeFileSync(`${root}/${guide}`, written(readFileSync(`${root}/${guide}`, "utf8")))
}
