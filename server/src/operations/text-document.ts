/** An answer that is no JSON: what a handler gives instead of its operation's output when it was asked for a file. */
export class TextDocument {
  readonly contentType: string;
  readonly text: string;

  constructor(contentType: string, text: string) {
    this.contentType = contentType;
    this.text = text;
  }
}
