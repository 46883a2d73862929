"use client";

import { formOf, makePasskey } from "#components/ceremony.ts";
import { PasskeyButton } from "#components/passkey-button.tsx";
import { useCeremony } from "#components/use-ceremony.ts";
import { addPasskeyAction, beginAddingAction } from "./action.ts";

export function AddPasskey({ origin }: { origin: string | null }) {
  const ceremony = useCeremony({
    begin: beginAddingAction,
    perform: makePasskey,
    finish: (signed) => addPasskeyAction(formOf(signed)),
  });
  return (
    <PasskeyButton origin={origin} ceremony={ceremony} look="primary">
      Create a passkey
    </PasskeyButton>
  );
}
