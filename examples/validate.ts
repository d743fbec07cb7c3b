import * as Either from "effect/Either"
import { Alibaba } from "effect-sts"

const request = Alibaba.AssumeRoleRequest.validate({
  roleArn: "acs:ram::1234567890123456:role/reader",
  roleSessionName: "a session name with blanks"
})

console.log(
  Either.match(request, {
    onLeft: (error) => error.message,
    onRight: (valid) => `ready to send for ${valid.roleArn}`
  })
)
