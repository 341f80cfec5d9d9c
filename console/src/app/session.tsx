/** The signed-in part of the console: who, in which region, with which clients. Without a session: to sign-in. */
import type { PinpointClient } from '@aws-sdk/client-pinpoint';
import { createContext, type ReactNode, useContext, useMemo, useState, useSyncExternalStore } from 'react';
import { Navigate, useLocation } from 'react-router';
import { createPinpointClient } from '../api/pinpoint.ts';
import { rememberedRegion, rememberRegion } from '../api/region.ts';
import { createRepointClient, type RepointClient } from '../api/repoint.ts';
import { endSession, type Session, sessionState, subscribeToSession } from '../api/session.ts';
import type { SignInReturn } from '../features/sign-in/sign-in-return.ts';

export interface Api {
  readonly session: Session;
  readonly region: string;
  readonly pinpoint: PinpointClient;
  readonly repoint: RepointClient;
  /** First part of every query key: answers of one account and region never show up in another. */
  readonly scope: readonly [accountId: string, region: string];
  changeRegion(region: string): void;
  signOut(): Promise<void>;
}

const ApiContext = createContext<Api | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const state = useSyncExternalStore(subscribeToSession, sessionState);
  const location = useLocation();
  if (state.session === undefined) {
    const back: SignInReturn = { from: location.pathname + location.search, absence: state.absence };
    return (
      <Navigate to="/sign-in" replace state={state.absence === 'ended' || location.pathname !== '/' ? back : null} />
    );
  }
  return <ApiProvider session={state.session}>{children}</ApiProvider>;
}

function ApiProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const [region, setRegion] = useState(rememberedRegion);
  const api = useMemo<Api>(() => {
    const repoint = createRepointClient(session, region);
    return {
      session,
      region,
      pinpoint: createPinpointClient(session, region),
      repoint,
      scope: [session.AccountId, region],
      changeRegion(chosen) {
        rememberRegion(chosen);
        setRegion(chosen);
      },
      async signOut() {
        // Credentials are forgotten here in any case; a server that is away lets them run out by themselves.
        await Promise.allSettled([repoint.send('SignOut', {})]);
        endSession('signed-out');
      },
    };
  }, [session, region]);
  return <ApiContext value={api}>{children}</ApiContext>;
}

/** For pages inside the layout; there, a session exists. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('This page needs a session');
  return api;
}
