/**
 * Replies of STS itself, as the vendor reads them.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Result from "effect/Result"
import { errorOf, requestIdOf, resultOf } from "../../../src/protocol/aws/query.js"
import { parse } from "../../../src/protocol/aws/xml.js"
import { type Case, pure, readJson, type Suite } from "../Suite.js"
import { type Shapes, structureOf } from "./model.js"

interface Model {
  readonly operations: Readonly<Record<string, { readonly output?: { readonly shape: string } }>>
  readonly shapes: Shapes
}

interface Stated {
  readonly Error?: { readonly Code: string; readonly Message: string; readonly Type: string }
  readonly ResponseMetadata: { readonly RequestId: string }
  readonly [field: string]: unknown
}

const rootOf = (path: string) => Result.getOrThrow(parse(readFileSync(`${path}.xml`, "utf8")))

const actionOf = (file: string, { operations }: Model): string => {
  const lower = file.replace(/^sts-|-/g, "")
  const action = Object.keys(operations).find((name) => name.toLowerCase() === lower)
  if (action === undefined) throw new Error(`no operation is meant by ${file}`)
  return action
}

const success = (path: string, file: string, model: Model): void => {
  const { ResponseMetadata, ...expected } = readJson<Stated>(`${path}.json`)
  const root = rootOf(path)
  const action = actionOf(file, model)
  const output = structureOf(model.shapes, model.operations[action]?.output?.shape)
  const result = Result.getOrThrow(resultOf(action, output, root))
  deepStrictEqual(JSON.parse(JSON.stringify(result)), expected)
  strictEqual(requestIdOf(root), ResponseMetadata.RequestId)
}

const failure = (path: string): void => {
  const { Error: expected, ResponseMetadata } = readJson<Stated>(`${path}.json`)
  const error = errorOf(rootOf(path))
  strictEqual(error?.code, expected?.Code)
  strictEqual(error?.message, expected?.Message)
  strictEqual(error?.type, expected?.Type)
  strictEqual(error?.requestId, ResponseMetadata.RequestId)
}

export const responses: Suite = {
  name: "aws/responses",
  cases: (path) => {
    const model = readJson<Model>(join(path, "../model/service-2.json"))
    const filesIn = (folder: string): ReadonlyArray<string> =>
      existsSync(join(path, folder))
        ? readdirSync(join(path, folder)).flatMap((file) =>
            file.endsWith(".xml") ? [file.slice(0, -4)] : []
          )
        : []
    const cases = (folder: string, check: (path: string, file: string) => void): ReadonlyArray<Case> =>
      filesIn(folder).map((file) => pure(`${folder}/${file}`, () => check(join(path, folder, file), file)))
    return [...cases("responses", (at, file) => success(at, file, model)), ...cases("errors", failure)]
  }
}
