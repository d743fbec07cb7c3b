// @ts-check

/**
 * Documentation of what the doors, src/*.ts, hand out, as Markdown in docs/. Fails where a public export lacks a
 * description, or an example does not compile or run.
 */
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
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
const shown = new Set([...doors, ...doors.flatMap(handedOutBy)])
const hidden = files.filter((file) => !shown.has(file))

const docgen = fileURLToPath(import.meta.resolve("@effect/docgen/bin.cjs"))
// Its command line loses the first of several.
const options = ["none", ...hidden].flatMap((file) => ["--exclude", file])
// It runs `tsc` and `tsx` by these names.
const PATH = [fileURLToPath(new URL("../node_modules/.bin", import.meta.url)), process.env["PATH"]].join(
  delimiter
)
const { status } = spawnSync(process.execPath, [docgen, ...options], {
  stdio: "inherit",
  env: { ...process.env, PATH }
})
process.exitCode = status ?? 1
