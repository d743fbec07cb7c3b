/** What help tells of operations and their fields; written by `npm run readme`. */
export const documentation = {
  aws: {
    AssumeRole: {
      summary: "Gets temporary credentials of an IAM role that trusts the caller.",
      fields: {
        roleArn:
          "The role's ARN, such as `arn:aws:iam::123456789012:role/reader`: 20 to 2048 characters. IAM shows it. Required.",
        roleSessionName:
          "The session's name, which shows in audit logs: 2 to 64 letters, digits and `_ + = , . @ -`. Required.",
        policyArns: "Managed policies of the role's account that narrow what the session may do: at most 10.",
        policy:
          "A policy document that narrows what the session may do: characters up to U+00FF, at least one. Only its packed size is limited, and that the service alone can tell.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows (3600 to 43 200), and at most 3600 when the caller has a role's credentials itself. 3600 if absent.",
        tags: "Tags of the session, for policies and audit logs: at most 50. A key of 1 to 128 characters comes once, in upper or lower case; a value has up to 256.",
        transitiveTagKeys:
          "Keys of the tags that pass on to the next role's session: at most 50, of tags given here or inherited.",
        externalId:
          "What the role's owner agreed on with a third party: 2 to 1224 letters, digits and `_ + = , . @ : / -`.",
        serialNumber:
          "The caller's MFA device, given along with `tokenCode`: a hardware device's serial number or a virtual one's ARN, 9 to 256 characters.",
        tokenCode: "What the MFA device shows, given along with `serialNumber`: six digits.",
        sourceIdentity:
          "The source identity of the session, kept through role chaining: 2 to 64 letters, digits and `_ + = , . @ -`.",
        providedContexts:
          "What trusted providers, such as IAM Identity Center, assert about the session's context: 1 to 5."
      }
    },
    AssumeRoleWithSAML: {
      summary: "Gets temporary credentials of an IAM role in exchange for a SAML response.",
      fields: {
        roleArn:
          "The role's ARN, such as `arn:aws:iam::123456789012:role/reader`: 20 to 2048 characters. IAM shows it. Required.",
        principalArn:
          "The ARN of the SAML provider in IAM that describes the identity provider: 20 to 2048 characters. Required.",
        samlAssertion:
          "The whole SAML response of the identity provider, in base64: 4 to 100 000 characters. Required.",
        policyArns: "Managed policies of the role's account that narrow what the session may do: at most 10.",
        policy: "A policy document that narrows what the session may do: 1 to 2048 characters up to U+00FF.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows, 43 200 at most; 3600 if absent."
      }
    },
    AssumeRoleWithWebIdentity: {
      summary:
        "Gets temporary credentials of an IAM role in exchange for an OpenID Connect or OAuth 2.0 token.",
      fields: {
        roleArn:
          "The role's ARN, such as `arn:aws:iam::123456789012:role/reader`: 20 to 2048 characters. IAM shows it. Required.",
        roleSessionName:
          "The session's name, which shows in audit logs: 2 to 64 letters, digits and `_ + = , . @ -`. Required.",
        webIdentityToken: "The provider's token as it is: 4 to 20 000 characters. Required.",
        providerId:
          "For an OAuth 2.0 access token alone: the provider's host, such as `graph.facebook.com`, 4 to 2048 characters.",
        policyArns: "Managed policies of the role's account that narrow what the session may do: at most 10.",
        policy: "A policy document that narrows what the session may do: 1 to 2048 characters up to U+00FF.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows, 43 200 at most; 3600 if absent."
      }
    },
    AssumeRoot: {
      summary: "Gets credentials for one task as the root user of a member account, for at most 15 minutes.",
      fields: {
        targetPrincipal:
          "The member account: its number, or a principal's ARN in it; 12 to 2048 characters. Required.",
        taskPolicyArn:
          "The policy of the task, such as `arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials`. Required.",
        durationSeconds: "How long the credentials last, in seconds: 0 to 900, 900 if absent."
      }
    },
    DecodeAuthorizationMessage: {
      summary: "Decodes what a service says about why it denied a request.",
      fields: {
        encodedMessage: "The encoded message of the refusal: 1 to 10 240 characters. Required."
      }
    },
    GetAccessKeyInfo: {
      summary: "Tells which account an access key belongs to.",
      fields: {
        accessKeyId: "The access key's id: 16 to 128 letters, digits and `_`. Required."
      }
    },
    GetCallerIdentity: {
      summary: "Gets the identity behind the current credentials.",
      fields: {}
    },
    GetDelegatedAccessToken: {
      summary: "Exchanges a trade-in token for temporary credentials.",
      fields: {
        tradeInToken: "The token to exchange, of any length. Required."
      }
    },
    GetFederationToken: {
      summary: "Gets temporary credentials for a federated user.",
      fields: {
        name: "The federated user's name, which shows in audit logs: 2 to 32 letters, digits and `_ + = , . @ -`. Required.",
        policy: "A policy document that narrows what the session may do: 1 to 2048 characters up to U+00FF.",
        policyArns: "Managed policies of the account that narrow what the session may do: at most 10.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to 129 600, 43 200 if absent; at most 3600 for the root user.",
        tags: "Tags of the session, for policies and audit logs: at most 50. A key of 1 to 128 characters comes once, in upper or lower case; a value has up to 256."
      }
    },
    GetSessionToken: {
      summary: "Gets temporary credentials of the calling user, with or without a second factor.",
      fields: {
        durationSeconds:
          "How long the credentials last, in seconds: 900 to 129 600, 43 200 if absent; at most 3600 for the root user.",
        serialNumber:
          "The caller's MFA device, given along with `tokenCode`: a hardware device's serial number or a virtual one's ARN, 9 to 256 characters.",
        tokenCode: "What the MFA device shows, given along with `serialNumber`: six digits."
      }
    },
    GetWebIdentityToken: {
      summary: "Gets a JSON Web Token that vouches for the caller to a service outside AWS.",
      fields: {
        audience: "Who the token is for, its `aud`: 1 to 10 names of 1 to 1000 characters. Required.",
        durationSeconds:
          "How long the token lasts, in seconds: 60 to 3600, 300 if absent, and no longer than the caller's session.",
        signingAlgorithm: "How the token is signed: `RS256` or `ES384`. Required.",
        tags: "What becomes claims of the token: at most 50 tags. A key of 1 to 128 characters comes once; a value has up to 256."
      }
    }
  },
  alibaba: {
    AssumeRole: {
      summary: "Gets temporary credentials of a RAM role.",
      fields: {
        roleArn: "The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. Required.",
        roleSessionName:
          "The session's name, which shows in audit logs: 2 to 64 letters, digits and `. @ - _`. Required.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows (3600 to 43 200); 3600 if absent.",
        policy: "A policy document that narrows what the role allows: 1 to 2048 characters.",
        externalId:
          "What the role's owner agreed on with a third party: 2 to 1224 letters, digits and `_ + = , . @ : / -`.",
        sourceIdentity:
          "The source identity of the session, kept through role chaining: 2 to 64 letters, digits and `_ + = , . @ -`."
      }
    },
    AssumeRoleWithOIDC: {
      summary: "Gets temporary credentials of a RAM role in exchange for an OpenID Connect token.",
      fields: {
        oidcProviderArn:
          "The provider's ARN in RAM, such as `acs:ram::123456789012:oidc-provider/idp`. Required.",
        roleArn: "The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. Required.",
        oidcToken:
          "The provider's JWT as it is, not wrapped in base64 once more: 4 to 20 000 characters. Required.",
        roleSessionName:
          "The session's name, which shows in audit logs: 2 to 64 letters, digits and `. @ - _`. The service wants one; where it is left out the operation makes one, `effect-sts-` and a part of a nonce.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows (3600 to 43 200); 3600 if absent.",
        policy: "A policy document that narrows what the role allows: 1 to 2048 characters."
      }
    },
    AssumeRoleWithSAML: {
      summary: "Gets temporary credentials of a RAM role in exchange for a SAML response.",
      fields: {
        samlProviderArn:
          "The provider's ARN in RAM, such as `acs:ram::123456789012:saml-provider/idp`. Required.",
        roleArn: "The role's ARN, such as `acs:ram::123456789012:role/reader`: RAM shows it. Required.",
        samlAssertion:
          "The whole SAML response of the identity provider, in base64: 4 to 100 000 characters. Required.",
        durationSeconds:
          "How long the credentials last, in seconds: 900 to what the role allows (3600 to 43 200); 3600 if absent.",
        policy: "A policy document that narrows what the role allows: 1 to 2048 characters."
      }
    },
    GetCallerIdentity: {
      summary: "Gets the identity behind the current credentials.",
      fields: {}
    }
  }
}
