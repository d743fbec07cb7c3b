/**
 * What the program's help tells of operations and their fields: the comments at their declarations, which a program
 * cannot read of itself, and what is missed where nothing is given. Run, it writes them,
 * and the guide's parts of `cliGuide.ts`.
 */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import ts from "typescript"
import * as Alibaba from "../src/alibaba.js"
import * as Aws from "../src/aws.js"
import { SeedFile } from "../src/cli/emulatorSeed.js"
import { writtenGuide } from "./cliGuide.js"

const parse = (path: string): ts.SourceFile => {
  const file = fileURLToPath(new URL(`../src/${path}`, import.meta.url))
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true)
}

/** The comment above a declaration, without what its tags say, on one line. */
const comment = (node: ts.Node): string => {
  const texts = ts.getJSDocCommentsAndTags(node).flatMap((one) => (ts.isJSDoc(one) ? [one.comment] : []))
  return texts
    .map((text) => ts.getTextOfJSDocComment(text) ?? "")
    .join(" ")
    .replace(/\s+/g, " ")
    .trim()
}

const declaredIn = (file: ts.SourceFile, name: string): ts.VariableStatement | undefined =>
  file.statements
    .filter(ts.isVariableStatement)
    .find(({ declarationList }) => declarationList.declarations[0]?.name.getText() === name)

const objectIn = (file: ts.SourceFile, name: string): ts.ObjectLiteralExpression => {
  const found = declaredIn(file, name)?.declarationList.declarations[0]?.initializer
  if (found === undefined || !ts.isObjectLiteralExpression(found))
    throw new Error(`no ${name} in ${file.fileName}`)
  return found
}

const fieldsOf = (
  cloud: string,
  object: ts.ObjectLiteralExpression
): ReadonlyArray<readonly [string, string]> =>
  object.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property))
      return fieldsOf(cloud, objectIn(parse(`schemas/${cloud}/Fields.ts`), property.expression.getText()))
    const name = property.name?.getText() ?? ""
    return [[name, comment(property)] as const]
  })

const firstSentence = (text: string): string => /^.*?\.(?= |$)/.exec(text)?.[0] ?? text

/** What of an operation is looked at here. */
interface Known {
  readonly name: string
  readonly input: object
  readonly request: {
    readonly validate: (
      input: Readonly<Record<string, never>>
    ) => Result.Result<unknown, { readonly issues: ReadonlyArray<{ readonly field: string }> }>
  }
}

const isOperation = (value: unknown): value is Known =>
  typeof value === "object" && value !== null && "authentication" in value && "input" in value

const documentedOf = (cloud: "aws" | "alibaba", door: Readonly<Record<string, unknown>>) => {
  const calls = parse(`services/${cloud}/Sts.ts`)
  return Object.fromEntries(
    Object.values(door)
      .filter(isOperation)
      .map(({ name, request }) => {
        const call = declaredIn(
          calls,
          name.replace(/^./, (first) => first.toLowerCase())
        )
        const missed: ReadonlyArray<string> = Result.match(request.validate({}), {
          onFailure: ({ issues }) => issues.map(({ field }) => field),
          onSuccess: () => []
        })
        const fields = fieldsOf(cloud, objectIn(parse(`schemas/${cloud}/${name}.ts`), "input"))
        return [
          name,
          {
            summary: call === undefined ? "" : firstSentence(comment(call)),
            fields: Object.fromEntries(
              fields.map(([field, text]) => [field, missed.includes(field) ? `${text} Required.` : text])
            )
          }
        ]
      })
  )
}

/** What help tells, by cloud and operation. */
export const documented = () => ({ aws: documentedOf("aws", Aws), alibaba: documentedOf("alibaba", Alibaba) })

const text =
  (): string => `/** What help tells of operations and their fields; written by \`npm run readme\`. */
export const documentation = ${JSON.stringify(documented(), undefined, 2)}
`

/** The schema of the emulator's accounts, as editors and other programs take it. */
export const seedSchema = (): string => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(SeedFile)
  const whole = { $schema: "https://json-schema.org/draft/2020-12/schema", ...schema, $defs: definitions }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL("../src/cli/documentation.ts", import.meta.url))
  writeFileSync(file, text())
  execFileSync("biome", ["check", "--write", file], { stdio: "ignore" })
  writeFileSync(fileURLToPath(new URL("../docs/emulator-seed.schema.json", import.meta.url)), seedSchema())
  const guide = fileURLToPath(new URL("../docs/cli.md", import.meta.url))
  writeFileSync(guide, await writtenGuide(readFileSync(guide, "utf8")))
}
