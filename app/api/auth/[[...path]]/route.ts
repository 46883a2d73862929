import { unknownPath } from "#lib/contracts/endpoint.ts";
import { authContract } from "../contract.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = unknownPath(authContract);
