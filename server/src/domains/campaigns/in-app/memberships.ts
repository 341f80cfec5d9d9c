/** Who is in a segment, asked about one endpoint at a time; where it takes the database, for many in one statement. */
import { CoalescedRead, type Database } from '../../../database/index.ts';
import { type EndpointKey, keyText, type WholeEndpoint } from '../../audience/index.ts';
import { decideMember, membersAmong, type SegmentLookup, type Source } from '../../segments/index.ts';

interface Question {
  readonly key: EndpointKey;
  /** Equal for questions about the same segment. */
  readonly segment: string;
  readonly source: Source;
  readonly now: Date;
}

export interface SegmentVersionKey {
  readonly segmentId: string;
  readonly segmentVersion: number;
}

export class Memberships {
  readonly #segments: SegmentLookup;
  readonly #reads: CoalescedRead<Question, boolean>;

  constructor({ database, segments }: { readonly database: Database; readonly segments: SegmentLookup }) {
    this.#segments = segments;
    this.#reads = new CoalescedRead<Question, boolean>({
      name: 'memberships of segments',
      read: (questions) => answer(database, questions),
      identify: ({ key, segment }) => `${segment} ${keyText(key)}`,
      worthwhileBeside: 16,
    });
  }

  get figures() {
    return this.#reads.figures;
  }

  /** Most questions are answered by what was read of the endpoint already. */
  async has({ segmentId, segmentVersion }: SegmentVersionKey, endpoint: WholeEndpoint, now: Date): Promise<boolean> {
    const { projectNumber } = endpoint;
    const found = this.#segments.find(projectNumber, segmentId, segmentVersion);
    const source = found instanceof Promise ? await found : found;
    if (source === 'gone') return false;
    const segment = `${projectNumber}/${segmentId}/${segmentVersion}`;
    return decideMember(source, endpoint) ?? this.#reads.find({ key: endpoint, segment, source, now });
  }
}

async function answer(database: Database, questions: readonly Question[]): Promise<boolean[]> {
  const bySegment = Map.groupBy(questions, ({ segment }) => segment);
  const members = new Map<string, ReadonlySet<string>>();
  await Promise.all(
    [...bySegment].map(async ([segment, asked]) => {
      const { source, key, now } = asked.at(-1) as Question;
      const scope = { projectNumber: key.projectNumber, now };
      members.set(
        segment,
        await membersAmong(
          database.keyedQuery,
          source,
          scope,
          asked.map((question) => question.key),
        ),
      );
    }),
  );
  return questions.map(({ segment, key }) => members.get(segment)?.has(key.id) === true);
}
