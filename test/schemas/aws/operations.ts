import { AssumeRole } from "../../../src/schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAML } from "../../../src/schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentity } from "../../../src/schemas/aws/AssumeRoleWithWebIdentity.js"
import { AssumeRoot } from "../../../src/schemas/aws/AssumeRoot.js"
import { DecodeAuthorizationMessage } from "../../../src/schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfo } from "../../../src/schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentity } from "../../../src/schemas/aws/GetCallerIdentity.js"
import { GetDelegatedAccessToken } from "../../../src/schemas/aws/GetDelegatedAccessToken.js"
import { GetFederationToken } from "../../../src/schemas/aws/GetFederationToken.js"
import { GetSessionToken } from "../../../src/schemas/aws/GetSessionToken.js"
import { GetWebIdentityToken } from "../../../src/schemas/aws/GetWebIdentityToken.js"

export const operations = [
  AssumeRole,
  AssumeRoleWithSAML,
  AssumeRoleWithWebIdentity,
  AssumeRoot,
  DecodeAuthorizationMessage,
  GetAccessKeyInfo,
  GetCallerIdentity,
  GetDelegatedAccessToken,
  GetFederationToken,
  GetSessionToken,
  GetWebIdentityToken
]
