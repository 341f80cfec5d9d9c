/** A few messages of a rehearsal as they would leave: of every treatment and channel that there is. */
import type { RehearsedMessage } from '../../../contract/repoint-types.ts';
import type { ChannelType, MessageContent } from '../../channels/index.ts';
import { type ComposeContext, composeSend } from '../run/compose-send.ts';
import type { PageContext, Undecided } from '../run/page.ts';

interface Candidate {
  readonly context: PageContext;
  readonly chosen: Undecided;
}

export class Samples {
  readonly #wanted: number;
  /** By treatment and channel, the first of each: keys are in the order of a hash, so these are any. */
  readonly #groups = new Map<string, Candidate[]>();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  consider(context: PageContext, chosen: Undecided): void {
    const name = `${chosen.treatment.id} ${chosen.endpoint.channelType}`;
    const group = this.#groups.get(name) ?? [];
    if (group.length >= this.#wanted) return;
    group.push({ context, chosen });
    this.#groups.set(name, group);
  }

  /** One of each group before the second of any. */
  render(): RehearsedMessage[] {
    const groups = [...this.#groups].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group);
    const turns = Array.from({ length: this.#wanted }, (_none, turn) => groups.flatMap((group) => group[turn] ?? []));
    return turns.flat().slice(0, this.#wanted).map(renderOne);
  }
}

function renderOne({ context, chosen }: Candidate): RehearsedMessage {
  const { endpoint, treatment } = chosen;
  const channelType = endpoint.channelType as ChannelType;
  let missing: readonly string[] = [];
  const composing: ComposeContext = {
    ...context,
    // Links of ours are for messages that were sent.
    links: undefined,
    missing(names) {
      missing = [...names];
    },
  };
  const made = composeSend(composing, { endpoint, treatment }, context.routes.providerOf(channelType));
  return {
    ...{ EndpointId: endpoint.shownId, ChannelType: channelType, TreatmentId: treatment.id, Missing: missing },
    ...('status' in made
      ? { Texts: [], Fault: made.statusMessage }
      : { Texts: textsOf(made.content).flatMap(([Member, Text]) => (Text === undefined ? [] : [{ Member, Text }])) }),
  };
}

function textsOf(content: MessageContent): [member: string, text: string | undefined][] {
  switch (content.kind) {
    case 'email':
      return [
        ...[
          ['Subject', content.subject] as [string, string],
          ['HtmlPart', content.html] as [string, string | undefined],
        ],
        ['TextPart', content.text],
      ];
    case 'sms':
    case 'voice':
      return [['Body', content.body]];
    case 'push':
      return [['Payload', content.payload]];
    case 'custom':
      return [['Data', content.data]];
    case 'raw email':
      return [];
  }
}
