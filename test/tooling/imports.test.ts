/**
 * The import rules can fail: a small tree with one violation per rule, and one tree without any.
 */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import config from "../../.dependency-cruiser.cjs"
import { newFolder } from "../support/folders.js"

const root = resolve(import.meta.dirname, "../..")
const temporary = newFolder()

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
}

const cruise = (name: string, files: Readonly<Record<string, string>>): ReadonlyArray<Violation> => {
  const tree = join(temporary, name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), text)
  }
  for (const file of ["package.json", "tsconfig.json"]) cpSync(join(root, file), join(tree, file))
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"))
  const cli = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs")
  const options = ["--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "src"]
  const report = execFileSync(process.execPath, [cli, ...options], { cwd: tree, encoding: "utf8" })
  return JSON.parse(report).summary.violations
}

const imports = (...specifiers: ReadonlyArray<string>): string =>
  specifiers
    .map((specifier) => `import type {} from "${specifier}"\n`)
    .join("")
    .concat("export type T = 1\n")

const planted: ReadonlyArray<readonly [rule: string, file: string, ...specifiers: ReadonlyArray<string>]> = [
  ["no-circle", "src/protocol/circle.ts", "../schemas/circle.js"],
  ["resolvable", "src/protocol/lost.ts", "./nowhere.js"],
  ["floor-schemas-protocol", "src/schemas/up.ts", "../services/leaf.js"],
  ["floor-schemas-protocol", "src/protocol/up.ts", "../emulator/leaf.js"],
  ["floor-services-emulator", "src/services/up.ts", "../layers/leaf.js"],
  ["floor-services-emulator", "src/emulator/up.ts", "../leaf.js"],
  ["floor-layers", "src/layers/up.ts", "../leaf.js"],
  ["floor-doors", "src/up.ts", "./cli/leaf.js"],
  ["doors-apart", "src/cli/down.ts", "../services/leaf.js"],
  ["services-without-emulator", "src/services/across.ts", "../emulator/leaf.js"],
  ["emulator-through-one-door", "src/index.ts", "./across.js"],
  ["emulator-through-one-door", "src/across.ts", "./emulator/leaf.js"],
  ["no-node-below", "src/services/files.ts", "node:fs"],
  ["no-node-below", "src/schemas/hash.ts", "crypto"],
  ["protocol-is-pure", "src/protocol/files.ts", "node:fs"],
  ["protocol-is-pure", "src/protocol/promised.ts", "node:fs/promises"],
  ["no-import-call", "src/layers/lazy.ts"],
  ["no-barrel", "src/schemas/barrel.ts", "effect"],
  ["no-barrel", "src/services/barrel.ts", "effect/http"],
  ["no-barrel", "src/layers/barrel.ts", "@effect/platform-node"],
  ["majors-apart", "src/services/issue.ts", "effect/SchemaIssue"],
  ["majors-apart", "src/layers/turns.ts", "effect/Scheduler"],
  ["majors-apart", "src/layers/failure.ts", "effect/http/HttpClientError"],
  ["vendor-sdk", "src/layers/vendor.ts", "@alicloud/openapi-core"],
  ["declared", "src/layers/development.ts", "typescript"],
  ["platform-node-in-layers", "src/services/platform.ts", "@effect/platform-node/NodeFileSystem"],
  ["platform-node-through-one-door", "src/alibaba.ts", "./layers/platform.js"],
  ["undici-in-layers", "src/services/undici.ts", "undici"],
  ["undici-through-one-door", "src/blocking.ts", "./layers/UndiciClient.js"],
  ["redis-in-layers", "src/services/redis.ts", "redis"],
  ["redis-through-one-door", "src/function.ts", "./layers/redis/Redis.js"],
  ["tokens-in-emulator", "src/layers/jwt.ts", "jose"],
  ["tokens-in-emulator", "src/layers/xml.ts", "xml-crypto"],
  ["tokens-in-emulator", "src/services/dom.ts", "@xmldom/xmldom"]
]

const sound: Readonly<Record<string, string>> = {
  "src/schemas/leaf.ts": imports("effect/Schema"),
  "src/protocol/leaf.ts": imports("node:crypto", "../schemas/leaf.js"),
  "src/services/platformHttp.ts": imports("effect/http/HttpClientError"),
  "src/services/leaf.ts": imports("../protocol/leaf.js", "effect/http/HttpClient"),
  "src/emulator/leaf.ts": imports("jose", "xml-crypto", "@xmldom/xmldom", "node:http", "../protocol/leaf.js"),
  "src/layers/leaf.ts": imports("ini", "node:fs", "../services/leaf.js"),
  "src/layers/platform.ts": imports("@effect/platform-node/NodeFileSystem"),
  "src/layers/UndiciClient.ts": imports("undici"),
  "src/layers/redis/Redis.ts": imports("redis"),
  "src/leaf.ts": imports("./layers/leaf.js"),
  "src/node.ts": imports("./layers/platform.js"),
  "src/undici.ts": imports("./layers/UndiciClient.js"),
  "src/redis.ts": imports("./layers/redis/Redis.js"),
  "src/testing.ts": imports("./emulator/leaf.js"),
  "src/cli/leaf.ts": imports("../leaf.js", "../testing.js", "../node.js", "node:util")
}

describe("import rules", { timeout: 300_000 }, () => {
  const violations = cruise("planted", {
    ...sound,
    "src/schemas/circle.ts": imports("../protocol/circle.js"),
    ...Object.fromEntries(planted.map(([, file, ...specifiers]) => [file, imports(...specifiers)])),
    "src/layers/lazy.ts": 'export const lazy = () => import("../services/leaf.js")\n'
  })

  it.each(planted)("%s is broken by %s", (rule, file) => {
    assert.include(
      violations.filter(({ from }) => from === file).map((violation) => violation.rule.name),
      rule
    )
  })

  it("each have a planted violation", () => {
    const rules = new Set(planted.map(([rule]) => rule))
    assert.deepStrictEqual(
      config.forbidden?.map(({ name }) => name).filter((name) => !rules.has(name ?? "")),
      []
    )
  })

  it("accept the tree", () => {
    assert.deepStrictEqual(cruise("sound", sound), [])
  })
})
