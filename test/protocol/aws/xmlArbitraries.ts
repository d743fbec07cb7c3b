/**
 * Documents, and what a reader should make of them.
 */
import * as FastCheck from "fast-check"
import type { Element } from "../../../src/protocol/aws/xml.js"

/** A document and its root element. */
export interface Written {
  readonly source: string
  readonly element: Element
}

interface Part {
  readonly source: string
  readonly text: string
  readonly children: ReadonlyArray<Element>
}

const name = FastCheck.stringMatching(/^[A-Za-z_é][A-Za-z0-9_.é-]{0,8}$/)
const prefix = FastCheck.oneof(
  { weight: 4, arbitrary: FastCheck.constant("") },
  { weight: 1, arbitrary: name.map((text) => `${text}:`) }
)
const space = FastCheck.stringOf(FastCheck.constantFrom(" ", "\n", "\t"), { maxLength: 3 })
const someSpace = FastCheck.stringOf(FastCheck.constantFrom(" ", "\n", "\t"), { minLength: 1, maxLength: 3 })

const legal = (text: string): string =>
  text.replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")

const escapes: Readonly<Record<string, ReadonlyArray<string>>> = {
  "<": ["&lt;", "&#60;", "&#x3C;"],
  "&": ["&amp;", "&#38;", "&#x26;"],
  ">": ["&gt;", "&#62;"],
  '"': ["&quot;", '"'],
  "'": ["&apos;", "'"],
  é: ["&#233;", "&#xe9;", "é"]
}

const escaped = (text: string, choice: number): string =>
  [...text]
    .map((character) => escapes[character]?.[choice % (escapes[character]?.length ?? 1)] ?? character)
    .join("")

const words = FastCheck.oneof(
  FastCheck.fullUnicodeString({ maxLength: 12 }).map(legal),
  FastCheck.stringOf(FastCheck.constantFrom(..."ab <>&\"'é\n]"), { maxLength: 12 })
)

const text: FastCheck.Arbitrary<Part> = FastCheck.tuple(words, FastCheck.nat(2)).map(([plain, choice]) => ({
  source: escaped(plain, choice),
  text: plain,
  children: []
}))

const silent = (source: string): Part => ({ source, text: "", children: [] })

const cdata = words.map((plain) => {
  // Taking out its end alone could bring together another one.
  const inside = plain.replace(/\]+>+/g, "")
  return { source: `<![CDATA[${inside}]]>`, text: inside, children: [] }
})

const comment = words.map((plain) => silent(`<!--${plain.replace(/-+/g, "")}-->`))

const instruction = FastCheck.tuple(
  name.filter((target) => target.toLowerCase() !== "xml"),
  words
).map(([target, plain]) => silent(`<?${target} ${plain.replace(/[?<>"']/g, "")}?>`))

const attribute = FastCheck.tuple(prefix, name, words, FastCheck.constantFrom('"', "'")).map(
  ([space, key, value, quote]) => ({
    key: space + key,
    source: `=${quote}${escaped(value, 0).replaceAll(quote, quote === '"' ? "&quot;" : "&apos;")}${quote}`
  })
)

const attributes = FastCheck.uniqueArray(FastCheck.tuple(someSpace, attribute), {
  maxLength: 3,
  selector: ([, { key }]) => key
}).map((all) => all.map(([before, { key, source }]) => `${before}${key}${source}`).join(""))

const { element } = FastCheck.letrec<{ element: Written; part: Part }>((tie) => ({
  part: FastCheck.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    cdata,
    comment,
    instruction,
    tie("element").map(({ element: inner, source }) => ({ source, text: "", children: [inner] }))
  ),
  element: FastCheck.tuple(
    prefix,
    name,
    attributes,
    space,
    FastCheck.array(tie("part"), { maxLength: 5 }),
    FastCheck.boolean()
  ).map(([before, tag, attrs, end, parts, short]) => {
    const inner = parts.map(({ source }) => source).join("")
    const open = `<${before}${tag}${attrs}${end}`
    return {
      source: inner === "" && short ? `${open}/>` : `${open}>${inner}</${before}${tag}${end}>`,
      element: {
        name: tag,
        children: parts.flatMap(({ children }) => children),
        text: parts.map((part) => part.text).join("")
      }
    }
  })
}))

const misc = FastCheck.array(FastCheck.oneof(comment, instruction, space.map(silent)), { maxLength: 2 }).map(
  (parts) => parts.map(({ source }) => source).join("")
)

const declaration = FastCheck.constantFrom(
  "",
  '<?xml version="1.0"?>',
  "<?xml version='1.0' encoding='UTF-8'?>\n"
)

/** A whole document. */
export const written: FastCheck.Arbitrary<Written> = FastCheck.tuple(declaration, misc, element, misc).map(
  ([start, before, root, after]) => ({ source: start + before + root.source + after, element: root.element })
)
