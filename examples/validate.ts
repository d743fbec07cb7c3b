import * as Result from "effect/Result"
import * as Alibaba from "effect-sts/alibaba"

const request = Alibaba.AssumeRoleRequest.validate({
  roleArn: "acs:ram::1234567890123456:role/reader",
  roleSessionName: "a session name with blanks"
})

console.log(
  Result.match(request, {
    onFailure: (error) => error.message,
    onSuccess: (valid) => `ready to send for ${valid.roleArn}`
  })
)
