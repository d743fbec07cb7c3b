import { AssumeRole } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDC } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAML } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentity } from "../../../src/schemas/alibaba/GetCallerIdentity.js"

export const operations = [AssumeRole, AssumeRoleWithOIDC, AssumeRoleWithSAML, GetCallerIdentity]
