import { takeTurn } from "#db/client.ts";
import { tidyUp } from "#lib/auth/accounts/housekeeping.ts";
import { clock } from "#lib/clock.ts";
import { onListening, onStop } from "#lib/lifecycle.ts";
import { describeError, log } from "#lib/log.ts";
import { startOutbox } from "#lib/mail/outbox.ts";
import { startWebhooks } from "#lib/webhooks/worker.ts";

const hour = 60 * 60_000;

/** Starts what runs beside the requests, and has it stopped with the server. */
export function startBackgroundWork(): void {
  const tidy = () => tidyInTurn().catch((error) => log.error("tidy_up_failed", describeError(error)));
  onListening(tidy);
  // Not sooner: what the warm-up writes is taken back, and must not be sent before.
  onListening(startOutbox);
  onListening(startWebhooks);
  const timer = setInterval(tidy, hour);
  onStop(() => clearInterval(timer));
}

/** Of several copies of the server one does it, a little more often than each asks. */
async function tidyInTurn(): Promise<void> {
  if (await takeTurn("tidy-up", 0.9 * hour)) await tidyUp(clock());
}
