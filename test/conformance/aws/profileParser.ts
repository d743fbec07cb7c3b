/**
 * The grammar of the shared config and credentials files.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert"
import * as Result from "effect/Result"
import {
  empty,
  type GrammarFault,
  parse,
  type Rule,
  type Section
} from "../../../src/protocol/aws/profileFile.js"
import { merge } from "../../../src/protocol/aws/profileGraph.js"
import { pure, readJson, type Suite } from "../Suite.js"

type Values = Readonly<Record<string, Readonly<Record<string, string>>>>

interface Vector {
  readonly name: string
  readonly input: { readonly configFile?: string; readonly credentialsFile?: string }
  readonly output: {
    readonly config?: { readonly profiles?: Values; readonly sso_sessions?: Values }
    readonly errorContaining?: string
  }
}

/** Words of the published errors, and the rule that is broken where they stand. */
const rules: ReadonlyArray<readonly [words: RegExp, rule: Rule]> = [
  [/must end with '?\]/i, "UnclosedHeader"],
  [/expected a profile definition/i, "OutsideSection"],
  [/expected a property definition/i, "OutsideSetting"],
  [/expected an '=' sign/i, "NoEqualsSign"],
  [/did not have a name/i, "NoName"]
]

const read = ({ configFile, credentialsFile }: Vector["input"]) =>
  Result.gen(function* () {
    const config = configFile === undefined ? empty : yield* parse("config", "config", configFile)
    const credentials =
      credentialsFile === undefined ? empty : yield* parse("credentials", "credentials", credentialsFile)
    return merge(config, credentials)
  })

const plain = (sections: ReadonlyMap<string, Section>): Values =>
  Object.fromEntries(
    Array.from(sections, ([name, { settings }]) => [
      name,
      Object.fromEntries(Array.from(settings, ([key, { value }]) => [key, value]))
    ])
  )

const fails = ({ detail, line, rule }: GrammarFault, words: string, { input }: Vector) => {
  const expected = rules.find(([pattern]) => pattern.test(words))
  // Words that nobody has looked at yet stand for some broken rule.
  if (expected !== undefined) strictEqual(rule, expected[1])
  ok(line >= 1)
  for (const text of Object.values(input).flatMap((file) => file.split("\n"))) {
    ok(text.length < 4 || !detail.includes(text), "the error repeats the line")
  }
}

const check = (vector: Vector) => {
  const { config, errorContaining } = vector.output
  const actual = read(vector.input)
  if (errorContaining !== undefined) {
    ok(Result.isFailure(actual), "no error")
    return fails(actual.failure, errorContaining, vector)
  }
  const { profiles, ssoSessions } = Result.getOrThrow(actual)
  deepStrictEqual(plain(profiles), config?.profiles ?? {})
  deepStrictEqual(plain(ssoSessions), config?.sso_sessions ?? {})
}

export const profileParser: Suite = {
  name: "aws/profile-parser.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path).tests.map((vector) =>
      pure(vector.name, () => check(vector))
    )
}
