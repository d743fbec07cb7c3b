/**
 * The vendor's endpoint cases; its table of partitions; and its rule set, followed rule by rule, on every region with
 * everything that can be asked of it.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import { join } from "node:path"
import * as Result from "effect/Result"
import {
  type EndpointParameters,
  partitionOf,
  partitions,
  resolve
} from "../../../src/protocol/aws/endpoint.js"
import { type Case, pure, readJson, type Suite } from "../Suite.js"
import { evaluate, type Outcome, type Parameters, type Rule, type Table } from "./ruleSet.js"

interface Vector {
  readonly documentation: string
  readonly params?: Parameters
  readonly expect: Outcome
}

const ours = (params: Parameters): EndpointParameters => ({
  region: params.Region,
  useFips: params.UseFIPS,
  useDualStack: params.UseDualStack,
  useGlobalEndpoint: params.UseGlobalEndpoint,
  endpoint: params.Endpoint
})

const compare = (params: Parameters, expected: Outcome): void => {
  const actual = resolve(ours(params))
  strictEqual(Result.isFailure(actual), expected.error !== undefined, JSON.stringify(params))
  if (Result.isFailure(actual) || expected.endpoint === undefined) return
  strictEqual(actual.success.url, expected.endpoint.url)
  const [scheme] = expected.endpoint.properties?.authSchemes ?? []
  if (scheme !== undefined) {
    strictEqual(actual.success.signingName, scheme.signingName)
    strictEqual(actual.success.signingRegion, scheme.signingRegion)
  }
}

export const endpoints: Suite = {
  name: "aws/endpoints.json",
  cases: (path) =>
    readJson<{ readonly testCases: ReadonlyArray<Vector> }>(path).testCases.map(
      ({ documentation, expect, params = {} }) => pure(documentation, () => compare(params, expect))
    )
}

const inTable = (table: Table): ReadonlyArray<Case> =>
  table.partitions.map(({ id, outputs, regionRegex, regions }) =>
    pure(`partition ${id}`, () => {
      const partition = partitions.find(({ name }) => name === id)
      strictEqual(partition?.regions.source, regionRegex.replaceAll("\\-", "-"))
      deepStrictEqual(
        {
          name: partition.name,
          dnsSuffix: partition.dnsSuffix,
          dualStackDnsSuffix: partition.dualStackDnsSuffix,
          implicitGlobalRegion: partition.implicitGlobalRegion,
          supportsFIPS: partition.supportsFips,
          supportsDualStack: partition.supportsDualStack
        },
        outputs
      )
      for (const region of Object.keys(regions)) strictEqual(partitionOf(region), partition, region)
    })
  )

const asked = [false, true].flatMap((UseFIPS) =>
  [false, true].flatMap((UseDualStack) =>
    [false, true].flatMap((UseGlobalEndpoint) =>
      [undefined, "https://example.com"].map((Endpoint) => ({
        UseFIPS,
        UseDualStack,
        UseGlobalEndpoint,
        Endpoint
      }))
    )
  )
)

const byRule = (rules: ReadonlyArray<Rule>, table: Table): ReadonlyArray<Case> => {
  const known = table.partitions.flatMap(({ regions }) => Object.keys(regions))
  return [undefined, ...known, "us-new-9", "cn-new-9", "mars-1"].map((Region) =>
    pure(`rules for ${Region ?? "no region"}`, () => {
      for (const params of asked)
        compare({ Region, ...params }, evaluate(rules, table, { Region, ...params }))
    })
  )
}

export const endpointRules: Suite = {
  name: "aws/model",
  cases: (path) => {
    const table = readJson<Table>(join(path, "partitions.json"))
    const { rules } = readJson<{ readonly rules: ReadonlyArray<Rule> }>(
      join(path, "endpoint-rule-set-1.json")
    )
    return [...inTable(table), ...byRule(rules, table)]
  }
}
