// @ts-check

/** The tree of the line for Effect 3: what is derived, what has a twin, and what is taken as it is. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { dirname, join, relative } from "node:path"
import ts from "typescript"
import { declarations, programOf } from "./declarations.mjs"
import { derive } from "./derive.mjs"
import { isEffect } from "./imports.mjs"
import { members } from "./members.mjs"
import { counterpart, modules, names } from "./names.mjs"
import { allShapes } from "./shapes.mjs"

const entries = [
  "src",
  "src/cli/demo",
  "src/cli/emulator",
  "test",
  "examples",
  "scripts/readme.ts",
  "vitest.config.ts",
  "tsconfig.json",
  "tsconfig.build.json",
  "tsconfig.types.json",
  "LICENSE",
  "README.md",
  "docs"
]

/** What another major has no use for. */
const others = [
  // The program, which comes joined with its own Effect; what its demo and its emulator show is derived.
  "src/cli",
  "test/cli",
  // About the project itself, which is one.
  "test/tooling",
  // About dispatchers, which the schedulers of Effect 3 do not have.
  "test/layers/blocking/scheduler.test.ts",
  // About closures made of trees, which are made for Effect 4 alone.
  "test/schemas/acceptance.test.ts",
  // About what V8 makes old from the start: in Effect 3, its own objects are among that.
  "test/services/heldAtFirst.test.ts"
]

/** Of all twins together. */
const limits = { files: 30, lines: 1200 }

/**
 * @param {string} folder
 * @param {string} entry
 * @returns {ReadonlyArray<string>}
 */
const filesOf = (folder, entry) => {
  const path = join(folder, entry)
  if (others.includes(entry) || !existsSync(path)) return []
  return statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesOf(folder, join(entry, name)))
    : [entry]
}

/**
 * The modules of Effect that files import.
 *
 * @param {string} folder
 * @param {ReadonlyArray<string>} files
 */
const importedBy = (folder, files) =>
  files.flatMap((file) =>
    ts
      .preProcessFile(readFileSync(join(folder, file), "utf8"))
      .importedFiles.map(({ fileName }) => fileName)
      .filter(isEffect)
  )

/**
 * What is wrong with the twins.
 *
 * @param {string} folder
 * @param {ReadonlyArray<string>} twins
 * @param {ReadonlyArray<string>} files
 * @param {import("./declarations.mjs").Declarations} effect3
 */
const problemsOfTwins = (folder, twins, files, effect3) => {
  const lines = twins.reduce(
    (sum, file) => sum + readFileSync(join(folder, file), "utf8").split("\n").length - 1,
    0
  )
  return [
    ...twins
      .filter((file) => !files.includes(file))
      .map((file) => `effect3/twins/${file} is the twin of no file`),
    ...twins.flatMap((file) =>
      importedBy(folder, [file]).flatMap((module) =>
        effect3.hasModule(module) ? [] : [`effect3/twins/${file} imports ${module}, which Effect 3 has not`]
      )
    ),
    ...(twins.length > limits.files ? [`${twins.length} twins, more than ${limits.files}`] : []),
    ...(lines > limits.lines ? [`the twins have ${lines} lines, more than ${limits.lines}`] : [])
  ]
}

/** The names of all rules, as a run counts them. */
const allRules = [
  ...Object.keys(modules),
  ...Object.entries(names).flatMap(([module, table]) =>
    Object.keys(table).map((name) => `${module}.${name}`)
  ),
  ...members.map(({ from }) => from),
  ...new Set(allShapes.map(({ from, name }) => name ?? from))
]

/**
 * The modules of Effect 3 that files may come to import.
 *
 * @param {ReadonlyArray<ts.SourceFile>} files
 */
export const modulesFor = (files) => {
  const imported = files.flatMap((file) =>
    file.statements.flatMap((one) =>
      ts.isImportDeclaration(one) && ts.isStringLiteral(one.moduleSpecifier) ? [one.moduleSpecifier.text] : []
    )
  )
  const moved = Object.values(names).flatMap((table) =>
    Object.values(table).flatMap((to) => (to.includes("#") ? [to.slice(0, to.indexOf("#"))] : []))
  )
  return new Set([...imported.filter(isEffect).map(counterpart), ...Object.values(modules), ...moved])
}

