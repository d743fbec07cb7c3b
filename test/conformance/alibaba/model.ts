/**
 * The service's own description of its operations: every parameter is there under its wire name, of its type, and
 * required where the service requires it.
 */
import { deepStrictEqual, ok } from "node:assert"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Alibaba from "../../../src/alibaba.js"
import { reply, scripted } from "../../support/scripted.js"
import { type Case, pure, readJson, type Suite } from "../Suite.js"
import { operationNamed } from "./operations.js"

interface Parameter {
  readonly name: string
  readonly type: string
  readonly required: boolean
}

interface Model {
  readonly name: string
  readonly parameters: ReadonlyArray<Parameter>
}

const issuesWith = (operation: string, fields: Readonly<Record<string, unknown>>) =>
  Result.match(operationNamed(operation).request.validate(fields as never), {
    onFailure: ({ issues }) => issues,
    onSuccess: () => []
  })

const fieldOf = (operation: string, parameter: string): string => {
  const fields = Object.entries(operationNamed(operation).input.members)
  const field = fields.find(([, { name }]) => name === parameter)?.[0]
  ok(field, `${operation} has no parameter ${parameter}`)
  return field
}

/** What the operation itself fills in where the program leaves it out, though the service requires it. */
const filledIn: Readonly<Record<string, Case["check"]>> = {
  "AssumeRoleWithOIDC.RoleSessionName": Effect.suspend(() => {
    const http = scripted(reply(400, { Code: "Refused" }))
    const request = {
      oidcProviderArn: "acs:ram::1234567890123456:oidc-provider/idp",
      roleArn: "acs:ram::1234567890123456:role/reader",
      oidcToken: "token"
    }
    return Effect.map(Effect.flip(Alibaba.assumeRoleWithOIDC(request)), () =>
      ok(/(^|&)RoleSessionName=[\w.@-]{2,64}(&|$)/.test(http.sent[0]?.body ?? ""), "it is not sent")
    ).pipe(Effect.provide(http.layer))
  })
}

const casesOfOperation = ({ name, parameters }: Model): ReadonlyArray<Case> => [
  pure(`${name} has no other parameters`, () =>
    deepStrictEqual(
      Object.values(operationNamed(name).input.members)
        .map((member) => member.name)
        .sort(),
      parameters.map((parameter) => parameter.name).sort()
    )
  ),
  ...parameters.flatMap((parameter) => {
    const about = (fields: Readonly<Record<string, unknown>>) =>
      issuesWith(name, fields).filter(({ field }) => field === fieldOf(name, parameter.name))
    return [
      pure(`${name}.${parameter.name} is a ${parameter.type}`, () => {
        const wrong = parameter.type === "String" ? 1000 : "text"
        ok(about({ [fieldOf(name, parameter.name)]: wrong }).length > 0, "accepts another type")
      }),
      {
        name: `${name}.${parameter.name} is ${parameter.required ? "required" : "known"}`,
        check:
          filledIn[`${name}.${parameter.name}`] ??
          Effect.sync(() => {
            if (parameter.required) deepStrictEqual(about({})[0]?.rule, "is required")
            else fieldOf(name, parameter.name)
          })
      }
    ]
  })
]

export const model: Suite = {
  name: "alibaba/model",
  cases: (path) => {
    const folder = join(path, "metadatas")
    return readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => casesOfOperation(readJson<Model>(join(folder, file))))
  }
}
