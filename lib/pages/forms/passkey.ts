import * as z from "zod/mini";
import { ownName } from "./values.ts";

export const passkeyNameForm = z.object({ name: ownName });