/** Code in comments and in Markdown is derived as files are. */
const block = /^([ \t]*(?:\* ?)?)```ts\n([\s\S]*?)^[ \t]*(?:\* ?)?```$/gm

/**
 * The texts of the blocks of code, without what stands before each line in a comment.
 *
 * @param {string} text
 * @returns {ReadonlyArray<string>}
 */
const snippetsOf = (text) =>
  Array.from(text.matchAll(block), ([, start = "", code = ""]) =>
    code
      .split("\n")
      .map((line) => (line.startsWith(start) ? line.slice(start.length) : line.slice(start.trimEnd().length)))
      .join("\n")
  )

/**
 * A text with other blocks of code.
 *
 * @param {string} text
 * @param {(index: number) => string} derived
 */
const withSnippets = (text, derived) => {
  let index = 0
  return text.replace(block, (whole, /** @type {string} */ start) => {
    const lines = derived(index++).replace(/\n$/, "").split("\n")
    const code = lines.map((line) => (start + line).trimEnd()).join("\n")
    return `${start}\`\`\`ts\n${code}\n${whole.slice(whole.lastIndexOf("\n") + 1)}`
  })
}

/**
 * @param {string} path
 * @param {number} index
 */
const snippetPath = (path, index) => `${path.replace(/\.\w+$/, "")}.${index}.snippet.ts`

/**
 * The blocks of code of files, as files of their own.
 *
 * @param {string} root
 * @param {ReadonlyArray<string>} files
 */
const snippetTexts = (root, files) =>
  Object.fromEntries(
    files.flatMap((file) => {
      const path = join(root, file)
      return snippetsOf(readFileSync(path, "utf8")).map((text, index) => [snippetPath(path, index), text])
    })
  )

/**
 * Writes the tree anew.
 *
 * @param {string} root
 */
export const writeTree = (root) => {
  const home = join(root, "effect3")
  const twinFolder = join(home, "twins")
  const twins = existsSync(twinFolder)
    ? readdirSync(twinFolder).flatMap((entry) => filesOf(twinFolder, entry))
    : []
  const files = entries.flatMap((entry) => filesOf(root, entry))
  const derivable = files.filter((file) => file.endsWith(".ts") && !twins.includes(file))
  const inside = snippetTexts(root, [...derivable, ...files.filter((file) => file.endsWith(".md"))])
  const program = programOf(
    root,
    [...files.filter((file) => file.endsWith(".ts")).map((file) => join(root, file)), ...Object.keys(inside)],
    inside
  )
  const parsed = [...derivable.map((file) => join(root, file)), ...Object.keys(inside)].flatMap(
    (path) => program.getSourceFile(path) ?? []
  )
  const effect3 = declarations(root, home, new Set([...modulesFor(parsed), ...importedBy(twinFolder, twins)]))
  const { problems, texts, uses } = derive(program, parsed, effect3)

  for (const entry of entries) rmSync(join(home, entry), { recursive: true, force: true })
  for (const file of files) {
    const to = join(home, file)
    mkdirSync(dirname(to), { recursive: true })
    if (twins.includes(file)) cpSync(join(twinFolder, file), to)
    else if (!/\.(ts|md)$/.test(file)) cpSync(join(root, file), to)
    else {
      const path = join(root, file)
      const text = texts.get(path) ?? readFileSync(path, "utf8")
      writeFileSync(
        to,
        withSnippets(text, (index) => texts.get(snippetPath(path, index)) ?? "")
      )
    }
  }
  return {
    derived: derivable.length,
    twins: twins.length,
    problems: [
      ...problems.map(({ message, place }) => `${relative(root, place)} ${message}`),
      ...problemsOfTwins(twinFolder, twins, files, effect3)
    ],
    unused: allRules.filter((rule) => !uses.has(rule))
  }
}
