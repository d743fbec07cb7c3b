/**
 * The project's operations by their names on the wire.
 */
import { AssumeRoleOperation } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLOperation } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentityOperation } from "../../../src/schemas/alibaba/GetCallerIdentity.js"

const all = [
  AssumeRoleOperation,
  AssumeRoleWithSAMLOperation,
  AssumeRoleWithOIDCOperation,
  GetCallerIdentityOperation
]

export const names: ReadonlyArray<string> = all.map(({ name }) => name)

export const operationNamed = (name: string) => {
  const operation = all.find((candidate) => candidate.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return operation
}
