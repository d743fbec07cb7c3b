import * as ConfigProvider from "effect/ConfigProvider"

export const environmentOf = (variables: Readonly<Record<string, string>>) =>
  ConfigProvider.fromEnv({ env: { ...variables }, preserveEmptyStrings: true })
