"use client";

import { unstable_rethrow } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import type { Asked, CeremonyProblem } from "#lib/pages/ceremony-answer.ts";
import { notSent } from "#lib/pages/messages.ts";
import { tellDevice, whyNotDone } from "./ceremony.ts";

type Signed = { id: string };

/**
 * A passkey's ceremony: asks the server for a challenge, the device for what it signs, and hands that to the server, which leads on
 * to another page or says why not.
 */
export function useCeremony<Options extends object>({
  begin,
  perform,
  finish,
}: {
  begin: () => Promise<Asked<Options>>;
  perform: (options: Options) => Promise<Signed>;
  finish: (sent: Signed) => Promise<CeremonyProblem>;
}) {
  const [problem, setProblem] = useState<string>();
  const [pending, startTransition] = useTransition();
  const running = useRef(false);

  /** `afterwards`: when it came to nothing. */
  function run(afterwards?: () => void): void {
    // Two quick presses are one.
    if (running.current) return;
    running.current = true;
    setProblem(undefined);
    startTransition(async () => {
      const said = await through().catch(fault);
      startTransition(() => {
        running.current = false;
        setProblem(said);
      });
      afterwards?.();
    });
  }

  async function through(): Promise<string> {
    const asked = await begin();
    if ("problem" in asked) return asked.problem;
    let signed: Signed;
    try {
      signed = await perform(asked.options);
    } catch (error) {
      return whyNotDone(error);
    }
    return settle(await finish(signed), asked.options, signed);
  }

  return { run, problem, pending, setProblem };
}

/** Nobody's passkey: the device is told not to offer it again. */
export async function settle(said: CeremonyProblem, options: object, { id }: Signed): Promise<string> {
  if (said.isUnknown && "rpId" in options) await tellDevice({ rpId: String(options.rpId), unknown: id });
  return said.problem;
}

/** A redirect is Next's to follow. */
export function fault(error: unknown): string {
  unstable_rethrow(error);
  return notSent(error);
}
