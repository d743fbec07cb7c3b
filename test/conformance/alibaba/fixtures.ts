/**
 * Credentials files of the vendor's own tests: what each profile of them gives.
 */
import { deepStrictEqual } from "node:assert"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as CredentialsFile from "../../../src/layers/alibaba/CredentialsFile.js"
import type { Case, Suite } from "../Suite.js"

type Settings = Readonly<Record<string, string>>

const withoutComment = (text: string): string => text.replace(/\s+[#;].*$/, "").trim()

/** As plain as these files are: sections, one setting per line, and comments. */
const sectionsOf = (text: string): ReadonlyArray<readonly [string, Settings]> =>
  text
    .split(/^\[/m)
    .slice(1)
    .map((section) => {
      const [header = "", ...lines] = section.split("\n")
      const settings = lines
        .filter((line) => line.includes("="))
        .map((line) => [
          line.slice(0, line.indexOf("=")).trim(),
          withoutComment(line.slice(line.indexOf("=") + 1))
        ])
      return [header.slice(0, header.indexOf("]")).trim(), Object.fromEntries(settings)] as const
    })

const expected = ({ access_key_id, access_key_secret, enable, security_token, type = "" }: Settings) => {
  if (enable === "false") return "NotConfigured"
  if (!["", "access_key", "sts"].includes(type)) return "Unsupported"
  if (!access_key_id || !access_key_secret || (type === "sts" && !security_token)) return "Incomplete"
  return { access_key_id, access_key_secret, security_token }
}

const actual = (file: string, profile: string) =>
  CredentialsFile.make({ file, profile }).pipe(
    Effect.flatMap((source) => source.get),
    Effect.match({
      onSuccess: ({ accessKeyId, accessKeySecret, securityToken }) => ({
        access_key_id: accessKeyId,
        access_key_secret: Redacted.value(accessKeySecret),
        security_token: securityToken && Redacted.value(securityToken)
      }),
      onFailure: (error) => (error._tag === "StsCredentialError" ? error.reason : error._tag)
    }),
    Effect.provide(NodeFileSystem.layer),
    Logger.withMinimumLogLevel(LogLevel.None)
  )

const casesOfFile = (root: string, name: string): ReadonlyArray<Case> => {
  const file = join(root, name)
  return sectionsOf(readFileSync(file, "utf8"))
    .filter(([profile]) => profile !== "")
    .map(([profile, settings]) => ({
      name: `${name} [${profile}]`,
      check: Effect.map(actual(file, profile), (outcome) => deepStrictEqual(outcome, expected(settings)))
    }))
}

export const fixtures: Suite = {
  name: "alibaba/fixtures",
  cases: (path) =>
    readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ini"))
      .sort()
      .flatMap((name) => casesOfFile(path, name))
}
