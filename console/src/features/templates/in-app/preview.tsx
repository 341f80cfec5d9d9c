/**
 * An in-app message about as an app shows it, on the screen of a phone. Apps draw it by themselves, so this is a likeness;
 * images are named, not fetched: the console asks no outside host.
 */
import type { InAppMessageButton } from '@aws-sdk/client-pinpoint';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Content } from '../content.ts';
import { readSlides, type Slide } from './message.ts';
import './preview.css';

export function InAppPreview({ content }: { readonly content: Content | undefined }) {
  const [chosen, choose] = useState(0);
  const slides = readSlides(JSON.stringify(content?.['Content'] ?? [])) ?? [];
  const layout = typeof content?.['Layout'] === 'string' ? content['Layout'] : 'OVERLAYS';
  const at = Math.min(chosen, slides.length - 1);
  const slide = slides[at];
  if (slide === undefined) return <Box color="text-body-secondary">There is nothing to show yet.</Box>;
  return (
    <SpaceBetween size="s">
      <section className="in-app-phone" data-layout={layout} aria-label="The message on a phone">
        <SlideView slide={slide} />
      </section>
      {layout === 'CAROUSEL' && slides.length > 1 ? (
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button iconName="angle-left" ariaLabel="Slide before" disabled={at === 0} onClick={() => choose(at - 1)} />
          <Box>{`Slide ${at + 1} of ${slides.length}`}</Box>
          <Button
            iconName="angle-right"
            ariaLabel="Slide after"
            disabled={at === slides.length - 1}
            onClick={() => choose(at + 1)}
          />
        </SpaceBetween>
      ) : null}
      <Box color="text-body-secondary" variant="small">
        Apps draw it with their own fonts and sizes.
      </Box>
    </SpaceBetween>
  );
}

const sides = { LEFT: 'start', CENTER: 'center', RIGHT: 'end' } as const;

function SlideView({ slide }: { readonly slide: Slide }) {
  const { BackgroundColor, HeaderConfig, BodyConfig, ImageUrl, PrimaryBtn, SecondaryBtn } = slide;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long message scrolls, and the keyboard has to reach what scrolls
    <div className="in-app-message" style={{ backgroundColor: BackgroundColor }} dir="auto" tabIndex={0}>
      {ImageUrl === undefined ? null : <div className="in-app-image">{ImageUrl}</div>}
      <div className="in-app-texts">
        <div
          className="in-app-header"
          style={{ color: HeaderConfig?.TextColor, textAlign: sides[HeaderConfig?.Alignment ?? 'CENTER'] }}
        >
          {HeaderConfig?.Header}
        </div>
        <div style={{ color: BodyConfig?.TextColor, textAlign: sides[BodyConfig?.Alignment ?? 'CENTER'] }}>
          {BodyConfig?.Body}
        </div>
      </div>
      {PrimaryBtn === undefined && SecondaryBtn === undefined ? null : (
        <div className="in-app-buttons">
          <ButtonView button={PrimaryBtn} />
          <ButtonView button={SecondaryBtn} />
        </div>
      )}
    </div>
  );
}

function ButtonView({ button }: { readonly button: InAppMessageButton | undefined }) {
  if (button === undefined) return null;
  const { Text, BackgroundColor, TextColor, BorderRadius, ButtonAction, Link } = button.DefaultConfig ?? {};
  return (
    <span
      className="in-app-button"
      title={ButtonAction === 'CLOSE' ? 'Closes the message' : Link}
      style={{ backgroundColor: BackgroundColor, color: TextColor, borderRadius: BorderRadius }}
    >
      {Text}
    </span>
  );
}
