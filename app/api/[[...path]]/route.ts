import { unknownPath } from "#lib/contracts/endpoint.ts";
import { flatContract } from "../(flat)/contract.ts";

/** A program that mistypes a path is told so in JSON, never with a page. The flat contract is the one that lives right here. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = unknownPath(flatContract);
