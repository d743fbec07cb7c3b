// @ts-check

/**
 * Gives both lines the version that the changesets ask for: the major is that of their Effect, the rest is the same.
 * Changesets know the workspace alone, so what they do there is done to the root too.
 */
import { execFileSync } from "node:child_process"
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"

const changes = "CHANGELOG.md"
const changesThere = `effect3/${changes}`
const manifests = { root: "package.json", there: "effect3/package.json" }

if (existsSync(changes)) copyFileSync(changes, changesThere)
execFileSync("changeset", ["version"], { stdio: "inherit" })

/** @type {string} */
const version = JSON.parse(readFileSync(manifests.there, "utf8")).version
if (!version.startsWith("3.")) throw new Error(`${version}: what breaks is a minor, the major is Effect's`)
const ours = version.replace("3.", "4.")
writeFileSync(
  manifests.root,
  readFileSync(manifests.root, "utf8").replace(/"version": "[^"]*"/, `"version": "${ours}"`)
)
renameSync(changesThere, changes)
writeFileSync(
  changes,
  readFileSync(changes, "utf8").replace(`\n## ${version}\n`, `\n## ${ours} and ${version}\n`)
)
