/**
 * The HTML of a message as its reader sees it, in a frame in which nothing runs and nothing is fetched. The frame has the
 * console's own policy, which forbids inline styles too: those are set through the style object instead.
 */
import { useCallback, useEffect, useRef } from 'react';
import { fillFrame } from './fill-frame.ts';
import './message-frame.css';

export function MessageFrame({ html, title }: { readonly html: string; readonly title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const fill = useCallback(() => {
    if (frame.current !== null) fillFrame(frame.current, html);
  }, [html]);
  useEffect(fill, [fill]);
  // Without `allow-scripts` the same origin gives what is in the frame nothing, and lets us set its styles.
  return <iframe ref={frame} title={title} className="message-frame" sandbox="allow-same-origin" onLoad={fill} />;
}
