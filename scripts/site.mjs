// @ts-check

/**
 * The site: README, guides and a page for each door, with a search, and the same for language models in `llms.txt` and
 * `llms-full.txt`. Fails where a link leads nowhere. `node scripts/site.mjs <folder>`, or `site`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { Application, Converter } from "typedoc"

const out = process.argv[2] ?? "site"
const { description, name } = JSON.parse(readFileSync("package.json", "utf8"))

const doors = readdirSync("src").filter((file) => file.endsWith(".ts"))
const guides = readdirSync("docs")
  .filter((file) => file.endsWith(".md"))
  .map((file) => join("docs", file))
const pages = [...guides, "SECURITY.md"]

/** @param {string} path */
const read = (path) => readFileSync(path, "utf8")

/** @param {string} page */
const titleOf = (page) => /^# (.+)$/m.exec(read(page))?.[1] ?? basename(page, ".md")

/** How a door is imported. @param {string} door */
const specifier = (door) => (door === "index.ts" ? name : `${name}/${basename(door, ".ts")}`)

const application = await Application.bootstrap({
  name,
  tsconfig: "tsconfig.build.json",
  entryPoints: doors.map((door) => join("src", door)),
  projectDocuments: pages,
  readme: "README.md",
  out,
  // `npm run typecheck` is where errors of types are found.
  skipErrorChecking: true,
  cleanOutputDir: false,
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  searchInComments: true,
  searchInDocuments: true,
  highlightLanguages: ["ini", "json", "sh", "typescript", "yaml"],
  validation: { invalidLink: true, invalidPath: true, notExported: false },
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true
})

const titles = new Map(pages.map((page) => [page.replace(/\.md$/, ""), titleOf(page)]))
application.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
  document.name = titles.get(document.name) ?? document.name
})

const project = await application.convert()
if (project === undefined) process.exit(1)
application.validate(project)
await application.generateOutputs(project)
if (application.logger.hasErrors() || application.logger.hasWarnings()) process.exit(1)

const files = readdirSync(out, { recursive: true, encoding: "utf8" })
const html = files.filter((file) => file.endsWith(".html"))

/** What the README says that a guide is about. @param {string} page */
const subjectOf = (page) =>
  read("README.md")
    .split("\n")
    .find((line) => line.startsWith("| [") && line.includes(`](${page})`))
    ?.split("|")[2]
    ?.trim()

/** @param {string} title @param {string} page @param {string} [about] */
const entry = (title, page, about) => `- [${title}](${page})${about === undefined ? "" : `: ${about}`}`

const guideEntries = pages.map((page) => {
  const title = titleOf(page)
  return entry(title, `documents/${title.replaceAll(" ", "_")}.html`, subjectOf(page))
})
const doorEntries = doors.map((door) => {
  const about = /^\/\*\*\n \* (.+)$/m.exec(read(join("src", door)))?.[1]
  return entry(specifier(door), `modules/${basename(door, ".ts")}.html`, about)
})
writeFileSync(
  join(out, "llms.txt"),
  `# ${name}\n\n> ${description}\n\n## Guides\n\n${guideEntries.join("\n")}\n\n## What is imported from where\n\n${doorEntries.join("\n")}\n`
)
const markdown = files.filter((file) => file.startsWith("markdown")).map((file) => join(out, file))
writeFileSync(
  join(out, "llms-full.txt"),
  ["README.md", ...pages, ...markdown.filter((file) => file.endsWith(".md"))].map(read).join("\n\n")
)

/** @param {string} file */
const anchorsOf = (file) =>
  new Set(Array.from(read(file).matchAll(/ (?:id|name)="([^"]*)"/g), ([, id]) => id))

/** @type {Map<string, Set<string | undefined>>} */
const anchors = new Map()

/** Whether a link of a page leads somewhere. @param {string} file @param {string} link */
const leads = (file, link) => {
  const [path = "", anchor = ""] = decodeURI(link).split("#")
  const target = path === "" ? file : join(dirname(file), path)
  if (!existsSync(target)) return false
  if (anchor === "" || !target.endsWith(".html")) return true
  const known = anchors.get(target) ?? anchorsOf(target)
  anchors.set(target, known)
  return known.has(anchor)
}

const broken = [...html, "llms.txt"].flatMap((page) => {
  const file = join(out, page)
  const links = Array.from(
    read(file).matchAll(/ (?:href|src)="([^"]+)"|\]\(([^)\s]+)\)/g),
    ([, a, b]) => a ?? b
  )
  return links
    .filter((link) => link !== undefined && !/^(?:[a-z]+:|\/\/)/i.test(link) && !leads(file, link))
    .map((link) => `${relative(out, file)} leads to ${link}, which is not there`)
})
for (const one of new Set(broken)) console.error(one)
console.log(`${html.length} pages in ${out}, ${new Set(broken).size} broken links`)
if (broken.length > 0) process.exit(1)
