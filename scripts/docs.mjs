// @ts-check

/**
 * Documentation of what the doors, src/*.ts, hand out, as Markdown in site/markdown. Fails where a public export lacks a
 * description, or an example does not compile or run.
 *
 * docgen takes no package without a homepage, and this one has none yet: it works on a copy that names one.
 */
import { spawnSync } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter } from "node:path"
import { dirname, join } from "node:path/posix"
import { fileURLToPath } from "node:url"

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => join("src", file.replaceAll("\\", "/")))
  .filter((file) => file.endsWith(".ts"))

/** @param {string} door */
const handedOutBy = (door) =>
  Array.from(readFileSync(door, "utf8").matchAll(/^\s*(?:export|\}) .*?from "(\..+?)\.js"/gm), ([, path]) =>
    join(dirname(door), `${path}.ts`)
  )

const doors = files.filter((file) => dirname(file) === "src")
const handedOut = doors.flatMap(handedOutBy)
const shown = new Set([...doors, ...handedOut, ...handedOut.flatMap(handedOutBy)])
const hidden = files.filter((file) => !shown.has(file))

const docgen = fileURLToPath(import.meta.resolve("@effect/docgen/bin.cjs"))
// Its command line loses the first of several.
const options = ["none", ...hidden].flatMap((file) => ["--exclude", file])
// It runs `tsc` and `tsx` by these names.
const PATH = [fileURLToPath(new URL("../node_modules/.bin", import.meta.url)), process.env["PATH"]].join(
  delimiter
)
const copy = mkdtempSync(join(tmpdir(), "effect-sts-docgen-"))
try {
  for (const name of ["src", "tsconfig.json", "docgen.json"]) {
    cpSync(name, join(copy, name), { recursive: true })
  }
  symlinkSync(fileURLToPath(new URL("../node_modules", import.meta.url)), join(copy, "node_modules"))
  const manifest = JSON.parse(readFileSync("package.json", "utf8"))
  writeFileSync(join(copy, "package.json"), JSON.stringify({ homepage: ".", ...manifest }))
  const { status } = spawnSync(process.execPath, [docgen, ...options], {
    cwd: copy,
    stdio: "inherit",
    env: { ...process.env, PATH }
  })
  rmSync("site", { recursive: true, force: true })
  const modules = join(copy, "docs/modules")
  if (existsSync(modules)) cpSync(modules, "site/markdown", { recursive: true })
  process.exitCode = status ?? 1
} finally {
  rmSync(copy, { recursive: true })
}
