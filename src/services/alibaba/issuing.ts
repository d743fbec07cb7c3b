/** The operations as credential sources use them: of a reply they need the credentials alone. */
import * as Schema from "effect/Schema"
import { AssumeRole } from "../../schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDC } from "../../schemas/alibaba/AssumeRoleWithOIDC.js"
import { TemporaryCredentials } from "../../schemas/alibaba/Credentials.js"
import { renamed } from "../../schemas/Codec.js"
import { anonymous, signed } from "./call.js"

const response = renamed(Schema.Struct({ credentials: TemporaryCredentials }), { credentials: "Credentials" })

/** Gets temporary credentials of a RAM role. */
export const assumeRole = /* @__PURE__ */ signed({ ...AssumeRole, response })

/** Gets temporary credentials of a RAM role for who an OpenID Connect provider vouches for. */
export const assumeRoleWithOIDC = /* @__PURE__ */ anonymous({ ...AssumeRoleWithOIDC, response })
