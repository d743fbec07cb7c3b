// @ts-check

/** TypeScript programs over files of this project, some of which may be in memory alone. */
import { join } from "node:path"
import ts from "typescript"

/**
 * @param {string} root the folder with tsconfig.json
 * @param {ReadonlyArray<string>} files
 * @param {Readonly<Record<string, string>>} [texts] by path
 */
export const programOf = (root, files, texts = {}) => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root)
  const host = ts.createCompilerHost(options, true)
  const { fileExists, getSourceFile, readFile } = host
  host.fileExists = (path) => path in texts || fileExists(path)
  host.readFile = (path) => texts[path] ?? readFile(path)
  host.getSourceFile = (path, target, ...rest) => {
    const text = texts[path]
    return text === undefined
      ? getSourceFile(path, target, ...rest)
      : ts.createSourceFile(path, text, target, true)
  }
  return ts.createProgram([...files], { ...options, noEmit: true }, host)
}

/**
 * The specifier under which a file of a package is imported: `effect/http/Headers`.
 *
 * @param {string} file
 */
export const moduleOf = (file) => {
  const [, name, path] =
    /.*\/node_modules\/(effect|@effect\/[^/]+)\/dist\/(?:dts\/)?(.+)\.d\.ts$/.exec(file) ?? []
  return name === undefined || path === undefined ? undefined : path === "index" ? name : `${name}/${path}`
}
