/**
 * The parts of the README and the guides that stand elsewhere too: the examples as they are, and the settings as the
 * tables have them. Run, it writes them.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { documentedSettings as alibaba } from "../src/protocol/alibaba/settingDocs.js"
import { documentedSettings as aws } from "../src/protocol/aws/settingDocs.js"

const code = (text: string | undefined): string => (text === undefined ? "" : `\`${text}\``)

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const tables: Readonly<Record<string, string>> = {
  aws: table(
    ["variable", "profile", "meaning", "else", "read by"],
    aws.map(({ default: otherwise = "", doc, key, reader, variable }) => [
      code(variable),
      code(key),
      doc,
      otherwise,
      reader
    ])
  ),
  alibaba: table(
    ["variable", "config.json", "credentials file", "meaning", "else", "read by"],
    alibaba.map(({ default: otherwise = "", doc, iniKey, key, reader, variable }) => [
      code(variable),
      code(key),
      code(iniKey),
      doc,
      otherwise,
      reader
    ])
  )
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
