/**
 * The project's operations by their names on the wire.
 */
import { AssumeRole } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDC } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAML } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentity } from "../../../src/schemas/alibaba/GetCallerIdentity.js"

const all = [AssumeRole, AssumeRoleWithSAML, AssumeRoleWithOIDC, GetCallerIdentity]

export const names: ReadonlyArray<string> = all.map(({ name }) => name)

export const operationNamed = (name: string) => {
  const operation = all.find((candidate) => candidate.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return operation
}
