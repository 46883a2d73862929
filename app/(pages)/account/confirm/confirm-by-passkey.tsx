"use client";

import { formOf, showPasskey } from "#components/ceremony.ts";
import { PasskeyButton } from "#components/passkey-button.tsx";
import { useCeremony } from "#components/use-ceremony.ts";
import { beginConfirmingAction, confirmByPasskeyAction } from "./passkey-action.ts";

export function ConfirmByPasskey({ next, origin }: { next: string; origin: string | null }) {
  const ceremony = useCeremony({
    begin: beginConfirmingAction,
    perform: showPasskey,
    finish: (signed) => confirmByPasskeyAction(formOf(signed, { next })),
  });
  return (
    <PasskeyButton origin={origin} ceremony={ceremony}>
      Use a passkey
    </PasskeyButton>
  );
}
