/**
 * `Intl.Segmenter` as the joined program has it. Effect makes one when its module is loaded, by which help measures words,
 * and that takes longer than anything else of a command's start: it is made when somebody asks for help.
 */
export class Segmenter {
  private made: Intl.Segmenter | undefined

  constructor(
    private readonly locales?: Intl.LocalesArgument,
    private readonly options?: Intl.SegmenterOptions
  ) {}

  segment(text: string): Intl.Segments {
    this.made ??= new globalThis.Intl.Segmenter(this.locales, this.options)
    return this.made.segment(text)
  }
}
