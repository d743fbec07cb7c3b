/**
 * The two lines of this package and the peers, made ready to be measured.
 */
import { execFileSync } from "node:child_process"
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** The major of Effect. */
export type Line = 4 | 3

export const root = fileURLToPath(new URL("../..", import.meta.url))
const effect3 = join(root, "effect3")
const bench = join(root, "bench")
const peers = join(bench, "peers")

export const homeOf = (line: Line): string => (line === 4 ? root : effect3)

/** What is measured finds its line's own Effect from here. */
export const benchOf = (line: Line): string => join(homeOf(line), "bench")

const npm = (cwd: string, ...words: ReadonlyArray<string>): void => {
  execFileSync("npm", words, { cwd, stdio: ["ignore", "ignore", "inherit"] })
}

/** The line for Effect 3 is derived and built, and what is measured on it stands within it. */
export const prepareEffect3 = (): void => {
  npm(root, "run", "-s", "effect3", "--", "derive")
  rmSync(join(effect3, "dist"), { recursive: true, force: true })
  npm(effect3, "run", "-s", "build")
  for (const folder of ["contenders", "programs"]) {
    const copy = join(effect3, "bench", folder)
    rmSync(copy, { recursive: true, force: true })
    cpSync(join(bench, folder), copy, { recursive: true })
  }
}

/** Exactly the locked versions, installed where they are not. */
export const installPeers = (): void => {
  const installed = join(peers, "node_modules/.package-lock.json")
  const locked = JSON.parse(readFileSync(join(peers, "package-lock.json"), "utf8")).packages
  const have = existsSync(installed) ? JSON.parse(readFileSync(installed, "utf8")).packages : {}
  const missing = Object.entries<{ version: string }>(locked).some(
    ([path, { version }]) => path !== "" && have[path]?.version !== version
  )
  if (missing) npm(peers, "ci", "--no-audit", "--no-fund")
}

const versionIn = (folder: string, name: string): string =>
  JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version

/** What was measured, by its version. */
export const versions = (): Readonly<Record<string, string>> => {
  const { dependencies } = JSON.parse(readFileSync(join(peers, "package.json"), "utf8"))
  return {
    node: process.version,
    "effect 4": versionIn(root, "effect"),
    "effect 3": versionIn(effect3, "effect"),
    ...Object.fromEntries(
      Object.keys(dependencies)
        .filter((name) => name !== "effect")
        .map((name) => [name, versionIn(peers, name)])
    )
  }
}
