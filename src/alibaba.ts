/**
 * Alibaba Cloud STS: its operations, their requests and responses, its signers and credential sources.
 *
 * @since 0.1.0
 */
export * as CredentialsFile from "./layers/alibaba/CredentialsFile.js"
export * as DefaultChain from "./layers/alibaba/DefaultChain.js"
export * as Environment from "./layers/alibaba/Environment.js"
export * as SignerAcs3 from "./layers/alibaba/SignerAcs3.js"
export * as SignerRpc from "./layers/alibaba/SignerRpc.js"
export * as Static from "./layers/alibaba/Static.js"
export * from "./schemas/alibaba/AssumedRoleUser.js"
export * from "./schemas/alibaba/AssumeRole.js"
export * from "./schemas/alibaba/AssumeRoleWithOIDC.js"
export * from "./schemas/alibaba/AssumeRoleWithSAML.js"
export * from "./schemas/alibaba/Credentials.js"
export * from "./schemas/alibaba/GetCallerIdentity.js"
export * from "./services/alibaba/CredentialProvider.js"
export type { AnonymousError, SignedError } from "./services/alibaba/call.js"
export * from "./services/alibaba/Signer.js"
export * from "./services/alibaba/Sts.js"
