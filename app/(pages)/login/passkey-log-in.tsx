"use client";

import { useCallback, useEffect, useState, useTransition } from "react";
import { endCeremony, formOf, showPasskey } from "#components/ceremony.ts";
import { PasskeyButton } from "#components/passkey-button.tsx";
import { useHindrance } from "#components/passkey-hindrance.tsx";
import { fault, settle, useCeremony } from "#components/use-ceremony.ts";
import { type Chosen, offerUntil } from "./offer-passkeys.ts";
import { beginLogInAction, passkeyLogInAction } from "./passkey/action.ts";

/** Logs in with a passkey: chosen where the browser fills the address in, or by the button. */
export function PasskeyLogIn({ next, origin }: { next: string; origin: string | null }) {
  const isPossible = useHindrance(origin) === undefined;
  const [, startTransition] = useTransition();
  const { setProblem, ...ceremony } = useCeremony({
    begin: beginLogInAction,
    perform: showPasskey,
    finish: (signed) => passkeyLogInAction(formOf(signed, { next })),
  });
  // A browser holds one ceremony at a time: while the button's dialogue is open there is no offer.
  const [offer, setOffer] = useState({ isOn: true });

  const logIn = useCallback(
    ({ signed, options }: Chosen): void =>
      startTransition(async () => {
        const said = await passkeyLogInAction(formOf(signed, { next }))
          .then((answer) => settle(answer, options, signed))
          .catch(fault);
        // It is not offered again by itself: a page must never go round in circles. The button is there.
        startTransition(() => setProblem(said));
      }),
    [next, setProblem],
  );

  useEffect(() => {
    if (!isPossible || !offer.isOn) return;
    const over = new AbortController();
    // Nobody asked for it, so nobody is told when it cannot be had.
    offerUntil(over.signal).then(
      (chosen) => chosen && logIn(chosen),
      () => {},
    );
    return () => {
      over.abort();
      endCeremony();
    };
  }, [isPossible, offer, logIn]);

  function openDialogue(): void {
    setOffer({ isOn: false });
    ceremony.run(() => setOffer({ isOn: true }));
  }

  return (
    <PasskeyButton origin={origin} ceremony={{ ...ceremony, run: openDialogue }}>
      Log in with a passkey
    </PasskeyButton>
  );
}
