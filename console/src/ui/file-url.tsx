/** An address such as `s3://bucket/folder/file`, which may be broken into lines behind its slashes. */
import { Fragment } from 'react';

export function FileUrl({ url }: { readonly url: string }) {
  const [first = '', ...others] = url.split(/(?<=[^/]\/)(?!\/)/);
  return (
    <>
      {first}
      {others.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, which never move
        <Fragment key={index}>
          <wbr />
          {part}
        </Fragment>
      ))}
    </>
  );
}
