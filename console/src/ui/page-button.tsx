/** A button that leads to a page of the console. */
import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import { consoleHref, useFollow } from './links.ts';

export function PageButton({ to, ...rest }: ButtonProps & { readonly to: string }) {
  const follow = useFollow();
  return <Button {...rest} href={consoleHref(to)} onFollow={follow} />;
}
