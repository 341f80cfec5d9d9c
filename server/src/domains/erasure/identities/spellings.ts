/** Numbers are spelt in many ways: endpoints have them as somebody wrote them, messages in E.164. A person has them all. */
import type { Subject } from '../../../database/index.ts';
import { subjectAddress } from '../../audience/index.ts';
import { toE164 } from '../../channels/index.ts';

export function withSpellings(subject: Subject): Subject {
  const others = subject.addresses.flatMap(({ address }) => {
    const number = address === null ? undefined : toE164(address);
    return number === undefined ? [] : [subjectAddress(number)];
  });
  const all = [...subject.addresses, ...others];
  return { ...subject, addresses: [...new Map(all.map((each) => [each.address ?? each.key, each])).values()] };
}
