import { AssumeRoleOperation } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLOperation } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentityOperation } from "../../../src/schemas/alibaba/GetCallerIdentity.js"

export const operations = [
  AssumeRoleOperation,
  AssumeRoleWithOIDCOperation,
  AssumeRoleWithSAMLOperation,
  GetCallerIdentityOperation
]
