/**
 * The vendor's table of hosts.
 */
import { deepStrictEqual, strictEqual } from "node:assert"
import { hostOf, type Network, vpcRegions } from "../../../src/protocol/alibaba/endpoint.js"
import { type Case, pure, readJson, type Suite } from "../Suite.js"
import { operationNamed } from "./operations.js"

interface Table {
  readonly regional_endpoints: Readonly<Record<string, string>>
  readonly regional_vpc_endpoints: Readonly<Record<string, string>>
  readonly global_endpoint: string
  readonly apis: ReadonlyArray<string>
}

const hosts = (network: Network, table: Readonly<Record<string, string>>): ReadonlyArray<Case> =>
  Object.entries(table).map(([region, host]) =>
    pure(`${network} ${region}`, () => strictEqual(hostOf(region, network), host))
  )

export const endpoints: Suite = {
  name: "alibaba/endpoints.json",
  cases: (path) => {
    const table = readJson<Table>(path)
    return [
      pure("global", () => strictEqual(hostOf(undefined, "public"), table.global_endpoint)),
      pure("no other region in a VPC", () =>
        deepStrictEqual([...vpcRegions].sort(), Object.keys(table.regional_vpc_endpoints).sort())
      ),
      ...hosts("public", table.regional_endpoints),
      ...hosts("vpc", table.regional_vpc_endpoints),
      ...table.apis.map((api) => pure(`operation ${api}`, () => void operationNamed(api)))
    ]
  }
}
