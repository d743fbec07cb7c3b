// @ts-check

/**
 * Gives both lines the version that the changesets ask for: the major is that of their Effect, the rest is the same.
 */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"

/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(path, "utf8"))

execFileSync("changeset", ["version"], { stdio: "inherit" })

const { version } = read("package.json")
if (!version.startsWith("4.")) throw new Error(`${version}: what breaks is a minor, the major is Effect's`)
const manifest = read("effect3/package.json")
writeFileSync(
  "effect3/package.json",
  `${JSON.stringify({ ...manifest, version: version.replace("4.", "3.") }, undefined, 2)}\n`
)
